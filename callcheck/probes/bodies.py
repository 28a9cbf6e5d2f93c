"""Is a webhook's signature checked on the bytes that were sent, or on a body that was parsed first?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import BodyParsedFirst
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of, told_by_calls
from callcheck.sources.code.seen import seen
from callcheck.sources.code.taken_body import bound_around
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Entry,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    Spread,
    Template,
    dotted,
    last_name,
)

_PAGES = pattern(r"(?:^|/)pages/api/")
_WRITES = frozenset({"JSON.stringify", "json.dumps", "orjson.dumps", "simplejson.dumps", "ujson.dumps", "flask.json.dumps", "tornado.escape.json_encode"})
_READS = frozenset({"json.loads", "orjson.loads", "simplejson.loads", "ujson.loads", "flask.json.loads", "tornado.escape.json_decode"})
_AS_DICT = frozenset({"model_dump", "dict"})
_REQUESTS = frozenset({"req", "request", "ctx", "event"})
_RAW = frozenset({"body", "get_data", "data", "read", "rfile"})
_FILES = frozenset({"open", "io.open", "builtins.open"})
_PROVIDER = pattern(r"X[-_]Hub[-_]Signature|Stripe[-_]Signature|X[-_]Slack[-_]Signature|X[-_]Shopify[-_]Hmac|svix[-_]signature|X[-_]Line[-_]Signature|Paddle[-_]Signature|X[-_]Signature[-_]256|Typeform[-_]Signature|X[-_]Razorpay|X[-_]Paystack|X[-_]Zm[-_]Signature|Linear[-_]Signature|X[-_]Gitea[-_]Signature|X[-_]Hook[-_]Signature|X[-_]Intercom|X[-_]Pusher[-_]Signature|X[-_]Signature[-_]Ed25519|X[-_]Square[-_]|X[-_]Cal[-_]Signature|X[-_]Xero|X[-_]WC[-_]Webhook|Workos[-_]Signature|Twitch[-_]Eventsub|X[-_]Hubspot|X[-_]Docusign|X[-_]Todoist|Sentry[-_]Hook|X[-_]Vercel|X[-_]Dropbox[-_]Signature|Calendly[-_]Webhook|X[-_]CC[-_]Webhook", re.IGNORECASE)
"""Headers of providers, who sign the bytes that they send."""
_SENDS_OUT = frozenset("post put patch request fetch urlopen Request axios got ky undici".split())
"""Calls that carry a body to somebody else."""
_MOST_GIVEN = 30
_MOST_STEPS = 3
_UNPARSED = pattern(r"bodyParser:\s*false")


class Bodies:
    """Follows what `verify` idioms are given back to the request, and looks whether a parser stands before it."""

    name = "bodies"
    looks_at = Sight.SOURCE
    about = ("verify",)
    answers = frozenset({BodyParsedFirst})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("verify"):
            nodes = code.idioms.placed(use.call, use.idiom.payload) if use.idiom.payload else []
            found = (self._parsed(code, use, node, 0) for node in nodes)
            because = next(filter(None, found), None) if use.idiom.payload else self._read_before(code, use.call)
            own = because is not None and _by_hand(use, because)
            if because is not None and not (own and _canonical(because)) and not _goes_out(code, because):
                fact = BodyParsedFirst(clean(last_name(use.call.callee), 60), own, use.framework.name, use.module.language)
                parser = (seen(fact, because, self.name, label="the body is parsed here"),) if because not in nodes else ()
                yield seen(fact, use.call, self.name, parser)

    def _read_before(self, code: Code, middleware: Call) -> Node | None:
        """The parser that has read a request to its end when a library's middleware, which reads it by itself, gets it."""
        beside = middleware.parent.args if isinstance(middleware.parent, Call) else []
        own = next((made for made in _made(code) if made in beside and made.at < middleware.at), None)
        return own or next((place for place in self._parsers(code) if _before(code, place, middleware)), None)

    def _parsed(self, code: Code, use: Use, node: Node, depth: int) -> Node | None:
        """The place where the body was parsed; None if it may be raw."""
        if depth > 5:
            return None
        if isinstance(node, Await):
            return self._parsed(code, use, node.value, depth)
        if isinstance(node, Call):
            if _called(code, node) in _WRITES and node.args:
                return node if self._is_body(code, node.args[0], 0) else None
            if last_name(node.callee) in ("str", "repr") and len(node.args) == 1 and module_of(node).language == "python" and self._is_body(code, node.args[0], 0):
                return node
            if isinstance(node.callee, Member) and node.callee.name == "model_dump_json":
                return node if self._is_body(code, node.callee.object, 0) else None
            if isinstance(node.callee, Member) and node.callee.name == "encode" and node.args and last_name(getattr(node.callee.object, "callee", node.callee.object)) == "TextEncoder":
                return self._parsed(code, use, node.args[0], depth + 1)
            if isinstance(node.callee, Member) and node.callee.name in ("toString", "encode", "decode"):
                return self._parsed(code, use, node.callee.object, depth + 1)
            if last_name(node.callee) in ("buffer", "getRawBody", "text", "raw") and node.args and _in_pages(module_of(node)):
                return node  # the parser has read the stream to its end
            if node.args and any(each.idiom.does == "raw-body" for each in code.idioms.at(node)) and last_name(node.args[0]) in ("req", "request", "raw"):
                return next((place for place in self._parsers(code) if _before(code, place, node)), None)
            if last_name(node.callee) in ("from", "String", "bytes", "str") and node.args:
                return self._parsed(code, use, node.args[0], depth + 1)
            return None
        if isinstance(node, (Template, Operation)):
            parts = node.parts if isinstance(node, Template) else node.operands
            return next((found for part in parts if isinstance(part, Node) and (found := self._parsed(code, use, part, depth + 1)) is not None), None)
        if isinstance(node, Name):
            bound = bound_around(code, node)
            if isinstance(bound, Assign) and bound.value is not None:
                return self._parsed(code, use, _taken(bound, node.id), depth + 1)
            given = _given(code, bound) if isinstance(bound, Param) else []
            return next((found for each in given if (found := self._parsed(code, use, each, depth + 1)) and (len(given) == 1 or self._read_here(code, found))), None)
        if isinstance(node, Member) and node.name == "rawBody" and not any(True for _ in code.idioms.of("raw-body")):
            # Nest keeps the bytes only if the application is made with rawBody.
            nest = [u.call for u in code.idioms.of("parses-always") if u.framework.name == "webhook-signatures"]
            return nest[0] if nest and not any("rawBody" in code.project.text(path) for path in code.project.sources if path != module_of(node).path) else None
        if _ends_in_body(node) and _in_pages(module_of(node)):
            return node
        if module_of(node).language == "python":
            # `request.body` is the bytes
            return node if isinstance(node, Member) and node.name == "data" and self._is_body(code, node, 0) else None
        return self._parser(code, use) if _ends_in_body(node) else None

    def _is_body(self, code: Code, node: Node, depth: int) -> bool:
        """Whether an expression is the parsed body of a request."""
        if isinstance(node, Await):
            return self._is_body(code, node.value, depth)
        if isinstance(node, Call):
            if dotted(node.callee) == "JSON.parse" and len(node.args) == 1:
                return self._is_body(code, node.args[0], depth + 1)
            if _called(code, node) in _READS and node.args:
                return any(last_name(n) in _RAW and code.origins.of(n.object).qualified not in _FILES for n in node.inside(Member))
            if last_name(node.callee) in _AS_DICT and isinstance(node.callee, Member):
                return self._is_body(code, node.callee.object, depth + 1)
            if last_name(node.callee) == "jsonable_encoder" and node.args:
                return self._is_body(code, node.args[0], depth + 1)
            return last_name(node.callee) in ("json", "get_json", "get_media") and not node.args
        if isinstance(node, Name) and depth < 4:
            bound = bound_around(code, node)
            if isinstance(bound, Param):
                given = next(iter(_given(code, bound)), None)
                function = bound.parent
                if isinstance(function, Function) and module_of(function).language == "python" and code.lifetimes.role(function) == "request":
                    return _parsed_by_annotation(code, bound)
                return node.id in ("body", "payload") and (given is None or self._is_body(code, given, depth + 1)) or any(last_name(getattr(d, "callee", d)) == "Body" for d in bound.decorators)
            return isinstance(bound, Assign) and bound.value is not None and self._is_body(code, _taken(bound, node.id), depth + 1)
        if isinstance(node, Member) and module_of(node).language == "python":
            if node.name == "media":  # Falcon's
                return last_name(node.object) in _REQUESTS
            return last_name(node.object) == "request" and (node.name == "json" or node.name == "data" and _of_rest_framework(code, module_of(node)))
        return _ends_in_body(node)

    def _read_here(self, code: Code, written: Node) -> bool:
        """Whether what is written out again is read off a request beside it: a function that several call may sign what is sent, too."""
        node = written.args[0] if isinstance(written, Call) and written.args else written
        bound = bound_around(code, node) if isinstance(node, Name) else None
        if isinstance(bound, Param):
            function = bound.parent
            return isinstance(function, Function) and code.lifetimes.role(function) == "request"
        return not _ends_in_body(node) or last_name(getattr(node, "object", node)) in _REQUESTS

    def _parsers(self, code: Code) -> list[Call]:
        """Where every path is given a parser that keeps no bytes."""
        made = _made(code)
        return [place for place in code.project.calls("use", "register") if _puts_in(code, place, made)] if made else []

    def _parser(self, code: Code, use: Use) -> Node | None:
        """The parser that stands before the route of a verification, if none keeps the bytes before it."""
        raw = [u.call for u in code.idioms.of("raw-body")]
        parsers = self._parsers(code)
        if raw:
            return next((p for p in parsers if all(_before(code, p, r) for r in raw)), None)
        if parsers:
            return parsers[0]
        always = [u.call for u in code.idioms.of("parses-always")]
        return always[0] if always else None


