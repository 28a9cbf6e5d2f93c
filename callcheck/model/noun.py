"""How is a noun declared? With `@dataclass`, as in the standard library, at a tenth of the price.

The standard library compiles up to seven methods for every dataclass when its module is imported, and most of a run's time to a first
finding went there. Here all nouns share theirs, and only the initialiser of a class that is much used is compiled, when that shows.
Readers, type checkers and `dataclasses.fields`, `replace` and `asdict` see an ordinary slotted dataclass; only what we use is there:
single inheritance, string annotations (`from __future__ import annotations`), `slots=True`.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, field, fields, replace

__all__ = ["dataclass", "field", "fields", "replace"]

_NONE_GIVEN = object()
_FIELDS = "__noun_fields__"
_VALUES = "__noun_values__"
_PUTS = "__noun_puts__"
_FEW = 25
"""Times that an object is made the slow way, at 3 µs, before compiling (70 µs) pays."""


class _Field:
    """One field of a noun; the four attributes are called as in the standard library's."""

    __slots__ = ("default", "default_factory", "kw_only", "name", "type")

    def __init__(self, default: Any = _NONE_GIVEN, default_factory: Any = _NONE_GIVEN, kw_only: bool = False) -> None:
        self.name = self.type = ""
        self.default = default
        self.default_factory = default_factory
        self.kw_only = kw_only


class _Later:
    """A part of a class that is made, by `write(the class)`, when it is first looked up. All classes share one."""

    __slots__ = ("name", "write")

    def __init__(self, name: str, write: Callable[[type], Any]) -> None:
        self.name = name
        self.write = write

    def __get__(self, instance: object, owner: type) -> Any:
        holder = next(cls for cls in owner.__mro__ if cls.__dict__.get(self.name) is self)
        made = self.write(holder)
        setattr(holder, self.name, made)
        bind = getattr(type(made), "__get__", None)
        return bind(made, instance, owner) if bind else made


def _dataclass(
    *, frozen: bool = False, slots: bool = False, eq: bool = True, repr: bool = True
) -> Callable[[type], type]:
    if not slots:
        raise TypeError("a noun has slots")

    def declare(cls: type) -> type:
        space = dict(cls.__dict__)
        known: dict[str, _Field] = dict(getattr(cls, _FIELDS, {}))
        own = _own_fields(cls, space)
        space["__slots__"] = tuple(name for name in own if name not in known)
        known.update(own)
        space[_FIELDS] = known
        space["__match_args__"] = tuple(name for name, each in known.items() if not each.kw_only)
        space["__qualname__"] = cls.__qualname__
        for name in ("__dict__", "__weakref__"):
            space.pop(name, None)
        space.update(_LATER)
        if frozen:
            space["__setattr__"] = space["__delattr__"] = _refuse
            space["__getstate__"], space["__setstate__"] = _getstate, _setstate
        if repr:
            space.setdefault("__repr__", _repr)
        if eq:
            space.setdefault("__eq__", _eq)
            if space.get("__hash__") is None:
                space["__hash__"] = _hash if frozen else None
        return type(cls)(cls.__name__, cls.__bases__, space)

    return declare


def _own_fields(cls: type, space: dict[str, Any]) -> dict[str, _Field]:
    found = {}
    for name, said in cls.__annotations__.items():
        if said.startswith(("ClassVar", "typing.ClassVar")):
            continue
        given = space.pop(name, _NONE_GIVEN)
        each = given if isinstance(given, _Field) else _Field(given)
        if each.default.__hash__ is None:
            raise ValueError(f"{cls.__name__}.{name} would be shared by all: use field(default_factory=...)")
        each.name, each.type = name, said
        found[name] = each
    return found


def _refuse(self: object, name: str, *_: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in getattr(self, _FIELDS)]


def _setstate(self: Any, state: list[Any]) -> None:
    for put, value in zip(getattr(type(self), _PUTS), state, strict=True):
        put(self, value)


def _write_puts(cls: type) -> tuple[Callable[[Any, Any], None], ...]:
    """What sets each field, frozen or not."""
    return tuple(getattr(cls, name).__set__ for name in getattr(cls, _FIELDS))


