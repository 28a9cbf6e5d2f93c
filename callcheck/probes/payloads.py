"""Does a handler read fields that its event's payload has?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import PayloadMisread
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.parts import taken_apart
from callcheck.sources.code.scopes import target_names
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Conditional,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Subscript,
    Try,
    dotted,
)
from callcheck.sources.packages.installed_events import typed

_OF_ANY = frozenset("toString valueOf constructor hasOwnProperty get items keys values copy pop update setdefault then catch".split())


class Payloads:
    """Compares what handlers read with what is emitted: with the object literal of every emission, or the library's own table."""

    name = "payloads"
    looks_at = Sight.SOURCE
    answers = frozenset({PayloadMisread})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register", "hook", "handle", "serve", "subscribe"):
            if use.module.language == "python":
                yield from self._typed(code, use)
            for event in code.idioms.events(use) if use.idiom.does in ("register", "hook") else ():
                known = self._declared(eyes, use, event) or self._fields(code, use, event)
                if known is None:
                    continue
                has, sent = known
                for handler in code.idioms.handlers(use):
                    if isinstance(handler, Function):
                        yield from self._compare(use, event, handler, has, sent)

    def _declared(self, eyes: Eyes, use: Use, event: str) -> tuple[set[str], tuple[Node, ...]] | None:
        """The fields that the installed package itself declares."""
        if not use.idiom.on or not event or use.receiver.cls is not None or use.module.language == "python":
            return None
        found = typed(eyes.packages, eyes.code.origins.type_name(use.receiver), use.module.path)
        fields = found.fields.get(event) if found else None
        return (set(fields), ()) if fields else None

    def _typed(self, code: Code, use: Use) -> Iterator[Evidence]:
        """Parameters whose annotation is a message class of the project."""
        for handler in code.idioms.handlers(use):
            for param in handler.params if isinstance(handler, Function) else ():
                cls = code.origins.binding(param, param.name).cls if param.annotation and not param.kind else None
                has = attributes_of(code, cls) if cls is not None else None
                if cls is None or has is None or not isinstance(handler, Function):
                    continue
                for field, node in _reads(handler, param):
                    if field not in has and field not in _OF_ANY and not field.startswith("__") and not _asked(node):
                        event = clean(next((e for e in code.idioms.events(use) if e), cls.name), 80)
                        shown = sorted(name for name in has - _MODEL if not name.startswith("_"))
                        fact = PayloadMisread(event, clean(field, 60), clean(", ".join(shown), 120), use.framework.name, "python")
                        yield seen(fact, node, self.name, (seen(fact, cls, self.name, label=f"{clean(cls.name, 40)} has {clean(', '.join(shown), 60)}"),))

    def _fields(self, code: Code, use: Use, event: str) -> tuple[set[str], tuple[Node, ...]] | None:
        """The fields of an event's payload, and the emissions that show them; None if they are not known in full."""
        table = use.framework.payloads.get(event) or use.framework.payloads.get(f"{use.idiom.on}.{event}")
        if table and (use.receiver.cls is None or use.idiom.does == "hook"):
            return set(table), ()
        identity = code.lifetimes.identity(use.receiver)
        if not identity or not event or any(not name for name, _ in code.meetings.unclear("emit", identity)):
            return None  # by a name that is computed, anything may be sent
        sent: list[Node] = []
        fields: set[str] = set()
        for other in code.meetings.at("emit", identity, event):
            if "transport" in other.idiom.traits:
                continue  # the other end of a connection takes it
            values = code.idioms.placed(other.call, other.idiom.payload)
            literal = values[0] if values else None
            if not isinstance(literal, Object):
                origin = code.origins.of(literal)
                literal = origin.node if origin.kind == "value" else None
            if not isinstance(literal, Object) or any(e.key is None for e in literal.entries):
                return None
            fields |= {e.key for e in literal.entries if e.key}
            sent.append(other.call)
        return (fields, tuple(sent)) if sent else None

    def _compare(self, use: Use, event: str, handler: Function, has: set[str], sent: tuple[Node, ...]) -> Iterator[Evidence]:
        params = [p for p in handler.params if p.name not in ("self", "cls")]
        if not params or params[0].kind:
            return
        found = list(_reads(handler, params[0]))
        spared = _spared(handler, params[0], found)
        for field, node in found:
            if field in has or field in _OF_ANY or field in spared:
                continue
            fact = PayloadMisread(
                clean(event, 80), clean(field, 60), clean(", ".join(sorted(has)), 120), use.framework.name, use.module.language
            )
            because = tuple(seen(fact, s, self.name, label=f"what is sent has {', '.join(sorted(has))}") for s in sent[:2])
            yield seen(fact, node, self.name, because)


