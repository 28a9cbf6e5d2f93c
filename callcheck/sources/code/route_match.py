"""Which route of an app was meant by a path that none of them answers?

    /webhooks/done         for the route /webhooks/done/, /api/webhooks/done or /webhook/done
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from callcheck.model.pattern import pattern
from callcheck.sources.code.routes import Route
from callcheck.sources.code.scopes import module_of

_PARAM = pattern(r":\w+\??|\{[^}]*\}|<[^>]*>")
_NUMBER = pattern(r"^<int:|:int\}$")
_MINDS = frozenset({"slash-redirects", "slash-appends", "slash-exact"})
"""Frameworks for which `/x` and `/x/` are two paths: they redirect from one to the other, add a missing slash, or do nothing."""
_ALIKE = 0.8
_UNREAD = pattern(r"(?:^|/)(?:routes/(?:.+/)?\+server|server/api/.+)\.[a-z]+$")
"""Routers whose paths are folders and that are not read (SvelteKit, Nuxt)."""


def unread_routes(paths: Iterable[str]) -> bool:
    """Whether some of these files make routes that nobody here knows."""
    return any(map(_UNREAD.search, paths))


def nearest(path: str, known: Sequence[Route], elsewhere: bool) -> tuple[Route, str] | None:
    """The route that was meant, and what is wrong with the path; None if a route answers, or none comes near.

    `elsewhere`: the host may be another's, so that nothing but a last slash may differ.
    """
    if not known or any(answers(route, path) for route in known):
        return None
    for route in known:
        if not route.whole and not _PARAM.sub("", route.path).strip("/"):
            continue  # `<slug>/<int>/` below something that is not known: any path ends so.
        if _fits(route, path.rstrip("/") or "/") or _fits(route, path + "/"):
            if "strict_slashes" in module_of(route.node).text:
                return None
            traits = route.traits
            redirected = "slash-redirects" in traits or ("slash-appends" in traits and not path.endswith("/"))
            return route, "redirected" if redirected else "wrong-path"
    if elsewhere:
        return None
    import difflib

    def likeness(route: Route) -> float:
        ends = path if route.whole else "/" + "/".join(path.split("/")[-route.path.count("/") :])
        return difflib.SequenceMatcher(None, route.path, ends).ratio()

    whole = [route for route in known if not _PARAM.search(route.path)]
    best = max(whole, key=likeness, default=None)
    if best is None:
        return None
    if likeness(best) >= _ALIKE or best.path.endswith(path):
        return best, "wrong-path"
    other = [route for route in whole if _reordered(route.path, path)]
    return (other[0], "wrong-path") if len(other) == 1 else None


def _reordered(route: str, path: str) -> bool:
    """Whether a path has a route's parts in another order, or its last part below another one: `/sms/status` for `/twilio/status`."""
    mine, theirs = path.strip("/").split("/"), route.strip("/").split("/")
    return len(mine) == len(theirs) > 1 and (sorted(mine) == sorted(theirs) or (mine[-1] == theirs[-1] and mine[:-2] == theirs[:-2]))


def answers(route: Route, path: str) -> bool:
    """Whether the route takes the path as it is, or with a last slash that its framework does not mind."""
    if _fits(route, path):
        return True
    return _MINDS.isdisjoint(route.traits) and _fits(route, path.rstrip("/") or "/")


def _fits(route: Route, path: str) -> bool:
    texts, names = _PARAM.split(route.path), _PARAM.findall(route.path)
    wanted = "".join(re.escape(text) + ("" if name is None else "[0-9]+" if _NUMBER.search(name) else "[^/]+") for text, name in zip_longest(texts, names))
    return re.search(("^" if route.whole else "") + wanted + "$", path) is not None
