"""What constant text does an expression stand for, and which value does an option of a call have, wherever these are written?

    bus.emit(TOPICS.PAID), bus.emit(topic("paid")), hub.dispatchEvent(new Told(1))      listen(x, f, { ...defaults }), listen(x, f, options())
"""

from __future__ import annotations

from collections.abc import Callable

from callcheck.model.pattern import pattern
from callcheck.sources.code.environ import Usual
from callcheck.sources.code.filled import NOTHING, Filled, filled
from callcheck.sources.code.laid_out import held_by, laid_out
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import function_of, module_of, within
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Imported,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Return,
    Sequence,
    Spread,
    Subscript,
    Template,
    dotted,
    last_name,
)

_BRACES, _PERCENT = pattern(r"\{[^{}]{0,80}\}"), pattern(r"%(?:\(\w+\))?[-+ 0-9.]{0,6}[sdifrx]")
"""What a value is put into: `{line}`, `%s`."""
_EVENTS = frozenset({"Event", "CustomEvent", "MessageEvent"})
"""Classes of the platform whose objects carry their name: `new CustomEvent("told")`."""
_JOINS = frozenset({"path.join", "path.resolve", "path.posix.join", "os.path.join"})
_READ = ("process.env.", "os.environ", "import.meta.env.")
_DEEPEST = 6
_MERGES = frozenset({"Object.assign", "Object.freeze", "structuredClone", "merge", "_.merge", "lodash.merge", "deepmerge", "_.assign"})
"""Functions that make one object of their arguments, of which the last wins."""
_SAME: dict[str, Callable[[str], str]] = {"lower": str.lower, "toLowerCase": str.lower, "upper": str.upper, "toUpperCase": str.upper, "toString": str, "valueOf": str, "strip": str.strip, "trim": str.strip}
"""Methods of a text that give a text, without an argument."""