def _spared(handler: Function, param: Param, found: list[tuple[str, Node]]) -> set[str]:
    """The fields that a handler can do without: `({ note, loud }) => { if (note) show(note); ring(loud ?? false); }`.

    What is only asked for, and shown nowhere, it waits for: `if (m.paid) ship()`.
    """
    named = [(param.binds[name.id], name) for name in handler.inside(Name) if name.id in param.binds and name.parent is not param]
    uses = [(field, _asks(node)) for field, node in (*((f, n) for f, n in found if n is not param), *named)]
    return {field for field, how in uses if how == "else" or (how == "if" and (field, "") in uses)}


def _asks(node: Node) -> str:
    """How an expression is asked whether it is there: "if", or "else" where something stands in for it; "" if it is not."""
    below = node
    for above in node.up():
        if isinstance(above, (If, Conditional)):
            return "if" if below is above.test else ""
        if not isinstance(above, Operation):
            return ""
        if above.operator in ("===", "==", "!==", "!="):
            return "if" if any(isinstance(side, Literal) and side.value is None or isinstance(side, Name) and side.id == "undefined" for side in above.operands) else ""
        if above.operator in ("??", "||", "or") and below is not above.operands[-1]:
            return "else"
        if above.operator in ("&&", "and") and below is not above.operands[-1] or above.operator in ("!", "not", "typeof"):
            return "if"
        below = above
    return ""


def _reads(handler: Function, param: Param) -> Iterator[tuple[str, Node]]:
    """The fields that a handler takes from its first parameter, with the place; nothing if the parameter is given a default or reassigned."""
    for key in param.demands():
        yield key, param
    if param.destructures or not param.name:
        return
    yield from taken_apart(handler, param.name)
    for node in handler.walk():
        if isinstance(node, Member) and isinstance(node.object, Name) and node.object.id == param.name:
            yield node.name, node
        elif isinstance(node, Subscript) and isinstance(node.object, Name) and node.object.id == param.name:
            if isinstance(node.key, Literal) and isinstance(node.key.value, str):
                yield node.key.value, node
        elif isinstance(node, Call) and isinstance(node.callee, Name) and node.callee.id == param.name:
            return


def _asked(node: Node) -> bool:
    """Whether the code first asks what it has: below a test with isinstance or hasattr, or in a try."""
    for above in node.up():
        if isinstance(above, (If, Conditional)) and any(isinstance(c, Call) and dotted(c.callee) in ("isinstance", "hasattr", "getattr") for c in above.test.walk()):
            return True
        if isinstance(above, Try):
            return any("AttributeError" in c.types for c in above.catches)
    return False


_MODEL = frozenset("model_dump model_dump_json model_copy model_fields model_fields_set model_extra model_config dict json copy schema _asdict _replace _fields".split())


def attributes_of(code: Code, cls: ClassDef, depth: int = 0) -> set[str] | None:
    """The attributes of a plain data class of the project; None if it is no such class, or may have others."""
    if depth > 5:
        return None
    decorated = any("dataclass" in dotted(getattr(d, "callee", d)) or dotted(getattr(d, "callee", d)).startswith("attr") for d in cls.decorators)
    has = set(_MODEL)
    plain = decorated
    for base in cls.bases:
        origin = code.origins.of(base)
        if origin.kind == "class" and origin.cls is not None and origin.cls is not cls:
            inherited = attributes_of(code, origin.cls, depth + 1)
            if inherited is None:
                return None
            has |= inherited
            plain = True
        elif origin.qualified.rsplit(".", 1)[-1] in ("BaseModel", "NamedTuple", "TypedDict", "SQLModel"):
            plain = True
        elif origin.qualified.rsplit(".", 1)[-1] not in ("object", "Protocol", "ABC", "Generic"):
            return None
    for node in cls.body:
        if isinstance(node, Assign):
            has |= {name for target in node.targets for name in target_names(target)}
        elif isinstance(node, Function):
            has.add(node.name)
            has |= {m.name for m in node.inside(Member) if isinstance(m.object, Name) and m.object.id == "self"}
        elif isinstance(node, ClassDef):
            has.add(node.name)
    if not plain or {"__getattr__", "__getattribute__"} & has or "model_config" in {n.id for a in cls.body if isinstance(a, Assign) for n in a.targets if isinstance(n, Name)}:
        return None
    return has


PROBE = Payloads()
