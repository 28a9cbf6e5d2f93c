"""Which requests does a check for users let pass, by their paths or by the names of their routes?

    const OPEN = new Set(["/login"]);  if (OPEN.has(req.path)) return next();         # paths that are listed outside of the check
    OPEN = {"auth.login"}              if request.endpoint in OPEN: return            # Flask knows a route by blueprint and function
    app.use(jwt({secret}).unless({path: ["/login", /^\\/public/]}))                    # express-unless and koa-unless: a text is the whole path
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.tree import Call, Literal, Member, Name, Node, Object, Opaque, Sequence

_PATHS = pattern(r"^(?:path|endpoint|originalUrl|url|pathname|routerPath|routeOptions)$")
"""What a check may look at to let the routes pass that it names."""
_ENDPOINT = pattern(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,3}$")


def unless(code: Code, call: Call, path: str) -> bool:
    """Whether the options of `unless` spare a path, or cannot be told."""
    listed = code.idioms.option(call, "path")
    if listed is None or any(code.idioms.option(call, name) is not None for name in ("custom", "useOriginalUrl", "method", "ext")):
        return True
    held = code.origins.of(listed).node if isinstance(listed, (Name, Member)) else listed
    return any(_may_be(item, path) for item in (held.items if isinstance(held, Sequence) else [held]))


def _may_be(item: Node | None, path: str) -> bool:
    """Whether an entry of such a list may be a path: what cannot be told may."""
    if isinstance(item, Object):
        item = item.get("url")
    if isinstance(item, Opaque) and item.kind == "regex" and isinstance(item.items[0], Literal):
        try:
            return re.search(str(item.items[0].value), path) is not None
        except re.error:
            return True
    return not isinstance(item, Literal) or lets(str(item.value), path)


def listed(code: Code, name: Name) -> list[str]:
    """The paths, or Flask's names of routes, of a list or set that is kept under a name outside of a check."""
    origin = code.origins.of(name)
    held = origin.node
    if origin.kind == "made" and isinstance(held, Call):
        held = held.args[0] if origin.qualified in ("Set", "set", "frozenset") and held.args else None
    items = [item.value for item in held.items if isinstance(item, Literal)] if isinstance(held, Sequence) else []
    texts = [item for item in items if isinstance(item, str)]
    if not texts or len(texts) != len(items):
        return []
    if all(_ENDPOINT.match(item) for item in texts) and any("." in item for item in texts):
        return texts
    return [item for item in texts if item.startswith("/")]


def lets(item: str, path: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether an entry of such a list may be, or be above, a path; or is one of the names of its route."""
    if _ENDPOINT.match(item):
        return item in names
    start = item.rstrip("*").rstrip("/")
    return bool(start) and (path.startswith(start) or start.endswith(path or "\0")) or item in ("/", "/*") and path == "/"


def named_ones_pass(words: list[str], names: list[str], path: str) -> bool:
    """Whether a check that looks at the path may let this one pass: unless all that it names are others."""
    if not any(_PATHS.search(name) for name in names):
        return False
    paths = [word.strip("/").lower() for word in words if word.replace("-", "").replace("_", "").replace("/", "").isalpha()]
    return not paths or any(name.isupper() and len(name) > 2 for name in names) or any(word in path.lower() for word in paths if word)