def _called(code: Code, call: Call) -> str:
    """The dotted name of what is called, also where it was imported alone: `from json import dumps`."""
    return dotted(call.callee) if isinstance(call.callee, Member) and dotted(call.callee) in _WRITES | _READS else code.origins.of(call.callee).qualified or dotted(call.callee)


def _made(code: Code) -> list[Call]:
    """The parsers that keep no bytes."""
    return [use.call for use in code.idioms.of("parse-body") if use.call.keyword("verify") is None]


def _of_rest_framework(code: Code, module: Module) -> bool:
    """Whether a module's views are those of a framework that parses `request.data`; Flask's are the bytes."""
    return any(each.module.split(".")[0] == "rest_framework" for each in code.project.imports(module))


def _by_hand(use: Use, written: Node) -> bool:
    """Whether the signature is computed by hand, and not against the header of a provider on the Internet; what is written without blanks may be what was sent."""
    if use.idiom.on == "hmac" or (isinstance(written, Call) and written.keyword("separators") is not None):
        return True
    return "by-hand" in use.idiom.traits and not any(_PROVIDER.search(module.text) for module in (use.module, module_of(written)))


def _canonical(written: Node) -> bool:
    """Whether JSON is written in one agreed form, which a sender of the same house signs as well."""
    return isinstance(written, Call) and written.keyword("sort_keys") is not None


