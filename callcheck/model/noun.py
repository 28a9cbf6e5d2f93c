"""How is a noun declared? With `@dataclass`, as in the standard library, at a tenth of the price.

The standard library compiles up to seven methods for every dataclass when its module is imported, and most of a run's time to a first
finding went there. This one writes a method when somebody first looks it up, so a class that a run does not use costs next to nothing.
Readers, type checkers and `dataclasses.fields`, `replace` and `asdict` see an ordinary slotted dataclass; only what we use is there:
single inheritance, string annotations (`from __future__ import annotations`), `slots=True`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, field, fields, replace

__all__ = ["dataclass", "field", "fields", "replace"]

_NONE_GIVEN = object()
_FIELDS = "__noun_fields__"


class _Field:
    """One field of a noun; the four attributes are called as in the standard library's."""

    __slots__ = ("default", "default_factory", "kw_only", "name", "type")

    def __init__(self, default: Any = _NONE_GIVEN, default_factory: Any = _NONE_GIVEN, kw_only: bool = False) -> None:
        self.name = self.type = ""
        self.default = default
        self.default_factory = default_factory
        self.kw_only = kw_only


class _Later:
    """A part of a class that is made, by `write(the class)`, when it is first looked up."""

    __slots__ = ("name", "owner", "write")

    def __init__(self, write: Callable[[type], Any]) -> None:
        self.write = write

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner = owner
        self.name = name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        made = self.write(self.owner)
        setattr(self.owner, self.name, made)
        bind = getattr(type(made), "__get__", None)
        return bind(made, instance, owner) if bind else made


def _dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True, repr: bool = True) -> Callable[[type], type]:
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
        space["__init__"] = _Later(_write_frozen_init if frozen else _write_init)
        space["__dataclass_fields__"] = _Later(_write_standard_fields)
        if frozen:
            space["__setattr__"] = space["__delattr__"] = _refuse
            space["__getstate__"], space["__setstate__"] = _getstate, _setstate
        if repr:
            space.setdefault("__repr__", _Later(_write_repr))
        if eq:
            space.setdefault("__eq__", _Later(_write_eq))
            if space.get("__hash__") is None:
                space["__hash__"] = _Later(_write_hash) if frozen else None
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
    cls = type(self)
    for name, value in zip(getattr(cls, _FIELDS), state, strict=True):
        getattr(cls, name).__set__(self, value)


def _write_init(cls: type, put: str = "self.{0} = {1}", scope: Mapping[str, Any] = {}) -> Any:
    """The initialiser, spelled out as one would by hand; `put` is how a field is set."""
    known: dict[str, _Field] = getattr(cls, _FIELDS)
    names = {"_none_given": _NONE_GIVEN, **scope}
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
        lines.append(put.format(name, value))
    if last[1:]:
        words += last
    return _compiled(cls, "__init__", words, lines or ["pass"], names)


def _write_frozen_init(cls: type) -> Any:
    slots = {f"_put_{name}": getattr(cls, name).__set__ for name in getattr(cls, _FIELDS)}
    return _write_init(cls, "_put_{0}(self, {1})", slots)


def _write_repr(cls: type) -> Any:
    said = ", ".join(f"{name}={{self.{name}!r}}" for name in getattr(cls, _FIELDS))
    return _compiled(cls, "__repr__", ["self"], [f"return f'{{type(self).__qualname__}}({said})'"])


def _write_eq(cls: type) -> Any:
    pairs = " and ".join(f"self.{name} == other.{name}" for name in getattr(cls, _FIELDS))
    lines = ["if type(other) is not type(self):", "    return NotImplemented", f"return {pairs or True}"]
    return _compiled(cls, "__eq__", ["self", "other"], lines)


def _write_hash(cls: type) -> Any:
    values = "".join(f"self.{name}, " for name in getattr(cls, _FIELDS))
    return _compiled(cls, "__hash__", ["self"], [f"return hash(({values}))"])


def _compiled(cls: type, name: str, words: list[str], lines: list[str], scope: dict[str, Any] | None = None) -> Any:
    made: dict[str, Any] = {}
    body = "\n    ".join(lines)
    exec(f"def {name}({', '.join(words)}):\n    {body}", scope if scope is not None else {}, made)
    made[name].__qualname__ = f"{cls.__qualname__}.{name}"
    return made[name]


def _write_standard_fields(cls: type) -> Any:
    """What `dataclasses.fields`, `replace` and `asdict` look for."""
    from dataclasses import field, make_dataclass

    told = []
    for each in getattr(cls, _FIELDS).values():
        options = {word: getattr(each, word) for word in ("default", "default_factory") if getattr(each, word) is not _NONE_GIVEN}
        told.append((each.name, each.type, field(kw_only=each.kw_only, **options)))
    return getattr(make_dataclass(cls.__name__, told), "__dataclass_fields__")  # noqa: B009



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
