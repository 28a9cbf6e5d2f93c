"""What is a fact, and which kinds of facts are there?"""

from __future__ import annotations

import sys
import typing
from typing import Any, ClassVar

from callcheck.model.noun import dataclass, fields

Value = str | int | float | bool
_KINDS: dict[str, type[Fact]] = {}
_NAMES: dict[type[Fact], dict[str, str]] = {}
_PLACES: dict[type[Fact], dict[str, str]] = {}
_TYPES: dict[type[Fact], dict[str, type]] = {}


@dataclass(frozen=True, slots=True)
class Attr:
    """The public name of an attribute (OpenTelemetry's where one exists) and its unit."""

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so. A subclass is its own schema: each field is `Annotated[type, Attr(...)]`."""

    kind: ClassVar[str] = ""
    of_one_app: ClassVar[bool] = False
    """Whether one app of a repository can say it in its own folder, and then says nothing of the apps beside it."""

    def __init_subclass__(cls, **options: Any) -> None:
        # Not super(): dataclass(slots=True) makes the class anew, and the cell would name the old one.
        if "kind" in cls.__dict__:
            _KINDS[cls.kind] = cls

    def says(self) -> str:
        """A label of a few words, fit to stand beside the line that shows the fact."""
        return self.kind.replace(".", " ")

    def attributes(self) -> dict[str, Value]:
        """Public attribute names and their values."""
        return {attr: getattr(self, field) for field, attr in names(type(self)).items()}


def places(kind: type[Fact]) -> dict[str, str]:
    """Public attribute name -> field name of a fact kind: who asks for one attribute of many facts need not make all of each."""
    if kind not in _PLACES:
        _PLACES[kind] = {attr: field for field, attr in names(kind).items()}
    return _PLACES[kind]


def names(kind: type[Fact]) -> dict[str, str]:
    """Field name -> public attribute name of a fact kind."""
    if kind in _NAMES:
        return _NAMES[kind]
    # Read off the annotation, which is a text: to evaluate it for a dozen kinds takes longer than to rank all causes.
    found = {}
    for field in fields(kind):
        _, attr, given = str(field.type).partition("Attr(")
        if not attr:
            raise TypeError(f'{kind.__name__}.{field.name} is no Annotated[type, Attr("name")]')
        found[field.name] = given[1 : given.index(given[0], 1)]
    _NAMES[kind] = found
    return found


def types(kind: type[Fact]) -> dict[str, type]:
    """Public attribute name -> Python type of a fact kind."""
    if kind in _TYPES:
        return _TYPES[kind]
    hints = typing.get_type_hints(kind, vars(sys.modules[kind.__module__]))
    _TYPES[kind] = {attr: hints[field] for field, attr in names(kind).items()}
    return _TYPES[kind]


def kinds() -> dict[str, type[Fact]]:
    """Every declared kind by its name; imports the whole vocabulary."""
    from callcheck.model import facts

    facts.load()
    return dict(_KINDS)
