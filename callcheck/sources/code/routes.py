"""Under which paths does the app answer, with what its routers are mounted under?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.tree import Await, Call, ClassDef, Function, Member, Node, Object, Param, dotted, last_name

if TYPE_CHECKING:
    from callcheck.sources.code import Code
    from callcheck.sources.code.idioms import Use

_MOUNTS = ("use", "include_router", "register_blueprint", "register", "route", "mount")
_PREFIXES = ("prefix", "url_prefix")
_DEEPEST = 4
_ANSWERS = pattern(r"(?i)web_?hook|^(?:serve|(?:create|to)\w*handler)$")
_FILE = pattern(r"(?:^|/)app/(?P<app>(?:.+/)?)route\.(?:ts|js|tsx|jsx|mjs)$|(?:^|/)pages/(?P<pages>api/.+)\.(?:ts|js|tsx|jsx)$")
_SEGMENT = pattern(r"\[[^\]]*\]+")
_SETTINGS = pattern(r"(?:^|/)next\.config\.[a-z]+$")
_BASE = pattern(r"\bbasePath\s*:\s*[\"'`](/[\w./-]{1,100})[\"'`]")
_SLASH = pattern(r"\b(trailingSlash|skipTrailingSlashRedirect)\s*:\s*(\w{1,100}|\S)")
"""With `true`, `false`, or the first word of what is computed."""
_COMMENT = pattern(r"(?m)(?<!:)//.*$")


@dataclass(frozen=True, slots=True)
class Route:
    """One path; `whole` if nothing can stand before it, else it is only how the path ends."""

    path: str
    whole: bool
    node: Node
    traits: tuple[str, ...]
    """What its framework makes of a last slash: slash-redirects, slash-appends, slash-exact; none of these if it does not mind."""


def routes(code: Code) -> tuple[Route, ...]:
    """Every route with a path that is written out; parameters (`:id`, `{id}`, `<id>`) stay as written."""
    return code.once(_all)


def _all(code: Code) -> tuple[Route, ...]:
    return tuple(_found(code))


def _found(code: Code) -> Iterator[Route]:
    for use in code.idioms.of("serve"):
        if use.idiom.role != "request" or "before" in use.idiom.traits or use.framework.name == "nestjs":
            continue
        for path in code.idioms.events(use):
            if path.startswith("/") and "*" not in path:
                prefix = _before(code, use.receiver, 0)
                yield Route((prefix or "") + path, prefix is not None, use.call, use.idiom.traits)
    yield from _mounted(code)
    yield from _controlled(code)
    yield from _listed(code)
    yield from _filed(code)


def _mounted(code: Code) -> Iterator[Route]:
    """`app.use("/bot", webhookCallback(bot, "express"))`: a path that a library's own handler answers."""
    for use in code.idioms.of("serve"):
        if use.idiom.role != "request" or "before" not in use.idiom.traits or len(use.call.args) != 2:
            continue
        handler = use.call.args[1]
        made = handler.value if isinstance(handler, Await) else handler
        if isinstance(made, Call) and _ANSWERS.search(last_name(made.callee)):
            for path in code.idioms.events(use):
                if path.startswith("/") and len(path) > 1 and "*" not in path:
                    prefix = _before(code, use.receiver, 0)
                    yield Route((prefix or "") + path, prefix is not None, use.call, use.idiom.traits)


def _controlled(code: Code) -> Iterator[Route]:
    """Routes of NestJS: the prefix of all, that of the controller, and the method's own. It does not mind a last slash."""
    uses = [use for use in code.idioms.of("serve") if use.framework.name == "nestjs" and use.idiom.role == "request"]
    above = _over_all(code) if uses else None
    for use in uses:
        path = path_of_method(code, use)
        if path is not None:
            yield Route((f"/{above}" if above else "") + path, above is not None, use.call, use.idiom.traits)


def path_of_method(code: Code, use: Use) -> str | None:
    """`/pay/notify` for `@Post("notify")` in a `@Controller("pay")` of NestJS; None for what is computed, or in no controller."""
    method = next(iter(code.idioms.handlers(use)), None)
    cls = method.parent if method is not None else None
    held = next((d for d in cls.decorators if isinstance(d, Call) and last_name(d.callee) == "Controller"), None) if isinstance(cls, ClassDef) else None
    own, path = written_path(code, held), written_path(code, use.call)
    if held is None or own is None or path is None:
        return None
    return "/" + "/".join(part for part in (own.strip("/"), path.strip("/")) if part)


