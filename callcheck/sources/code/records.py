"""Which attributes do the instances of a class of the project have?"""

from __future__ import annotations

from callcheck.sources.code.origins import Origins
from callcheck.sources.code.tree import ClassDef

_PLAIN = frozenset({"object", "BaseModel", "NamedTuple", "TypedDict", "SQLModel", "Protocol", "Generic", "Struct", "ABC"})
_OF_MODELS = frozenset(
    "model_dump model_dump_json model_copy model_fields model_fields_set model_extra model_config dict json copy schema parse_obj _asdict _replace _fields __dict__ __class__".split()
)
_OPEN = frozenset({"__getattr__", "__getattribute__", "__getitem__", "model_config", "Config", "_missing_"})


def attributes(origins: Origins, cls: ClassDef, depth: int = 0) -> frozenset[str] | None:
    """Their names; None if an instance may have others: a base from outside, `__getattr__`, a model that takes extra fields."""
    own = origins.project.fields(cls)
    if depth > 5 or _OPEN & own.keys():
        return None
    found = set(own) | _OF_MODELS
    for base in cls.bases:
        origin = origins.of(base)
        if origin.kind == "class" and origin.cls is not None and origin.cls is not cls:
            inherited = attributes(origins, origin.cls, depth + 1)
            if inherited is None:
                return None
            found |= inherited
        elif origin.qualified.rsplit(".", 1)[-1] not in _PLAIN:
            return None
    return frozenset(found)
