"""Is a switch of the program on when it runs, by what the deployment sets, or else by its own default?

    STREAM = os.environ.get("LLM_STREAM", "1") == "1"                       environment: {LLM_STREAM: "0"}
    const live = (process.env.LIVE ?? "yes").toLowerCase() !== "no"         live: stream is on
    class Settings(BaseSettings): stream: bool = False                      STREAM=true
    def flag(name, default): raw = os.environ.get(name); return default if raw is None else raw in ("1", "true")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.sources.code.environ import ELSE, set_to, variable
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Call,
    Conditional,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Return,
    Sequence,
    Subscript,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code.written import Written

_SAME, _OTHER = frozenset({"==", "===", "in"}), frozenset({"!=", "!==", "not in"})
_CARRIES: dict[str, Callable[[str], str]] = {"lower": str.lower, "toLowerCase": str.lower, "casefold": str.lower, "upper": str.upper, "toUpperCase": str.upper, "strip": str.strip, "trim": str.strip}
_NUMBERS = frozenset({"int", "Number", "parseInt", "float"})
_TRUTHS = frozenset({"bool", "Boolean"})
_WORDS = frozenset({"strtobool", "str_to_bool", "str2bool", "parse_bool", "parseBool", "parseBoolean", "to_bool", "toBoolean"})
_READS_WORDS = frozenset({"env", "config", "bool"})
"""django-environ's and environs' `env.bool("X", default=False)`, decouple's `config("X", cast=bool)`."""
_OFF = frozenset({"", "0", "false", "no", "off", "n", "f", "none"})
_DEFAULT = pattern(r"^\$\{\w+:?-([^}$]*)\}$")
_TABLES = frozenset({"os.environ", "process.env", "import.meta.env"})
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether an expression is true when the program runs, each answer once; none if that cannot be told. `variable` is that of the environment that decides, or ""."""

    answers: frozenset[bool] = frozenset()
    variable: str = ""
    unset: bool = False
    """Whether it reads a variable that nothing sets."""

    @property
    def is_off(self) -> bool:
        """Whether it is false wherever the program runs."""
        return self.answers == {False}


_UNKNOWN = Switch()


class Truths:
    """The switches of one project."""

    def __init__(self, written: Written, given: Mapping[str, str] | None = None) -> None:
        """`given`: all variables that one unit of the deployment is given, where only that one counts."""
        self._origins, self._written, self._given = written.origins, written, given
        self._bound: dict[str, Node] = {}
        """What the parameters are of the project's own function that is being followed."""

    def _text(self, node: Node | None) -> str:
        bound = self._bound.get(node.id) if isinstance(node, Name) else None
        return self._written.text(bound or node)

    def of(self, node: Node | None, depth: int = 0) -> Switch:
        """The answers of an expression: a literal, what compares a variable or makes a truth of it, and the names of these."""
        if isinstance(node, Literal):
            return Switch(frozenset({bool(node.value)}))
        if depth > _DEEPEST or node is None:
            return _UNKNOWN
        if isinstance(node, Operation) and node.operator in ("!", "not") and len(node.operands) == 1:
            inner = self.of(node.operands[0], depth + 1)
            return replace(inner, answers=frozenset(not each for each in inner.answers))
        if isinstance(node, Operation) and node.operator in _SAME | _OTHER and len(node.operands) == 2:
            return self._compared(node)
        if isinstance(node, Call) and node.args and last_name(node.callee) in _WORDS:
            return self._read(node.args[0], _is_on)
        if isinstance(node, Call) and node.args and last_name(node.callee) in _TRUTHS and not isinstance(node.callee, Member):
            return self._number_or_text(node.args[0])
        if isinstance(node, Call) and last_name(node.callee) in _READS_WORDS and (last_name(node.callee) == "bool" or last_name(node.keyword("cast")) == "bool"):
            return self._read(node, _is_on)
        if isinstance(node, Conditional):
            return self._either(node.then, node.orelse, depth)
        if isinstance(node, Call) and isinstance(asks := self._origins.of(node.callee).node, Function) and not self._bound:
            return self._followed(node, asks, depth)
        if isinstance(node, (Name, Member)):
            name, default = variable(self._origins, self._text, node)
            held = self._origins.of(node)
            if name:
                # A field of a class of settings is read as its annotation says; what is handed on as it was read is a text.
                return _UNKNOWN if held.qualified.startswith("process.env.") else self._answers(name, default, _is_on)
            given = given_once(self._origins, node)
            value = self._written.held(node) or (given.value if given is not None else held.node if held.kind == "value" else None)
            return self.of(value, depth + 1) if value is not node else _UNKNOWN
        return _UNKNOWN

    def passes(self, test: Node) -> Switch:
        """The answers of what stands in a test, where a variable alone asks whether there is a text: `if (process.env.RUN_JOBS)`."""
        if isinstance(test, Operation) and test.operator in ("!", "not") and len(test.operands) == 1:
            inner = self.passes(test.operands[0])
            return replace(inner, answers=frozenset(not each for each in inner.answers))
        found = self.of(test)
        return found if found.answers or isinstance(test, (Operation, Literal)) else self._read(test, bool)

    def _followed(self, call: Call, asks: Function, depth: int) -> Switch:
        """The answers of a function that reads the variable which it is given the name of."""
        given = {param.name: value for param, value in given_by(asks, call) if isinstance(value, Node)}
        returned = [each.value for each in asks.inside(Return) if function_of(each) is asks and each.value is not None]
        if not returned or not given:
            return _UNKNOWN
        self._bound = given
        try:
            found = self.of(returned[0], depth + 1) if len(returned) == 1 else self._either(returned[0], returned[1], depth) if len(returned) == 2 else _UNKNOWN
        finally:
            self._bound = {}
        return found

    def _either(self, one: Node, other: Node, depth: int) -> Switch:
        """Of what is read and what is given for want of it: the one that holds."""
        if not self._bound:
            return _UNKNOWN
        stands_in = next((each for each in (one, other) if isinstance(each, Literal) or isinstance(each, Name) and each.id in self._bound), None)
        if stands_in is None:
            return _UNKNOWN
        read = self.of(other if stands_in is one else one, depth + 1)
        bound = self._bound.get(stands_in.id) if isinstance(stands_in, Name) else stands_in
        return Switch(frozenset({bool(bound.value)})) if not read.answers and read.unset and isinstance(bound, Literal) else read

    def _compared(self, node: Operation) -> Switch:
        """`X == "1"`, `X in ("1", "true")`, `"1" === X`."""
        here, there = node.operands
        if isinstance(here, Literal):
            here, there = there, here
        items = there.items if isinstance(there, Sequence) else [there]
        wanted = [self._plain(each) for each in items]
        if not all(isinstance(each, Literal) for each in items):
            return _UNKNOWN
        return self._read(here, lambda value: (value in wanted) is (node.operator in _SAME))

    def _plain(self, node: Node) -> str:
        return str(node.value) if isinstance(node, Literal) else ""

    def _number_or_text(self, node: Node) -> Switch:
        """`bool(int(X))` asks for the number, `bool(X)` whether there is a text."""
        if isinstance(node, Call) and node.args and last_name(node.callee) in _NUMBERS:
            return self._read(node.args[0], lambda value: value.strip() not in ("0", "", "0.0"))
        return self._read(node, bool)

    def _read(self, node: Node, decides: Callable[[str], bool], depth: int = 0) -> Switch:
        """The answers for each value that a reading of the environment may give."""
        if depth > _DEEPEST:
            return _UNKNOWN
        if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in _CARRIES and not node.args:
            turned = _CARRIES[node.callee.name]
            return self._read(node.callee.object, lambda value: decides(turned(value)), depth + 1)
        if isinstance(node, Operation) and node.operator in ELSE and len(node.operands) == 2:
            name, _ = variable(self._origins, self._text, node.operands[0])
            return self._answers(name, node.operands[1], decides) if name else _UNKNOWN
        name, default = variable(self._origins, self._text, node)
        if not name and isinstance(node, Subscript) and dotted(node.object) in _TABLES:
            name = self._text(node.key)
        if not name and isinstance(node, Call) and node.args:
            # `env.bool("X", default=False)`
            name, default = self._text(node.args[0]), node.args[1] if len(node.args) > 1 else node.keyword("default")
        if not name and isinstance(node, (Name, Member)) and (given := given_once(self._origins, node)) is not None and given.value is not None:
            return self._read(given.value, decides, depth + 1)
        return self._answers(name, default, decides) if name else _UNKNOWN

    def _values(self, name: str) -> Iterable[str]:
        return set_to(self._origins.project, name) if self._given is None else [self._given[name]] if name in self._given else []

    def _answers(self, name: str, default: Node | None, decides: Callable[[str], bool]) -> Switch:
        values = [_filled(each) for each in self._values(name)]
        default = self._bound.get(default.id, default) if isinstance(default, Name) else default
        unset = not values
        if unset and isinstance(default, Literal):
            values = ["" if default.value is None else str(default.value)]
        if unset and default is None and self._given is not None:
            values = [""]  # No text is wanted of what is not there.
        if not values or None in values:
            return Switch(unset=unset)
        return Switch(frozenset(decides(each) for each in values if each is not None), name, unset)


def _filled(value: str) -> str | None:
    """A value as the program finds it; None for one that is filled in from elsewhere."""
    default = _DEFAULT.match(value)
    return default[1] if default else None if "$" in value or "{{" in value else value


def _is_on(value: str) -> bool:
    """Whether a word turns a switch on, as pydantic, environs and decouple read it."""
    return value.strip().lower() not in _OFF
