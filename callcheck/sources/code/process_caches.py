"""Which cache of a framework is kept in the memory of each process, by how the project sets it up?

    from django.core.cache import cache                    CACHES = {"default": {"BACKEND": "…locmem.LocMemCache"}}, or no CACHES at all
    @Inject(CACHE_MANAGER) private cache: Cache            CacheModule.register({ ttl: 60 }), without a store
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.tree import Assign, Call, Name, Node, dotted
from callcheck.sources.code.wording import lines_of

_DJANGO = "django.core.cache.cache"
_LOCAL = pattern(r"LocMemCache")
_ELSEWHERE = pattern(r"Redis|Memcache|PyLibMC|PyMemcache|DatabaseCache|FileBasedCache|DummyCache")
_NEST = frozenset({"cache-manager.Cache", "cache-manager"})
_STORED = pattern(r"(?i)\bstores?\b|redis|keyv|memcache|mongo")
_SIMPLE = pattern(r"[\"'](?:SimpleCache|simple|flask_caching\.backends\.SimpleCache)[\"']")


def process_cache(code: Code, origin: Origin) -> Node | None:
    """Where a cache is set up that each process has for itself; None for any other object, and for a cache of which that is not known."""
    if origin.qualified == _DJANGO:
        return code.once(_of_django)
    if origin.kind == "param" and origin.qualified in _NEST:
        return code.once(_of_nest)
    if origin.kind == "made" and origin.qualified == "flask_caching.Cache" and isinstance(origin.node, Call):
        return origin.node if _SIMPLE.search(lines_of(origin.node)) else None
    return None


def _of_django(code: Code) -> Node | None:
    """`CACHES` of the settings, if it names the cache in memory alone; that is what Django takes without it, but settings that are not here may say otherwise."""
    told = list(_set(code, "CACHES"))
    if any(_ELSEWHERE.search(lines_of(assign)) for assign in told):
        return None
    return next((assign for assign in told if _LOCAL.search(lines_of(assign))), None) if told else next(_set(code, "ROOT_URLCONF"), None)


def _set(code: Code, name: str) -> Iterator[Assign]:
    """Where a setting is given its value."""
    for module in code.project.naming(name):
        yield from (assign for assign in module.all(Assign) if any(isinstance(target, Name) and target.id == name for target in assign.targets))


def _of_nest(code: Code) -> Node | None:
    made = [call for call in code.project.calls("register", "registerAsync") if dotted(call.callee).startswith("CacheModule.")]
    return made[0] if made and not any(_STORED.search(lines_of(call)) for call in made) else None
