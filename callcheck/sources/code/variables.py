"""Where does the code read environment variables, and what does it do with them?

    const key = process.env.API_KEY ?? "";                client = Client(api_key=os.environ["API_KEY"])
    url: str = os.environ.get("PUBLIC_URL", "http://localhost:8000")
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.signs import Sign
from callcheck.sources.code.project import Project
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    Keyword,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Return,
    Subscript,
    Template,
    dotted,
    last_name,
)

_TABLES = frozenset({"process.env", "import.meta.env", "Bun.env", "os.environ", "environ", "self.env", "c.env"})
_GETTERS = pattern(r"^(?:os\.)?environ\.get$|^(?:os\.)?getenv$|^env(?:\.(?:str|url|int|bool))?$|^config$|^Deno\.env\.get$|(?:^|\.)config(?:Service)?\.(?:get|getOrThrow)$")
_NAME = pattern(r"^[A-Z][A-Z0-9_]{2,80}$")
_KEYS = pattern(r"^(?:open_?ai_?|anthropic_?)?(?:api_?key|access_?token|auth_?token|api_?token|token|key|secret(?:_?key)?|authorization|x-api-key|bearer|pass(?:word)?)$", re.IGNORECASE)
CALLBACK = pattern(r"(?:callback|web_?hook|notif(?:y|ication)|hook|event_?sink|status_?callback|return|result)s?_?-?(?:url|uri|endpoint|address|target)?s?$|^(?:url|uri)_?(?:callback|webhook)$", re.IGNORECASE)
"""Names of what is given to somebody who is to call back later."""
_BASES = pattern(r"^(?:base_?url|api_?base|(?:openai|azure)_(?:api_)?(?:base|endpoint)|ollama_?host)$", re.IGNORECASE)
"""Under which a client of an API is given the address that it calls."""
_HANDS_ON = pattern(r"^(?:set_?webhook|create_?webhook|register_?webhook|set_webhook|subscribe)$", re.IGNORECASE)
PUBLIC = pattern(r"https://(?:[\w-]+\.)+(?!local\b|internal\b|lan\b)[a-z]{2,}(?:[:/]|$)", re.IGNORECASE)
_LOCAL = pattern(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?:[:/]|$)", re.IGNORECASE)
_PLACEHOLDER = pattern(r"(?:^|[-_ ])(?:stub|fake|dummy|change-?me|place-?holder|your|xxx+|todo|insert)(?:$|[-_ ])", re.IGNORECASE)
"""What stands for a key that is still to come, and that no API accepts."""
_PASSING = frozenset({"String", "str", "trim", "strip", "rstrip", "replace", "toString", "SecretStr", "Number", "join", "urljoin", "URL", "href"})
_CONFIG = ("config", "configService")
_CONFIGURED = (
    Sign(words=_CONFIG, pattern=r"""onfig(?:Service)?\s*(?:[?!]?\.\s*(?:get|getOrThrow)\s*)?(?:<[^()]{0,200}>\s*)?(?:\?\.)?\(\s*\w?\w?["'`][A-Z]"""),
    Sign(words=("BaseSettings",)),
    Sign(words=_CONFIG, pattern=r"env", beside=r"""[A-Z][A-Z0-9_]{2,80}["']?\s*:\s*[\w.]+\s*\("""),
)
"""`config("API_URL")`, `configService.get("API_URL")`, a class of settings, a table of what each variable must be."""


