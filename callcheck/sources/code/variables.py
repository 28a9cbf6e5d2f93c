"""Where does the code read environment variables, and what does it do with them?

    const key = process.env.API_KEY ?? "";                client = Client(api_key=os.environ["API_KEY"])
    url: str = os.environ.get("PUBLIC_URL", "http://localhost:8000")
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.signs import Sign
from callcheck.sources.code.carried import Carried, carried
from callcheck.sources.code.environ import behind, default_of, of_field
from callcheck.sources.code.hook_paths import BROWSED, CALLBACK, PUBLIC
from callcheck.sources.code.index import once
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import function_of, is_target, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    If,
    Import,
    Keyword,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Subscript,
    Template,
    dotted,
    last_name,
)

_TABLES = frozenset({"process.env", "import.meta.env", "Bun.env", "os.environ", "environ", "self.env", "c.env"})
_GETTERS = pattern(r"^(?:os\.)?environ\.get$|^(?:os\.)?getenv$|^env(?:\.(?:str|url|int|bool))?$|^config$|^Deno\.env\.get$|(?:^|\.)config(?:Service)?\.(?:get|getOrThrow)$")
_NAME = pattern(r"^[A-Z][A-Z0-9_]{2,80}$")
_KEYS = pattern(r"^(?:open_?ai_?|anthropic_?)?(?:api_?key|access_?token|auth_?token|api_?token|token|key|secret(?:_?key)?|authorization|x-api-key|bearer|pass(?:word)?)$", re.IGNORECASE)
_BASES = pattern(r"^(?:base_?url|api_?base|(?:openai|azure)_(?:api_)?(?:base|endpoint)|ollama_?host)$", re.IGNORECASE)
"""Under which a client of an API is given the address that it calls."""
_ASKS = pattern(r"^(?:get|post|put|patch|request|fetch|ofetch|got|ky|axios|urlopen)$")
"""What calls the address that it is given first."""
_HANDS_ON = pattern(r"^(?:set_?webhook|create_?webhook|register_?webhook|set_webhook|subscribe)$", re.IGNORECASE)
_SIGNS = frozenset("constructEvent constructEventAsync construct_event createHmac validateRequest verifyKey verify_key RequestValidator SignatureVerifier compare_digest timingSafeEqual WebhookHandler WebhookParser SignatureValidator verify_webhook_signature validate_event validateEvent isValidSignature validateSignature WebhookReceiver".split())
"""What takes the secret by which a provider signs what it sends, or compares it with what came."""
_SIGNING = pattern(r"^(?:signing_?secret|webhook_?secret|app_?secret|verif(?:y|ication)_?token|secret_token)$", re.IGNORECASE)
_LOCAL = pattern(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?:[:/]|$)", re.IGNORECASE)
_PLACEHOLDER = pattern(r"(?:^|[-_ ])(?:stub|fake|dummy|change-?me|place-?holder|your|xxx+|todo|insert)(?:$|[-_ ])", re.IGNORECASE)
"""What stands for a key that is still to come, and that no API accepts."""
_CONFIG = ("config", "configService")
_CONFIGURED = (
    Sign(words=_CONFIG, pattern=r"""onfig(?:Service)?\s*(?:[?!]?\.\s*(?:get|getOrThrow)\s*)?(?:<[^()]{0,200}>\s*)?(?:\?\.)?\(\s*\w?\w?["'`][A-Z]"""),
    Sign(words=("BaseSettings",)),
    Sign(words=_CONFIG, pattern=r"env", beside=r"""[A-Z][A-Z0-9_]{2,80}["']?\s*:\s*[\w.]+\s*\("""),
)
"""`config("API_URL")`, `configService.get("API_URL")`, a class of settings, a table of what each variable must be."""


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """One reading of a variable. `place` is where its value is used, or the reading itself."""

    name: str
    needed: bool
    purpose: str
    node: Node
    place: Node
    fallback: str = ""
    """The address on this machine that stands in for it, if one does."""