def _goes_out(code: Code, written: Node) -> bool:
    """Whether what is written is what a request to somebody else carries, so that it is its sender who signs it here."""
    kept = next((each for each in written.up() if isinstance(each, (Assign, Function)) or _sends_out(each)), None)
    function = function_of(written)
    if not isinstance(written, Call) or (_called(code, written) not in _WRITES and last_name(written.callee) != "model_dump_json"):
        return False
    if isinstance(kept, Call):
        return True
    names = {target.id for target in kept.targets if isinstance(target, Name)} if isinstance(kept, Assign) else set()
    if function is None or not names:
        return False
    sent = (call for call in function.inside(Call) if _sends_out(call) and call.at > written.at)
    return any(name.id in names for call in sent for given in (*call.args, *(keyword.value for keyword in call.keywords)) for name in given.walk() if isinstance(name, Name))


def _sends_out(node: Node) -> bool:
    return isinstance(node, Call) and last_name(node.callee) in _SENDS_OUT


def _parsed_by_annotation(code: Code, param: Param) -> bool:
    """Whether FastAPI reads a parameter out of the body: a dict, or a model of the project."""
    if param.annotation.split("[")[0].strip() in ("dict", "Dict", "Any", "typing.Any"):
        return True
    return any(node.name == param.annotation and node.bases for module in code.project.naming(param.annotation) for node in module.all(ClassDef)) if param.annotation.isidentifier() else False


