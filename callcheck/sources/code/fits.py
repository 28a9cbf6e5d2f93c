"""Can a handler be called with what a library calls it with?

    given("client userdata flags | properties *")    three arguments by position, one by keyword, and further ones by keyword
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import ClassDef, Function, Literal, Param, last_name


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of one call: names by position, names by keyword, and whether further keywords come."""

    positional: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    further: bool = False
    optional: frozenset[str] = frozenset()
    """Those that only a handler that takes them is given, or that come in some versions alone."""

    def __str__(self) -> str:
        return ", ".join([*self.positional, *(f"{name}=" for name in self.keywords), *(["**"] if self.further else [])])


def given(text: str) -> Given:
    """Read an `Idiom.takes`."""
    left, _, right = text.partition("|")
    names = left.split()
    keywords = [word.rstrip("?") for word in right.split()]
    return Given(
        tuple(name.rstrip("?") for name in names),
        tuple(word for word in keywords if word != "*"),
        "*" in keywords,
        frozenset(name.rstrip("?") for name in (*names, *right.split()) if name.endswith("?")),
    )


def takes(function: Function) -> str:
    """A handler's own parameters, for a sentence."""
    marks = {"rest": "*", "keywords": "**"}
    return ", ".join(marks.get(p.kind, "") + (p.name or f"{{ {', '.join(p.destructures)} }}") for p in _own(function))


def fits(function: Function, call: Given, bound: bool | None = None) -> bool:
    """Whether the call would bind; a method is taken as bound to its object unless said otherwise."""
    own = _own(function, bound)
    by_position = [p for p in own if not p.kind]
    rest, keywords = any(p.kind == "rest" for p in own), any(p.kind == "keywords" for p in own)
    many = len(call.positional)
    if len(by_position) < many and not rest:
        spare = [name for name in call.positional[len(by_position) :] if name not in call.optional]
        if spare:
            return False
    unfilled = [p for p in by_position[many:] if p.default is None] + [p for p in own if p.kind == "only" and p.default is None]
    if any(p.name not in call.keywords for p in unfilled) and not call.further:
        return False
    if keywords:
        return True
    open_names = {p.name for p in [*by_position[many:], *(p for p in own if p.kind == "only")]}
    return not call.further and all(name in open_names or name in call.optional for name in call.keywords)


def crossed(function: Function, call: Given) -> bool:
    """Whether two parameters have each other's names: `(job, result, connection)` for what is called with (job, connection, result)."""
    names = [p.name for p in _own(function) if not p.kind][: len(call.positional)]
    at = {name: index for index, name in enumerate(call.positional)}
    moved = {(index, at[name]) for index, name in enumerate(names) if name in at and at[name] != index}
    return any((there, here) in moved for here, there in moved)


def left_at_none(function: Function, call: Given) -> bool:
    """Whether a parameter is never given, though all is given by name: `retval=None` of a receiver that is handed `result=`."""
    own = _own(function)
    by_name = not call.positional and not call.further and any(p.kind == "keywords" for p in own)
    left = (p for p in own if p.kind in ("", "only") and isinstance(p.default, Literal) and p.default.value is None)
    return by_name and any(p.name not in call.keywords and not p.name.startswith("_") for p in left)


def _own(function: Function, bound: bool | None = None) -> list[Param]:
    """The parameters without the object itself."""
    static = function.static or any(last_name(each) == "staticmethod" for each in function.decorators)
    method = isinstance(function.parent, ClassDef) and not static and module_of(function).language == "python"
    skip = method if bound is None else bound
    return function.params[1:] if skip and function.params and not function.params[0].kind else list(function.params)