class Variables:
    """Every reading in one project."""

    def __init__(self, origins: Origins) -> None:
        self.project = origins.project
        self._carried = Carried(origins)
        self._purposes: dict[int, str] = {}

    @functools.cached_property
    def reads(self) -> list[Read]:
        """Each reading, once for each place at which its value is known to be used for a purpose."""
        return list(self._read())

    def _read(self) -> Iterator[Read]:
        helpers = self._helpers()
        modules = self.project.naming("env", "environ", "getenv", *helpers), *map(self.project.showing, _CONFIGURED)
        for module in self.project.in_order(module for found in modules for module in found):
            for name, node, default in _readings(module, helpers):
                if not _NAME.match(name):
                    continue
                stands_in = _fallback(node)
                needed = not default and not _replaced(node)
                uses = list(self._carried.uses(node))
                aimed = [(use, purpose) for use in uses if (purpose := self._purpose(use))]
                for use, purpose in aimed or [(node, "")]:
                    yield Read(name, needed, purpose, node, use, stands_in)

    def _purpose(self, use: Node) -> str:
        """What the value at one place is used for, worked out once: every variable that may be kept in `api_key` comes to each use of it."""
        if id(use) not in self._purposes:
            self._purposes[id(use)] = _outside(use, _purpose(use))
        return self._purposes[id(use)]

    def _helpers(self) -> frozenset[str]:
        """The project's own functions that are told a variable's name: `const required = (name) => process.env[name] ?? fail(name)`."""
        found = set()
        for module in self.project.naming("env"):
            for taken in module.all(Subscript):
                function = function_of(taken) if dotted(taken.object) in _TABLES and isinstance(taken.key, Name) else None
                if function is not None and function.params and function.params[0].name == getattr(taken.key, "id", ""):
                    holder = function.parent
                    found.add(function.name or (last_name(holder.targets[0]) if isinstance(holder, Assign) else ""))
        return frozenset(found - {""})

    @functools.cached_property
    def places(self) -> dict[int, str]:
        """Every expression that is a variable's value, by its `id`: the reading itself, and the uses of the names that keep it."""
        found: dict[int, str] = {}
        followed = set[int]()
        for read in self.reads:
            if id(read.node) not in followed:
                followed.add(id(read.node))
                for use in self._carried.uses(read.node):
                    found.setdefault(id(use), read.name)
        return found

    def uses(self, read: Read, within: frozenset[str] | None = None) -> Iterator[Node]:
        """Every place to which the value of one reading goes, whatever it is used for there; with the names of files, of the places elsewhere none."""
        return self._carried.uses(read.node, within)

    def asking_outside(self, files: frozenset[str], public: Callable[[str], bool]) -> frozenset[str]:
        """Those of the files that call a public address which a variable holds: one stands in for it, or `public` tells that it is set to one."""
        found: set[str] = set()
        for read in self.reads if files else ():
            if _public_instead(read.node) or public(read.name):
                found |= {module_of(place).path for place in self.uses(read, files) if _called(place)} & files
        return frozenset(found)

    def written(self) -> frozenset[str]:
        """Names that the code itself sets."""
        targets = (t for module in self.project.naming("env", "environ") for a in module.all(Assign) for t in a.targets)
        return frozenset(t.name for t in targets if isinstance(t, Member) and dotted(t.object) in _TABLES)

def _fallback(node: Node) -> str:
    """The address on this machine behind a `??`, `||`, in the second place of a getter, or that a field of settings is filled with; "" for none."""
    for other in (_stand_in(node), *behind(node)):
        text = "".join(part if isinstance(part, str) else "*" for part in other.parts) if isinstance(other, Template) else other.value if isinstance(other, Literal) else ""
        if isinstance(text, str) and _LOCAL.match(text):
            return text
    return ""


def _stand_in(node: Node) -> Node | None:
    """What a reading gives by itself for want of a variable: a getter's default, `const { URL = "x" } = process.env`, a field of a class of settings, `z.string().default("x")`."""
    if isinstance(node, Assign):
        return of_field(node.parent, "", node.value)[1] if isinstance(node.parent, ClassDef) else None
    if isinstance(node, Entry):
        calls = [each for each in node.value.inside(Call) if last_name(each.callee) == "default" and each.args] if node.value else []
        return calls[0].args[0] if calls else None
    if isinstance(node.parent, Entry) and node.parent.value is node:
        return node.parent.default
    return default_of(node) if isinstance(node, Call) else None


