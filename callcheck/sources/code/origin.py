"""What is an expression, as far as its making can be followed?"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.tree import Call, ClassDef, Node, Object, last_name

DEEPEST = 24
"""Steps that one question after an origin may take."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What an expression is. `kind` is one of:

    - external: something of a package or a builtin, `qualified` (`events.EventEmitter`, `asyncio.create_task`)
    - made: an object, made by the call `node`; `qualified` is its outside constructor, `cls` its class in this project
    - part: something got from another object, `base`, by the member or method in `qualified`
    - function, class, module: those of this project, `node`
    - self: the object that a method belongs to, `cls`
    - value: a literal, object literal or list, `node`
    - param: a parameter, `node`, whose argument is not known; `qualified` and `cls` say its annotated type, if any
    - unknown
    """

    kind: str
    node: Node | None = None
    qualified: str = ""
    cls: ClassDef | None = None
    base: Origin | None = None
    site: Node | None = None
    """Where the object comes to be, as far as its lifetime goes: the call of a factory rather than the `new` inside it."""
    kept: bool = False
    """Made once and kept: `globalThis.x ??= new X()`."""

    @property
    def whole(self) -> Origin:
        """The object that this is a part of, itself if it is none: `app` of `app.state.bus`."""
        origin = self
        while origin.kind == "part" and origin.base is not None:
            origin = origin.base
        return origin

    @property
    def root(self) -> Origin:
        """The first object that this was got from, by parts and by what their methods gave: `redis` of `redis.duplicate().pubsub`."""
        origin = self
        while origin.base is not None:
            origin = origin.base
        return origin


UNKNOWN = Origin("unknown")
KEEPS = pattern(r"^(?:cache[ds]?_(?:in|on|per|by|method|func|instance|result|object)|memo|singleton|run_once|call_once|once)|_(?:memoized?|singleton|once)$")
"""Decorators that keep what the first call gives, by their names; not `cache_control` and `never_cache`, which tell browsers something."""


def makes(origin: Origin) -> bool:
    """Whether it is an object of its own, and none that a table gives back."""
    return (origin.kind == "made" and origin.base is None) or (origin.kind == "value" and isinstance(origin.node, Object))


def keeps(decorator: Node) -> bool:
    """`@cache`, `@lru_cache(maxsize=1)`, a project's own `@cache_in_self`: what the function makes, it makes once."""
    name = last_name(decorator.callee if isinstance(decorator, Call) else decorator)
    return name in ("cache", "lru_cache", "singleton", "cached", "cached_property") or KEEPS.search(name) is not None