def _in_pages(module: Module) -> bool:
    """Whether Next.js parses the bodies of a route before the route: under `pages/api`, unless the route says otherwise."""
    return _PAGES.search(module.path) is not None and _UNPARSED.search(module.text) is None


def _puts_in(code: Code, place: Call, parsers: list[Call]) -> bool:
    """Whether a call gives every path one of these parsers: `app.use(express.json())`, `app.use(common)` with a list that another file holds."""
    if not place.args or isinstance(place.args[0], (Literal, Template)):
        return False
    waiting, depth = list(place.args), 0
    while waiting and depth < _MOST_GIVEN:
        node, depth = waiting.pop(), depth + 1
        node = node.value if isinstance(node, Spread) else node
        if node in parsers:
            return True
        origin = code.origins.of(node)
        if origin.kind == "made" and origin.site in parsers:
            return True
        if isinstance(origin.node, Sequence):
            waiting += origin.node.items
    return False


def _before(code: Code, parser: Call, raw: Call) -> bool:
    """Whether a request passes a parser before what would keep its bytes."""
    steps = _steps(code, parser)
    return any(_stands_before(code, steps, place, raw) for place in steps)


def _stands_before(code: Code, steps: list[Call], parser: Call, raw: Call) -> bool:
    """The same for a parser, or for the call of a function that puts one in."""
    module = module_of(parser)
    if module_of(raw) is module:
        return _comes_first(code, steps, parser, raw)
    mounts = [u.call for u in code.idioms.of("serve") if u.module is module and any(_made_in(code, arg, module_of(raw)) for arg in u.call.args)]
    return bool(mounts) and all(_comes_first(code, steps, parser, mount) for mount in mounts)


def _steps(code: Code, call: Call, depth: int = 0) -> list[Call]:
    """A call, and the calls of the functions around it: `this.middleware()` in the constructor."""
    function = function_of(call)
    calls = code.origins.calls_of(function) if function is not None and depth < _MOST_STEPS else []
    return [call, *(step for each in calls for step in _steps(code, each, depth + 1))]


def _comes_first(code: Code, steps: list[Call], parser: Call, other: Call) -> bool:
    """Whether a parser is put in before something else of its file: as the function goes on that both stand in, or call those in which they stand."""
    for later in _steps(code, other):
        function = function_of(later)
        beside = next((step for step in steps if step is not later and function_of(step) is function and module_of(step) is module_of(later)), None)
        if beside is not None:
            return beside.at < later.at
    return parser.line < other.line


def _made_in(code: Code, node: Node, module: Module) -> bool:
    # Koa is given `hooks.routes()`.
    router = node.callee.object if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in ("routes", "middleware") else node
    origin = code.origins.of(router)
    # What a factory makes lives from its call on, and is written inside of it.
    return any(made is not None and module_of(made) is module for made in (origin.site, origin.node))


def _ends_in_body(node: Node) -> bool:
    return isinstance(node, Member) and node.name == "body" and isinstance(node.object, (Name, Member))


def _taken(assign: Assign, name: str) -> Node:
    """What a name takes from an assignment: the value, or a member of it in a destructuring."""
    assert assign.value is not None
    target = assign.targets[0]
    if isinstance(target, Object):
        key = next((e.key for e in target.entries if isinstance(e, Entry) and isinstance(e.value, Name) and e.value.id == name), None)
        return Member(assign.value, key, line=assign.line, column=assign.column, end_line=assign.end_line, parent=assign) if key else assign.value
    return assign.value


def _given(code: Code, param: Param) -> list[Node]:
    """What a parameter is given by the calls that are known."""
    function = param.parent
    if not isinstance(function, Function):
        return []
    told = told_by_calls(function)
    index = told.index(param) if param in told else -1
    calls = [call for call in code.origins.calls_of(function) if not is_test(module_of(call).path)]
    given = (call.keyword(param.name) or (call.args[index] if 0 <= index < len(call.args) else None) for call in calls)
    return [each for each in given if each is not None]


PROBE = Bodies()