def _readings(module: Module, helpers: frozenset[str] = frozenset()) -> Iterator[tuple[str, Node, bool]]:
    """Name, node, and whether something not empty stands in for it."""
    for call in module.calls(*helpers) if helpers else ():
        if call.args and isinstance(call.args[0], Literal):
            yield str(call.args[0].value), call, len(call.args) > 1
    tables = _TABLES
    for brought in module.all(Import) if "$env/" in module.text else ():
        # SvelteKit: `import { env } from '$env/dynamic/private'`, `import { API_URL } from '$env/static/private'`.
        if brought.module.startswith("$env/dynamic/"):
            tables = tables | {each.local for each in brought.names}
        elif brought.module.startswith("$env/static/"):
            named = {each.local: each.imported for each in brought.names}
            yield from ((named[name.id], name, False) for name in module.all(Name) if name.id in named)
    for member in module.all(Member):
        if dotted(member.object) in tables and not is_target(member) and not _of_request(member):
            yield member.name, member, False
    for call in module.all(Call):
        if call.args and isinstance(call.args[0], Literal) and _GETTERS.search(dotted(call.callee)) and not _of_request(call):
            default = default_of(call)
            yield str(call.args[0].value), call, default is not None and not _empty(default)
    for assign in module.all(Assign):
        if dotted(assign.value) in _TABLES:
            for target in assign.targets:
                for entry in target.entries if isinstance(target, Object) else ():
                    if entry.key:
                        yield entry.key, entry.value, isinstance(entry.default, Literal) and bool(entry.default.value)
    if "env" in module.text:
        for entry in module.all(Entry):
            if entry.key and _NAME.match(entry.key) and isinstance(entry.value, Call) and dotted(entry.value.callee).startswith(("z.", "")) and _schema(entry.value):
                yield entry.key, entry, "default(" in module.line_of(entry) or "optional(" in module.line_of(entry)
    for cls in module.all(ClassDef):
        if any(last_name(base) == "BaseSettings" for base in cls.bases):
            prefix = re.search(r"env_prefix\s*=\s*[\"'](\w*)[\"']", module.text)
            for node in cls.body:
                if isinstance(node, Assign) and isinstance(node.targets[0], Name) and node.annotation:
                    filled = node.value is not None and not _empty(node.value)
                    yield f"{prefix[1] if prefix else ''}{node.targets[0].id}".upper(), node, filled


def _of_request(read: Node) -> bool:
    """Whether `environ` is what a server of WSGI gives with each request: `def __call__(self, environ, start_response)`."""
    table = read.callee if isinstance(read, Call) else read
    if not dotted(table).startswith("environ"):
        return False
    return any(isinstance(above, Function) and any(param.name == "environ" for param in above.params) for above in read.up())


def _empty(default: Node) -> bool:
    """Whether nothing, or a mere placeholder, stands in."""
    return isinstance(default, Literal) and (not default.value or isinstance(default.value, str) and _PLACEHOLDER.search(default.value) is not None)


def _schema(call: Call) -> bool:
    """`z.string().min(1)`, `str()` of envalid."""
    inner: Node = call
    while isinstance(inner, Call) and isinstance(inner.callee, Member) and isinstance(inner.callee.object, Call):
        inner = inner.callee.object
    return isinstance(inner, Call) and dotted(inner.callee) in ("z.string", "z.url", "str", "url", "Joi.string")


def _replaced(node: Node) -> bool:
    """`process.env.X ?? "something"`."""
    return not all(map(_empty, behind(node)))


def _purpose(node: Node) -> str:
    """What a value is used for, by the name it is handed on under."""
    outer = carried(node)
    parent = outer.parent
    text = "".join(p for p in outer.parts if isinstance(p, str)) if isinstance(outer, Template) else ""
    if re.match(r"^\s*(?:Bearer|Token|Basic|Key|Api-Key)\b", text):
        return "credential"
    name = parent.name if isinstance(parent, Keyword) else parent.key if isinstance(parent, Entry) else ""
    if name and _KEYS.match(name) and _in_call(parent) and not _of_element(parent) and not _of_hooks(parent):
        return "credential"
    if _signs(outer, name) or (name == "secret" and _of_hooks(parent)):
        return "" if _optional(node) else "signature"
    if name and CALLBACK.search(name) and not BROWSED.search(name) and _in_call(parent):
        return "callback"
    if name and _BASES.match(name) and _in_call(parent):
        return "upstream"
    if isinstance(parent, Call) and outer in parent.args:
        if _HANDS_ON.match(last_name(parent.callee)):
            return "callback"
        if parent.new and outer is parent.args[0] and re.search(r"(?:Client|AI|SDK|Resend|Stripe|Anthropic)$", last_name(parent.callee)):
            return "credential"
    return ""


