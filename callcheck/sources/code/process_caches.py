"""Which cache of a framework is kept in the memory of each process, by how the project sets it up?

    from django.core.cache import cache                    CACHES = {"default": {"BACKEND": "…locmem.LocMemCache"}}, or no CACHES at all
    @Inject(CACHE_MANAGER) private cache: Cache            CacheModule.register({ ttl: 60 }), without a store
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, Name, Node, dotted

_DJANGO = "django.core.cache.cache"
_LOCAL = pattern(r"LocMemCache")
_ELSEWHERE = pattern(r"Redis|Memcache|PyLibMC|PyMemcache|DatabaseCache|FileBasedCache|DummyCache")
_NEST = frozenset({"cache-manager.Cache", "cache-manager"})
_STORED = pattern(r"(?i)\bstores?\b|redis|keyv|memcache|mongo")
_SIMPLE = pattern(r"[\"'](?:SimpleCache|simple|flask_caching\.backends\.SimpleCache)[\"']")


def process_cache(code: Code, origin: Origin) -> Node | None:
    """Where a cache is set up that each process has for itself; None for any other object, and for a cache of which that is not known."""
    if origin.qualified == _DJANGO:
        return _of_django(code)
    if origin.kind == "param" and origin.qualified in _NEST:
        return _of_nest(code)
    if origin.kind == "made" and origin.qualified == "flask_caching.Cache" and isinstance(origin.node, Call):
        return origin.node if _SIMPLE.search(_written(origin.node)) else None
    return None


def _of_django(code: Code) -> Node | None:
    """`CACHES` of the settings, if it names the cache in memory alone; that is what Django takes without it, but settings that are not here may say otherwise."""
    told = [assign for module in code.project.naming("CACHES") for assign in module.all(Assign) if any(isinstance(target, Name) and target.id == "CACHES" for target in assign.targets)]
    if told:
        return next((assign for assign in told if _LOCAL.search(_written(assign))), None) if not any(_ELSEWHERE.search(_written(assign)) for assign in told) else None
    return next((assign for module in code.project.naming("ROOT_URLCONF") for assign in module.all(Assign) if any(isinstance(target, Name) and target.id == "ROOT_URLCONF" for target in assign.targets)), None)


def _of_nest(code: Code) -> Node | None:
    made = [call for call in code.project.calls("register", "registerAsync") if dotted(call.callee).startswith("CacheModule.")]
    return made[0] if made and not any(_STORED.search(_written(call)) for call in made) else None


def _written(node: Node) -> str:
    """The lines of a node."""
    return "\n".join(module_of(node).text.split("\n")[node.line - 1 : max(node.line, node.end_line)])