def written_path(code: Code, decorator: Call | None) -> str | None:
    """`@Controller("pay")`, `@Controller({ path: "pay" })`: "" without one, None for one that is computed."""
    first = decorator.args[0] if decorator is not None and decorator.args else None
    if isinstance(first, Object):
        first = first.get("path")
    text = code.idioms.text(first) if first is not None else ""
    return None if "*" in text or (first is not None and not text) else text


def _over_all(code: Code) -> str | None:
    """What stands before every route of Nest; None if that cannot be told: versions, modules that are mounted, prefixes with exceptions."""
    if any(code.project.calls("enableVersioning")) or any(dotted(call.callee).startswith("RouterModule.") for call in code.project.calls("register")):
        return None
    calls = list(code.project.calls("setGlobalPrefix"))
    if not calls:
        return "" if any(code.project.calls("create")) else None
    prefix = code.idioms.text(calls[0].args[0]) if len(calls) == 1 and len(calls[0].args) == 1 else "*"
    return None if not prefix or "*" in prefix else prefix.strip("/")


def _filed(code: Code) -> Iterator[Route]:
    """Routes of Next.js, whose paths are folders. It redirects to the path without a last slash, or with `trailingSlash` to the one with; `skipTrailingSlashRedirect` lets it answer both."""
    settings = {posixpath.dirname(path): _COMMENT.sub("", code.project.text(path)) for path in code.project.sources if _SETTINGS.search(path)}
    for file in code.project.sources:
        root = max((folder for folder in settings if not folder or file.startswith(folder + "/")), key=len, default="")
        path = route_of_file(file[len(root) :].lstrip("/"))
        module = code.project.module(file) if path else None
        if path and module is not None and module.body:
            text = settings.get(root, "")
            said = dict(_SLASH.findall(text))
            traits = () if said.get("skipTrailingSlashRedirect", "false") != "false" or said.get("trailingSlash", "false") not in ("true", "false") else ("slash-redirects",)
            slash = "/" if traits and said.get("trailingSlash") == "true" else ""
            bases = (_BASE.findall(text) or [""]) if "basePath" in text else []
            whole, base = not bases or len(bases) == 1 and bases[0] != "", bases[0] if len(bases) == 1 else ""
            yield Route(base + _SEGMENT.sub("{x}", path) + slash, whole, module.body[-1], traits)


def route_of_file(file: str) -> str | None:
    """`app/api/webhooks/(shop)/clerk/route.ts` -> /api/webhooks/clerk; None for a file that Next.js makes no route of."""
    found = _FILE.search(file)
    if found is None:
        return None
    folder = found["app"] if found["app"] is not None else found["pages"]
    parts = [part for part in folder.split("/") if part and not (part.startswith("(") and part.endswith(")")) and not part.startswith("@")]
    return "/" + "/".join(part for part in parts if part != "index")


def _listed(code: Code) -> Iterator[Route]:
    """Routes of lists that include one another by the names of their modules: Django's `urlpatterns`."""
    uses = [use for use in code.idioms.of("lists-route") if len(use.call.args) > 1]
    for use in uses:
        path = code.idioms.text(use.call.args[0])
        if not _included(code, use) and "*" not in path:
            prefix = _listed_under(code, use, uses, 0)
            yield Route((prefix or "/") + path, prefix is not None, use.call, use.idiom.traits)


def _included(code: Code, use: Use) -> str:
    """The module whose list a route stands for, "" if it is a route itself."""
    second = use.call.args[1]
    if not isinstance(second, Call) or last_name(second.callee) != "include":
        return ""
    return (code.idioms.text(second.args[0]) if second.args else "") or "*"


def _listed_under(code: Code, use: Use, uses: list[Use], depth: int) -> str | None:
    """What stands before the routes of a module, "/" where nothing includes it; None if that cannot be told."""
    name = use.module.path.removesuffix(".py").replace("/", ".")
    included = [(other, _included(code, other)) for other in uses]
    over = [other for other, module in included if module and (name == module or name.endswith("." + module))]
    if not over:
        return None if any(module == "*" for _, module in included) else "/"
    if len(over) > 1 or depth > _DEEPEST:
        return None
    outer = _listed_under(code, over[0], uses, depth + 1)
    given = code.idioms.text(over[0].call.args[0])
    return None if outer is None or "*" in given else outer + given