def _write_values(cls: type) -> Any:
    """What gives the values of all fields, to be compared and hashed."""
    names = tuple(getattr(cls, _FIELDS))
    return attrgetter(*names) if names else lambda self: ()


def _eq(self: object, other: object) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    values = getattr(type(self), _VALUES)
    return values(self) == values(other)


def _hash(self: object) -> int:
    return hash(getattr(type(self), _VALUES)(self))


def _repr(self: object) -> str:
    said = ", ".join(f"{name}={getattr(self, name)!r}" for name in getattr(self, _FIELDS))
    return f"{type(self).__qualname__}({said})"


def _first_init(cls: type) -> Any:
    """An initialiser that needs no compiling; a class that is made often, or with the wrong arguments, gets the compiled one."""
    known: dict[str, _Field] = getattr(cls, _FIELDS)
    positions = cls.__match_args__  # type: ignore[attr-defined]
    puts = dict(zip(known, getattr(cls, _PUTS), strict=True))
    defaults = {name: each.default for name, each in known.items() if each.default is not _NONE_GIVEN}
    factories = [(name, each.default_factory) for name, each in known.items() if each.default_factory is not _NONE_GIVEN]
    left = _FEW

    def __init__(self: Any, *args: Any, **given: Any) -> None:
        nonlocal left
        left -= 1
        values = {**defaults, **dict(zip(positions, args, strict=False)), **given}
        for name, make in factories:
            if name not in values:
                values[name] = make()
        if (
            left < 0
            or values.keys() != puts.keys()
            or len(args) > len(positions)
            or not given.keys().isdisjoint(positions[: len(args)])
        ):
            made = _write_init(cls)
            setattr(cls, "__init__", made)  # noqa: B010
            made(self, *args, **given)
            return
        for name, put in puts.items():
            put(self, values[name])

    return __init__


def _write_init(cls: type) -> Any:
    """The initialiser, spelled out as one would by hand. The fields of a frozen noun are set through their slots."""
    known: dict[str, _Field] = getattr(cls, _FIELDS)
    frozen = cls.__setattr__ is _refuse
    names: dict[str, Any] = {f"_put_{name}": put for name, put in zip(known, getattr(cls, _PUTS), strict=True)}
    names["_none_given"] = _NONE_GIVEN
    words, last, lines = ["self"], ["*"], []
    for name, each in known.items():
        value = word = name
        if each.default_factory is not _NONE_GIVEN:
            names[f"_make_{name}"] = each.default_factory
            word, value = f"{name}=_none_given", f"_make_{name}() if {name} is _none_given else {name}"
        elif each.default is not _NONE_GIVEN:
            names[f"_default_{name}"] = each.default
            word = f"{name}=_default_{name}"
        (last if each.kw_only else words).append(word)
        lines.append(f"_put_{name}(self, {value})" if frozen else f"self.{name} = {value}")
    if last[1:]:
        words += last
    made: dict[str, Any] = {}
    exec("def __init__({}):\n    {}".format(", ".join(words), "\n    ".join(lines or ["pass"])), names, made)
    return made["__init__"]


def _write_standard_fields(cls: type) -> Any:
    """What `dataclasses.fields`, `replace` and `asdict` look for."""
    from dataclasses import field, make_dataclass

    told = []
    for each in getattr(cls, _FIELDS).values():
        options = {
            word: getattr(each, word)
            for word in ("default", "default_factory")
            if getattr(each, word) is not _NONE_GIVEN
        }
        told.append((each.name, each.type, field(kw_only=each.kw_only, **options)))
    return getattr(make_dataclass(cls.__name__, told), "__dataclass_fields__")  # noqa: B009


_LATER = {
    later.name: later
    for later in (
        _Later("__init__", _first_init),
        _Later("__dataclass_fields__", _write_standard_fields),
        _Later(_VALUES, _write_values),
        _Later(_PUTS, _write_puts),
    )
}


if not TYPE_CHECKING:
    dataclass = _dataclass
    field = _Field

    def fields(noun):
        """The fields of a noun or of its class, in order."""
        return tuple(getattr(noun, _FIELDS).values())

    def replace(noun, /, **changes):
        """A copy with some fields changed."""
        for name in getattr(noun, _FIELDS):
            if name not in changes:
                changes[name] = getattr(noun, name)
        return type(noun)(**changes)
