"""Which objects live on from one request to the next, and which functions run once for each?

    const waiting = new Map();                    // one for all requests
    class Hub { rooms = new Map(); }              // as long as the hub, which a container or start-up code makes
    app.post("/ask", (req, res) => { … });        // once for each
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.model.words import Lifetime
from callcheck.sources.code import Code
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import CTORS, enclosing, function_of
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Name, Object, Sequence

TABLE = pattern(
    r"(?:^|\.)(?:Map|WeakMap|Set|dict|set|list|Array|deque|defaultdict|OrderedDict|WeakValueDictionary|WeakSet|(?!\w*(?:Redis|Memcache|File|Disk|Mongo|Dynamo|Database))\w*Cache|LRU|LRUMap)$"
    r"|^(?:node-cache|memory-cache|quick-lru|tiny-lru|@isaacs/ttlcache|expiry-map)(?:\.default|\.\w*Cache)?$"
)
"""Names of the classes whose objects are maps, sets, lists or caches."""
_ANY_STORE = pattern(r"^(?:flask_caching|aiocache|diskcache|cache-manager)\.")
"""Caches that may as well lie in a store that all processes share."""


def is_table(origin: Origin) -> bool:
    """Whether an object is a map, dict, set, list or cache."""
    if origin.kind == "value":
        return isinstance(origin.node, (Object, Sequence))
    return origin.kind == "made" and origin.cls is None and bool(TABLE.search(origin.qualified)) and not _ANY_STORE.match(origin.qualified)


def outlives(code: Code, origin: Origin) -> bool:
    """Whether an object lives on from one request to the next, as far as can be told: nothing per call makes it anew."""
    lifetime = code.lifetimes.lifetime(origin)
    if lifetime is not Lifetime.UNKNOWN or origin.site is None:
        return lifetime is Lifetime.PROCESS
    function = function_of(origin.site)
    cls = enclosing(origin.site, ClassDef)
    if isinstance(cls, ClassDef) and (function is None or function.parent is cls):
        # A class that a container makes, or that start-up code makes once.
        made = code.origins.calls_of(cls)
        init = function is None or function.name in CTORS
        return init and not any(code.lifetimes.role(function_of(call)) in PER_CALL or _of_a_stream(call) for call in made)
    return function is not None and bool(_nested(function)) and code.lifetimes.role(function) in ("helper", "callback", "startup")


def _of_a_stream(made: Call) -> bool:
    """Whether a generator makes an object for itself: `state = State()`, anew for each stream that it gives."""
    function, kept = function_of(made), made.parent
    if function is None or not function.is_generator or function.decorators or not isinstance(kept, Assign):
        return False
    return all(isinstance(target, Name) for target in kept.targets)


def _nested(function: Function) -> list[Function]:
    return [inner for inner in function.inside(Function) if inner is not function]


def per_call(code: Code, function: Function | None) -> bool:
    """Whether a function runs once per request, or is a method or helper that no start-up code runs."""
    return function is not None and code.lifetimes.role(function) in (*PER_CALL, "helper", "callback")