def _before(code: Code, holder: Origin, depth: int) -> str | None:
    """What stands before the paths of an application, a router or a plugin's parameter; None if that cannot be told."""
    function = holder.node.parent if isinstance(holder.node, Param) else None
    if not isinstance(function, Function) or depth > _DEEPEST:
        return _prefix(code, holder.site, depth)
    mounts = code.once(_registered).get(id(function), [])
    if len(mounts) != 1 or not isinstance(mounts[0].callee, Member):
        return None
    outer, given = _before(code, code.origins.of(mounts[0].callee.object), depth + 1), _given(code, mounts[0])
    return None if outer is None or given is None else outer + given


def _prefix(code: Code, router: Node | None, depth: int) -> str | None:
    """What stands before the paths of a router; "" for the app itself, None if that cannot be told."""
    if not isinstance(router, Call) or depth > _DEEPEST:
        return None
    if isinstance(router.callee, Member) and router.callee.name == "basePath":
        base = code.idioms.text(router.args[0]) if router.args else "*"
        outer = _prefix(code, code.origins.of(router.callee.object).site or router.callee.object, depth + 1)
        return None if outer is None or "*" in base else outer + base.rstrip("/")
    own = next((code.idioms.text(value) for name in _PREFIXES if (value := code.idioms.option(router, name)) is not None), "")
    if "*" in own:
        return None
    mounts = code.once(_mounts).get(id(router), [])
    if not mounts:
        return own if depth or not _is_part(router) or id(router) in code.once(_served) else None
    if len(mounts) > 1:
        return None
    outer = _outer(code, mounts[0], depth)
    given = _given(code, mounts[0])
    return None if outer is None or given is None else outer + given + own


def _registered(code: Code) -> dict[int, list[Call]]:
    """The calls of `register` by the node that they are given first."""
    found: dict[int, list[Call]] = {}
    for call in code.project.calls("register"):
        if call.args:
            found.setdefault(id(code.origins.of(call.args[0]).node), []).append(call)
    return found


def _mounts(code: Code) -> dict[int, list[Call]]:
    """The calls that mount something, by where that is made: asked for each route of an app, and there may be a thousand of either."""
    found: dict[int, list[Call]] = {}
    for call in code.project.calls(*_MOUNTS):
        for site in {id(code.origins.of(_mounted_by(arg)).site) for arg in call.args}:
            found.setdefault(site, []).append(call)
    return found


def _outer(code: Code, mount: Call, depth: int) -> str | None:
    holder = getattr(mount.callee, "object", None)
    while isinstance(holder, Call) and isinstance(holder.callee, Member) and holder.callee.name == "use":
        holder = holder.callee.object  # app.use(parser).use(router.routes())
    site = code.origins.of(holder).site if isinstance(holder, Node) else None
    return _prefix(code, site, depth + 1)


def _mounted_by(arg: Node) -> Node:
    """The router, for `router.routes()` of Koa."""
    made = arg.callee if isinstance(arg, Call) and not arg.args else None
    return made.object if isinstance(made, Member) and made.name in ("routes", "middleware") else arg


def _given(code: Code, mount: Call) -> str | None:
    """The path that a mount names, "" for none, None for one that is computed."""
    for name in _PREFIXES:
        if (value := code.idioms.option(mount, name)) is not None:
            text = code.idioms.text(value)
            return text.rstrip("/") if text and "*" not in text else None
    first = mount.args[0] if len(mount.args) > 1 else None
    text = code.idioms.text(first) if first is not None else ""
    if text.startswith("/"):
        return text.rstrip("/") if "*" not in text else None
    return ""


def _served(code: Code) -> frozenset[int]:
    """What is handed to a server as it is: `serve({ fetch: app.fetch })`, `Bun.serve(app)`, `handle(app)` of Vercel or Lambda."""
    found = [arg for call in code.project.calls("serve", "handle") for arg in call.args]
    found += [entry.value for arg in found if isinstance(arg, Object) for entry in arg.entries if entry.key == "fetch"]
    held = (each.object if isinstance(each, Member) and each.name == "fetch" else each for each in found)
    return frozenset(id(site) for each in held if (site := code.origins.of(each).site) is not None)


def _is_part(router: Call) -> bool:
    """Whether the object is made to be mounted, so that it answers under paths which its own file does not say."""
    name = getattr(router.callee, "name", "") or getattr(router.callee, "id", "")
    return "Router" in name or name in ("Blueprint", "Hono")