def _of_element(node: Node | None) -> bool:
    """Whether a keyword is an attribute of JSX that React itself takes: `<Row key={id} />`."""
    return isinstance(node, Keyword) and node.name == "key" and module_of(node).language != "python"


def _signs(outer: Node, name: str | None) -> bool:
    """Whether a value is the secret by which a request is checked: handed to what checks it, or compared with one of the request's headers."""
    parent = outer.parent
    if isinstance(parent, Member) and parent.name == "encode" and isinstance(parent.parent, Call):
        return _signs(parent.parent, name)
    if isinstance(parent, Call) and outer in parent.args:
        called = last_name(parent.callee)
        return called in _SIGNS or dotted(parent.callee) == "hmac.new" or (called in ("from", "Webhook") and (parent.new or _signs(parent, "")))
    if isinstance(outer, Operation) and outer.operator in ("==", "===", "!=", "!=="):
        return any("header" in dotted(each.callee if isinstance(each, Call) else each.object if isinstance(each, Subscript) else each) for each in outer.operands)
    return bool(name and _SIGNING.match(name) and _in_call(parent))


def _of_hooks(node: Node | None) -> bool:
    """Whether an option is one of what checks GitHub's hooks: `new Webhooks({ secret })`, `new App({ webhooks: { secret } })`, `Event.from_http(..., secret=)`."""
    for above in node.up() if node is not None else ():
        if isinstance(above, Entry) and above.key == "webhooks":
            return True
        if isinstance(above, (Call, Function, Assign)):
            return isinstance(above, Call) and last_name(above.callee) in ("Webhooks", "from_http")
    return False


def _public_instead(node: Node) -> bool:
    """Whether an address on the Internet stands in for a variable."""
    return any(isinstance(other, Literal) and isinstance(other.value, str) and PUBLIC.match(other.value) is not None for other in (_stand_in(node), *behind(node)))


def _called(place: Node) -> bool:
    """Whether a value is the address that is called, or begins it: `axios.create({baseURL})`, `requests.post(f"{api}/rides")`."""
    outer = carried(place)
    begins = not isinstance(outer, Template) or next((part for part in outer.parts if part), None) is place
    call = outer.parent
    return _purpose(place) == "upstream" or (begins and isinstance(call, Call) and call.args[:1] == [outer] and _ASKS.match(last_name(call.callee)) is not None)


def _optional(node: Node) -> bool:
    """Whether a value is asked for before it is used: without it nothing is checked."""
    said = dotted(node) or (dotted(node.object) if isinstance(node, Subscript) else "")
    tests = (above.test for above in node.up() if isinstance(above, If) and above.test is not None)
    return bool(said) and any(dotted(each) == said for test in tests for each in (test, *test.inside(Name), *test.inside(Member)) if not any(up is each for up in node.up()) and each is not node)


def _outside(node: Node, purpose: str) -> str:
    """`callback outside` for an address that is given to somebody on the Internet: a public address stands in the same function or file."""
    if purpose != "callback":
        return purpose
    return "callback outside" if _names_public(module_of(node)) else purpose


@once
def _names_public(module: Module) -> bool:
    """Whether a public address stands in a file."""
    texts = [n.value for n in module.all(Literal) if isinstance(n.value, str)]
    texts += [n.parts[0] for n in module.all(Template) if n.parts and isinstance(n.parts[0], str)]
    return any(PUBLIC.match(text) for text in texts)


def _in_call(node: Node | None) -> bool:
    """Whether an option belongs to a call, not to a table of settings."""
    for above in node.up() if node is not None else ():
        if isinstance(above, Call):
            return True
        if isinstance(above, (Assign, Function, ClassDef)):
            # `const body = { callbackUrl }` is handed on in the same function.
            return isinstance(above, Assign) and any(isinstance(a, Function) for a in above.up())
    return False