_SHORTEST = 3
"""Letters of a function's name that says nothing of what it gives."""
_DEEPEST = 3
"""Names that a value may be kept under, one after the other."""


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

    def __init__(self, project: Project) -> None:
        self.project = project

    def reads(self) -> Iterator[Read]:
        """Each reading, once for each place at which its value is known to be used for a purpose."""
        helpers = self._helpers()
        modules = self.project.naming("env", "environ", "getenv", *helpers), *map(self.project.showing, _CONFIGURED)
        for module in self.project.in_order(module for found in modules for module in found):
            for name, node, default in _readings(module, helpers):
                if not _NAME.match(name):
                    continue
                stands_in = _fallback(node)
                needed = not default and not _replaced(node)
                uses = list(self._uses(node))
                aimed = [(use, _outside(use, purpose)) for use in uses if (purpose := _purpose(use))]
                for use, purpose in aimed or [(node, "")]:
                    yield Read(name, needed, purpose, node, use, stands_in)

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

    def places(self) -> dict[int, str]:
        """Every expression that is a variable's value, by its `id`: the reading itself, and the uses of the names that keep it."""
        found: dict[int, str] = {}
        for read in self.reads():
            for use in self._uses(read.node):
                found.setdefault(id(use), read.name)
        return found

    def written(self) -> frozenset[str]:
        """Names that the code itself sets."""
        targets = (t for module in self.project.naming("env", "environ") for a in module.all(Assign) for t in a.targets)
        return frozenset(t.name for t in targets if isinstance(t, Member) and dotted(t.object) in _TABLES)

    def _uses(self, node: Node) -> Iterator[Node]:
        """Where the value goes: itself, and the names and fields that it is kept under, the nearest first and each place once. In code
        whose names are a letter each, the same places would be come upon again by every way that leads to them."""
        seen, reached = {id(node)}, [node]
        looked: dict[tuple[str, str], int] = {}
        for _ in range(_DEEPEST + 1):
            yield from reached
            further = {id(use): use for each in reached for use in self._further(each, looked)}
            reached = [use for key, use in further.items() if key not in seen]
            seen.update(further)

    def _further(self, node: Node, looked: dict[tuple[str, str], int]) -> Iterator[Node]:
        """Where what is kept of a value at one place is used; `looked` is from where on a file was looked through for a name, "" for all files."""
        given = _giver(node)
        if given and looked.get(("()", given)) is None:
            looked["()", given] = 0
            for module in self.project.naming(given):
                yield from module.calls(given)
        kept = _kept(node)
        if not kept or not (kept[1] or isinstance(node.parent, Node)):
            return
        name, inside = kept
        path, since = ("", 0) if inside else (module_of(node).path, node.at)
        if looked.get((path, name), since + 1) <= since:
            return
        looked[path, name] = since
        if inside:
            for module in self.project.naming(name):
                yield from (member for member in module.all(Member) if member.name == name and not _is_target(member))
        else:
            yield from (use for use in module_of(node).all(Name) if use.id == name and use.at > since and not _is_target(use))


def _fallback(node: Node) -> str:
    """The address on this machine behind a `??`, `||` or in the second place of a getter; "" for none."""
    others: list[Node] = list(node.args[1:]) if isinstance(node, Call) else []
    if isinstance(node.parent, Operation) and node.parent.operator in ("??", "||"):
        others += [each for each in node.parent.operands if each is not node]
    for other in others:
        text = "".join(part if isinstance(part, str) else "*" for part in other.parts) if isinstance(other, Template) else other.value if isinstance(other, Literal) else ""
        if isinstance(text, str) and _LOCAL.match(text):
            return text
    return ""


def _readings(module: Module, helpers: frozenset[str] = frozenset()) -> Iterator[tuple[str, Node, bool]]:
    """Name, node, and whether something not empty stands in for it."""
    for call in module.calls(*helpers) if helpers else ():
        if call.args and isinstance(call.args[0], Literal):
            yield str(call.args[0].value), call, len(call.args) > 1
    for member in module.all(Member):
        if dotted(member.object) in _TABLES and not _is_target(member):
            yield member.name, member, False
    for call in module.all(Call):
        if call.args and isinstance(call.args[0], Literal) and _GETTERS.search(dotted(call.callee)):
            default = call.args[1] if len(call.args) > 1 else call.keyword("default")
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
    parent = node.parent
    if isinstance(parent, Operation) and parent.operator in ("??", "||"):
        return any(other is not node and not _empty(other) for other in parent.operands)
    return False