class Written:
    """Texts and options of one project."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self.project = origins.project
        self._hole = "*"
        usual = Usual(origins, self.text)
        self.usual, self.number_as_text = usual.of, usual.number_as_text

    def known(self, node: Node | None) -> str:
        """The constant text of an expression; "" for one that is computed, or read from a variable of the environment that may be anything."""
        text = self.text(node)
        return "" if text.startswith(_READ) else text

    def whole(self, node: Node | None) -> bool:
        """Whether a text is known to its end: a `*` in it was written by somebody, and stands for nothing that is computed."""
        return "\0" not in self._with_hole(node, "\0")

    def readings(self, node: Node | None) -> tuple[str, ...]:
        """The text of an expression, and what it may be too if a part of it is computed: what is asked of its form must hold of each."""
        text = self.text(node)
        return (text, self._with_hole(node, "0")) if "*" in text else (text,)

    def _with_hole(self, node: Node | None, hole: str) -> str:
        self._hole = hole
        try:
            return self.text(node)
        finally:
            self._hole = "*"

    def text(self, node: Node | None, depth: int = 0, at: Filled = NOTHING) -> str:
        """The constant text of an expression: a literal, a template with `*` for its holes, a constant of the project; else "".

        `at` holds what the parameters of the function around it are in one call of it.
        """
        if isinstance(node, Literal):
            return str(node.value) if isinstance(node.value, (str, int)) and not isinstance(node.value, bool) else ""
        if isinstance(node, Template):
            return "".join(p if isinstance(p, str) else (self.text(p, depth + 1, at) or self._hole) for p in node.parts)
        if isinstance(node, Await):
            return self.text(node.value, depth, at)
        if isinstance(node, Operation) and node.operator == "+" and depth < _DEEPEST:
            return "".join(self.text(part, depth + 1, at) or self._hole for part in node.operands)
        if isinstance(node, Operation) and node.operator == "%" and len(node.operands) == 2 and depth < _DEEPEST:
            return _PERCENT.sub(self._hole, self.text(node.operands[0], depth + 1, at))
        if isinstance(node, (Call, Operation)) and depth < _DEEPEST and (usual := self.usual(node)) is not node:
            return self.text(usual, depth + 1)
        if isinstance(node, Call) and depth < _DEEPEST:
            return self._method(node, depth, at) or self._path(node, depth, at) or self._made(node, depth, at)
        if isinstance(node, (Name, Member)) and depth < _DEEPEST:
            return self._named(node, depth, at)
        if isinstance(node, Subscript) and depth < _DEEPEST:
            # `keys(job)[1]`
            origin = self.origins.of(node)
            return self.text(origin.node, depth + 1) if origin.kind == "value" and origin.node is not node else ""
        return ""

    def _named(self, node: Name | Member, depth: int, at: Filled) -> str:
        known = at.get(node.id) if isinstance(node, Name) else None
        if known is not None:
            return known if isinstance(known, str) else ""
        origin = self.origins.of(node)
        if origin.kind == "value" and origin.node is not node:
            # What a function puts together is another text for each of its calls.
            held = self.held(node) if isinstance(origin.node, Template) else None
            return (self.text(held, depth + 1) if held is not None else "") or self.text(origin.node, depth + 1)
        if origin.kind in ("external", "class") and origin.qualified:
            # `const { QUEUE = "mail" } = process.env`, `const queue = process.env.QUEUE || "mail"`
            usual = self.usual(node) if origin.qualified.startswith("process.env.") else node
            return self.text(usual, depth + 1) if usual is not node else origin.qualified
        if origin.kind == "class" and origin.cls is not None:
            return origin.cls.name
        if origin.kind == "made" and isinstance(origin.node, Call) and origin.node.new:
            return self._event(origin.node, depth)
        held = self.held(node)
        return self.text(held, depth + 1) if held is not None else ""

    def held(self, node: Name | Member) -> Node | None:
        """The expression that a name or a key was given once, if it puts something together: `paid: path("order", "paid")`."""
        tables = self.origins.rows.tables
        for _ in range(_DEEPEST):
            bound = self.origins.binding_of(node)
            there = self.project.imported(bound) if isinstance(bound, Imported) else None
            if isinstance(node, Member):
                held = tables.part(node.object, node.name) or self._field(node)
            elif there is not None and isinstance(bound, Imported):
                held = tables.exported(there, bound.imported)
            else:
                given = given_once(self.origins, node)
                held = given.value if given is not None and node.id in (last_name(each) for each in given.targets) else None
            if not isinstance(held, (Name, Member)):
                return held if isinstance(held, (Call, Operation, Template)) and not getattr(held, "new", False) else None
            node = held
        return None

    def _field(self, node: Member) -> Node | None:
        """What a field of an object of the project is given, if that is done once: `self.topic = ":".join(("audit", audit))`."""
        cls = self.origins.of(node.object).cls
        declared = self.project.fields(cls).get(node.name, ()) if cls is not None else ()
        given = [each.value for each in declared if isinstance(each, Assign)]
        # `@property def topic(self): return "audit." + self.kind`
        given += [value for each in declared if isinstance(each, Function) and each.decorators for value in self.project.returned(each)]
        return given[0] if len(given) == 1 else None

    def _method(self, call: Call, depth: int, at: Filled) -> str:
        """What a method of a text, or of a list of texts, gives."""
        if not isinstance(call.callee, Member):
            return ""
        owner, name = call.callee.object, call.callee.name
        if name == "format":
            # `"plant/{line}/state".format(line=3)`
            return _BRACES.sub(self._hole, self.text(owner, depth + 1, at))
        if name in _SAME and not call.args:
            return _SAME[name](self.text(owner, depth + 1, at))
        if name != "join" or len(call.args) > 1:
            return ""
        python = module_of(call).language == "python"
        listed, between = (call.args[0] if call.args else None, owner) if python else (owner, call.args[0] if call.args else None)
        sign = self.text(between, depth + 1, at) if between is not None else ","
        texts = self._texts(listed, depth, at)
        return sign.join(each or self._hole for each in texts) if texts and (sign or isinstance(between, Literal)) else ""

    def _path(self, call: Call, depth: int, at: Filled) -> str:
        """`path.join(__dirname, "..", "model")`."""
        if last_name(call.callee) not in ("join", "resolve") or self.origins.of(call.callee).qualified not in _JOINS:
            return ""
        parts = [self._texts(arg.value, depth + 1, at) or [""] if isinstance(arg, Spread) else [self.text(arg, depth + 1, at)] for arg in call.args]
        return "/".join(text or self._hole for part in parts for text in part)

    def _texts(self, node: Node | None, depth: int, at: Filled) -> list[str]:
        """The texts of a list; [] if how many there are cannot be told."""
        known = at.get(node.id) if isinstance(node, Name) else None
        if isinstance(known, list):
            return known
        if isinstance(node, (Name, Member)):
            node = self.origins.of(node).node
        if not isinstance(node, Sequence):
            return []
        parts = [self._texts(each.value, depth + 1, at) if isinstance(each, Spread) else [self.text(each, depth + 1, at)] for each in node.items]
        return [text for part in parts for text in part] if all(parts) else []

    def _made(self, node: Call, depth: int, at: Filled) -> str:
        """What a function of the project that puts a name together gives, or the name that an event is made with."""
        if node.new:
            return self._event(node, depth)
        callee = self.origins.of(node.callee)
        if callee.kind != "function" or not isinstance(callee.node, Function):
            return ""
        given = [each.value for each in within(callee.node) if isinstance(each, Return) and each.value is not None]
        return self.text(given[0], depth + 1, filled(callee.node, node, lambda each: self.text(each, depth + 1, at))) if len(given) == 1 else ""

    def _event(self, made: Call, depth: int) -> str:
        """`new CustomEvent("told")`, or an object of a class whose constructor says so: `super("told")`."""
        origin = self.origins.of(made.callee)
        if origin.kind == "external" and origin.qualified.rsplit(".", 1)[-1] in _EVENTS:
            return self.text(next(iter(made.args), None), depth + 1)
        if origin.cls is None or not _EVENTS & {name.rsplit(".", 1)[-1] for name in self.origins.bases(origin.cls)}:
            return ""
        own = (each for each in origin.cls.body if isinstance(each, Function) and each.name == "constructor")
        told = next((call for each in own for call in each.inside(Call) if last_name(call.callee) == "super"), None)
        return self.text(told.args[0], depth + 1) if told is not None and told.args else ""

    def option(self, call: Call, name: str, depth: int = 0) -> Node | None:
        """The value of a keyword argument or option, also of an options object that is kept under a name, made by a function, or spread into another."""
        direct = call.keyword(name)
        if direct is not None:
            return direct
        outer, _, rest = name.partition(".")
        held_in = call.keyword(outer) if rest else None
        if held_in is not None and (found := self.inside(held_in, rest, depth + 1)) is not None:
            return found
        spread = [keyword.value for keyword in call.keywords if not keyword.name]
        return next((value for arg in reversed([*call.args, *spread]) if (value := self.inside(arg, name, depth)) is not None), None)

    def _put_later(self, table: Name, name: str) -> Node | None:
        """What is put at a key of a table above the place where it is used: `options["streaming"] = True`, `options.update(streaming=True)`."""
        scope = function_of(table) or module_of(table)
        found: Node | None = None
        for assign in scope.inside(Assign):
            if assign.at < table.at and any(isinstance(t, Member) and t.name == name and isinstance(t.object, Name) and t.object.id == table.id for t in assign.targets):
                found = assign.value
        for call in scope.inside(Call):
            if call.at < table.at and isinstance(call.callee, Member) and call.callee.name == "update" and dotted(call.callee.object) == table.id and (value := self.option(call, name, 3)) is not None:
                found = value
        return found

    def inside(self, node: Node, name: str, depth: int = 0) -> Node | None:
        """The value of an option in an object, wherever that is written; `consumer.groupId` is one in an object in it, librdkafka's `group.id` is one name."""
        outer, _, rest = name.partition(".")
        if rest:
            held_in = self.inside(node, outer, depth)
            if held_in is not None:
                return self.inside(held_in, rest, depth + 1)
        if isinstance(node, (Name, Member)) and depth < 4:
            held = self.origins.of(node)
            written = held.kind == "value" and isinstance(held.node, Object) or _keeps(held.node) or laid_out(self.origins, held.node) is not None
            later = self._put_later(node, name) if isinstance(node, Name) and written else None
            return later or (self.inside(held.node, name, depth + 1) if written and held.node is not None else None)
        if (holder := laid_out(self.origins, node)) is not None:
            return held_by(self.origins, holder, name)
        if _keeps(node) and isinstance(node, Call):
            # `options = dict(options, attempts=5)` is made of itself.
            return self.option(node, name, depth + 1) if depth < 4 else None
        if isinstance(node, Operation) and node.operator == "|" and depth < 4:
            return next((value for each in reversed(node.operands) if (value := self.inside(each, name, depth + 1)) is not None), None)
        if isinstance(node, Call) and dotted(node.callee) in _MERGES and depth < 4:
            return next((value for each in reversed(node.args) if (value := self.inside(each, name, depth + 1)) is not None), None)
        if isinstance(node, Call) and not node.new and depth < 4:
            callee = self.origins.of(node.callee)
            given = self.project.returned(callee.node) if callee.kind == "function" and isinstance(callee.node, Function) else []
            return self.inside(given[0], name, depth + 1) if len(given) == 1 else None
        if not isinstance(node, Object):
            return None
        if (value := node.get(name)) is not None:
            return value
        spreads = [entry.value for entry in reversed(node.entries) if entry.key is None and entry.computed is None]
        return next((value for spread in spreads if (value := self.inside(spread, name, depth + 1)) is not None), None)


def _keeps(node: Node | None) -> bool:
    """Whether it is Python's `dict(key=value)`."""
    return isinstance(node, Call) and isinstance(node.callee, Name) and node.callee.id == "dict"
