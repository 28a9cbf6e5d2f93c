"""Does a handler take what it is sent for what it is: text for text, one object for one object, the arguments in their order?

    emit("done", id, ms)             on("done", ({ id, ms }) => …)          several arguments, taken for one object
    emit("done", JSON.stringify(x))  on("done", (x) => x.id)                text, taken for the object
    emit("done", user, order)        on("done", (order, user) => …)         another order
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import PayloadMisread, PayloadMistaken
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.parts import taken_apart
from callcheck.sources.code.records import attributes
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Sequence,
    Spread,
    Subscript,
    Template,
    dotted,
    last_name,
)

_TO_TEXT = frozenset({"JSON.stringify", "json.dumps", "orjson.dumps", "ujson.dumps"})
_FROM_TEXT = frozenset({"JSON.parse", "json.loads", "orjson.loads", "ujson.loads"})
_PLAIN_TYPES = frozenset({"string", "number", "boolean", "str", "int", "float", "bool"})
_OF_TEXT = frozenset(
    "length at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll "
    "search slice split startsWith substring toLowerCase toUpperCase trim trimEnd trimStart toString valueOf toJSON substr encode decode strip lstrip rstrip splitlines lower "
    "upper title count find format join isdigit startswith endswith partition rpartition removeprefix removesuffix zfill casefold rsplit index".split()
)
_ASKED = frozenset({"isinstance", "typeof", "hasattr", "Buffer.isBuffer", "Array.isArray"})


class PayloadShapes:
    """Lays the arguments of every emission of an event beside the parameters of its handlers."""

    name = "payload-shapes"
    looks_at = Sight.SOURCE
    answers = frozenset({PayloadMisread, PayloadMistaken})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register"):
            identity = code.lifetimes.identity(use.receiver)
            if not identity or use.idiom.gives:
                continue
            for event in code.idioms.events(use):
                # What goes out over a connection is taken by the other end, whatever this end listens to.
                same = [e for e in code.meetings.at("emit", identity, event) if "transport" not in e.idiom.traits and e.idiom.payload.split("|")[0].isdigit()]
                if not same or (use.idiom.event and not event):
                    continue
                for handler in code.idioms.handlers(use):
                    if isinstance(handler, Function):
                        yield from self._compare(code, use, event, handler, same)

    def _compare(self, code: Code, use: Use, event: str, handler: Function, sent: list[Use]) -> Iterator[Evidence]:
        params = [p for p in handler.params if p.name not in ("self", "cls", "this")]
        for each in sent:
            yield from self._missing(code, use, event, handler, params, each)
        found = {self._mistaken(code, params, handler, _arguments(e)) for e in sent}
        if len(found) != 1 or "" in found:
            return
        kind = found.pop()
        fact = PayloadMistaken(clean(event, 80), kind, clean(handler.name or "the handler", 60), use.framework.name, use.module.language)
        because = tuple(seen(fact, e.call, self.name, label=_SAYS[kind]) for e in sent[:2])
        yield seen(fact, params[0] if params else handler, self.name, because)

    def _missing(self, code: Code, use: Use, event: str, handler: Function, params: list[Param], sent: Use) -> Iterator[Evidence]:
        """Fields that a handler reads and the instances of the class that is sent do not have."""
        for param, argument in zip(params, _arguments(sent), strict=False):
            if param.kind or isinstance(argument, Spread):
                return
            origin = code.origins.of(argument)
            has = attributes(code.origins, origin.cls) if origin.kind in ("made", "self") and origin.cls is not None else None
            missing = sorted(_reads(handler, param) - has) if has and not _asks(handler) else []
            if missing and origin.cls is not None and not missing[0].startswith("__"):
                shown = clean(", ".join(sorted(n for n in code.project.fields(origin.cls) if not n.startswith("_"))), 120)
                fact = PayloadMisread(clean(event, 80), clean(missing[0], 60), shown, use.framework.name, use.module.language)
                read = next((m for m in handler.inside(Member) if m.name == missing[0] and isinstance(m.object, Name) and m.object.id == param.name), param)
                yield seen(fact, read, self.name, (seen(fact, sent.call, self.name, label=f"{clean(origin.cls.name, 40)} has {shown}"),))

    def _mistaken(self, code: Code, params: list[Param], handler: Function, sent: list[Node]) -> str:
        """What one emission is taken for by mistake, "" if it is not."""
        if not params or not sent or any(isinstance(a, Spread) for a in sent) or params[0].kind or params[0].default is not None:
            return ""
        first, taken = sent[0], params[0]
        reads = _reads(handler, taken)
        text = _is_text(code, first)
        if text and reads and not reads <= _OF_TEXT and not _parses(handler, taken) and not _asks(handler):
            return "text-for-object"
        if _is_object(code, first) and _parses(handler, taken) and not _asks(handler):
            return "object-for-text"
        names = [last_name(a) for a in sent]
        if taken.destructures and len(sent) > 1 and len(params) == 1 and not _is_object(code, first) and set(names[1:]) & set(taken.destructures):
            return "several-for-object"
        if taken.destructures and _is_plain(code, first) and not set(taken.destructures) <= _OF_TEXT:
            return "several-for-object" if len(sent) > 1 else "text-for-object"
        taken_names = [p.name for p in params]
        if _is_object(code, first) and len(sent) == 1 and len(params) > 1 and isinstance(_held(code, first), Object):
            fields = {e.key for e in _object(code, first).entries}
            if all(p.kind == "" and p.default is None for p in params) and {p.name for p in params} <= fields and _uses(handler, params[1]):
                return "object-for-several"
        for i, name in enumerate(names[: len(params)]):
            for j in range(i + 1, min(len(names), len(params))):
                if name and names[j] and name != names[j] and name == taken_names[j] and names[j] == taken_names[i]:
                    return "order"
        return ""


_SAYS = {
    "text-for-object": "what is sent is text",
    "object-for-text": "what is sent is the object itself",
    "several-for-object": "what is sent are several values, not one object",
    "object-for-several": "what is sent is one object",
    "order": "they are sent in another order",
}


def _arguments(use: Use) -> list[Node]:
    start = int(use.idiom.payload.split("|")[0])
    return use.call.args[start:]


def _reads(handler: Function, param: Param) -> set[str]:
    """The fields that a handler takes from a parameter."""
    found = {*param.demands(), *(key for key, _ in taken_apart(handler, param.name))}
    for node in handler.inside(Member):
        if isinstance(node.object, Name) and node.object.id == param.name and function_of(node) is not None:
            found.add(node.name)
    for each in handler.inside(Subscript):
        if isinstance(each.object, Name) and each.object.id == param.name and isinstance(each.key, Literal) and isinstance(each.key.value, str):
            found.add(each.key.value)
    return found


def _parses(handler: Function, param: Param) -> bool:
    return any(
        dotted(call.callee) in _FROM_TEXT and call.args and isinstance(call.args[0], Name) and call.args[0].id == param.name for call in handler.inside(Call)
    )


def _asks(handler: Function) -> bool:
    """Whether a handler first looks at what it was given."""
    return any(dotted(call.callee) in _ASKED for call in handler.inside(Call)) or any(op.operator in ("typeof", "instanceof") for op in handler.inside(Operation))


def _held(code: Code, node: Node) -> Node | None:
    if isinstance(node, (Object, Literal, Template, Sequence)):
        return node
    origin = code.origins.of(node)
    return origin.node if origin.kind == "value" else None


def _object(code: Code, node: Node) -> Object:
    held = _held(code, node)
    assert isinstance(held, Object)
    return held


def _is_object(code: Code, node: Node) -> bool:
    return isinstance(_held(code, node), Object)


def _is_text(code: Code, node: Node) -> bool:
    """Text that JSON was made into."""
    if isinstance(node, Name):
        origin = code.origins.of(node)
        node = origin.node if origin.kind == "made" and isinstance(origin.node, Call) else node
    return isinstance(node, Call) and dotted(node.callee) in _TO_TEXT


def _is_plain(code: Code, node: Node) -> bool:
    """A string or number for sure: written down, or of a parameter that is annotated so."""
    if isinstance(node, Template) or (isinstance(node, Literal) and node.value is not None):
        return True
    if isinstance(node, Name):
        for scope in node.up():
            if isinstance(scope, Function):
                param = next((p for p in scope.params if p.name == node.id), None)
                if param is not None:
                    return param.annotation.strip().lstrip(":").strip() in _PLAIN_TYPES
    return False


def _uses(handler: Function, param: Param) -> bool:
    return any(name.id == param.name for part in handler.body for name in part.inside(Name))


PROBE = PayloadShapes()