def _carried(node: Node) -> Node:
    """The outermost expression that still is the value: past `??`, `!`, `str(…)`, `.trim()`, a text around it."""
    while True:
        parent = node.parent
        if isinstance(parent, (Operation, Template)) or isinstance(parent, Call) and node is not parent.callee and last_name(parent.callee) in _PASSING or isinstance(parent, Member) and parent.object is node and parent.name in _PASSING or isinstance(parent, Call) and node is parent.callee and isinstance(node, Member) and node.name in _PASSING:
            node = parent
        else:
            return node


def _kept(node: Node) -> tuple[str, bool] | None:
    """The name under which a value is kept, and whether it is a field or key (used as `x.name`)."""
    if isinstance(node, Assign):
        target = node.targets[0]
        return (target.id, True) if isinstance(target, Name) else None
    if isinstance(node, Entry):
        return (node.key, True) if node.key else None
    outer = _carried(node)
    parent = outer.parent
    if isinstance(node, Name) and isinstance(parent, Entry) and isinstance(parent.parent, Object) and isinstance(parent.parent.parent, Assign):
        if parent.parent in parent.parent.parent.targets:
            return node.id, False
    if isinstance(parent, Assign) and outer is parent.value:
        target = parent.targets[0]
        if isinstance(target, Name):
            return target.id, isinstance(parent.parent, ClassDef)
        return (target.name, True) if isinstance(target, Member) else None
    if isinstance(parent, Entry) and parent.key and outer is parent.value:
        return parent.key, True
    if isinstance(parent, Keyword) and outer is parent.value and parent.name:
        return parent.name, True
    return None


def _giver(node: Node) -> str:
    """The name of a function without parameters that gives the value back: `claudeKey: () => need("ANTHROPIC_API_KEY")`; "" for a plain word."""
    outer = _carried(node)
    function = function_of(outer) if isinstance(outer.parent, Return) else None
    if function is None or any(param.name not in ("self", "cls") for param in function.params):
        return ""
    holder = function.parent
    name = function.name or (holder.key or "" if isinstance(holder, Entry) else last_name(holder.targets[0]) if isinstance(holder, Assign) else "")
    return name if len(name) > _SHORTEST and name not in ("default", "value", "handler") else ""


def _purpose(node: Node) -> str:
    """What a value is used for, by the name it is handed on under."""
    outer = _carried(node)
    parent = outer.parent
    text = "".join(p for p in outer.parts if isinstance(p, str)) if isinstance(outer, Template) else ""
    if re.match(r"^\s*(?:Bearer|Token|Basic|Key|Api-Key)\b", text):
        return "credential"
    name = parent.name if isinstance(parent, Keyword) else parent.key if isinstance(parent, Entry) else ""
    if name and _KEYS.match(name) and _in_call(parent):
        return "credential"
    if name and CALLBACK.search(name) and _in_call(parent):
        return "callback"
    if name and _BASES.match(name) and _in_call(parent):
        return "upstream"
    if isinstance(parent, Call) and outer in parent.args:
        if _HANDS_ON.match(last_name(parent.callee)):
            return "callback"
        if parent.new and outer is parent.args[0] and re.search(r"(?:Client|AI|SDK|Resend|Stripe|Anthropic)$", last_name(parent.callee)):
            return "credential"
    return ""


def _outside(node: Node, purpose: str) -> str:
    """`callback outside` for an address that is given to somebody on the Internet: a public address stands in the same function or file."""
    if purpose != "callback":
        return purpose
    texts = [n.value for n in module_of(node).all(Literal) if isinstance(n.value, str)]
    texts += [n.parts[0] for n in module_of(node).all(Template) if n.parts and isinstance(n.parts[0], str)]
    return "callback outside" if any(PUBLIC.match(text) for text in texts) else purpose


def _in_call(node: Node | None) -> bool:
    """Whether an option belongs to a call, not to a table of settings."""
    for above in node.up() if node is not None else ():
        if isinstance(above, Call):
            return True
        if isinstance(above, (Assign, Function, ClassDef)):
            # `const body = { callbackUrl }` is handed on in the same function.
            return isinstance(above, Assign) and any(isinstance(a, Function) for a in above.up())
    return False


def _is_target(node: Node) -> bool:
    return isinstance(node.parent, Assign) and node in node.parent.targets
