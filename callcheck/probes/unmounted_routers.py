"""Which routers of Express, Koa or Hono have routes, and are mounted on no application?

    const hooks = require("./routes/hooks");          // and no app.use("/hooks", hooks): each call of it is answered 404
    app.use("/orders", orders);

A router whose file nobody imports is told only if its paths are those of callbacks: others may be what is left of something old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, splitext

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ReceiverMissing
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Export,
    Import,
    Imported,
    Literal,
    Member,
    Module,
    Name,
    Node,
    dotted,
    last_name,
)

_MAKES = frozenset({"express.Router", "express.default.Router", "@koa/router", "@koa/router.default", "koa-router", "koa-router.default", "hono.Hono"})
_MOUNTS = ("use", "route")
_LOADS = ("require", "import")
_LISTS = ("readdir", "readdirSync", "glob", "globSync", "requireAll", "requireDir", "autoload", "consign", "context", "importx")
"""Calls by which files are loaded that no line names."""
_GIVES = frozenset({"routes", "middleware", "callback", "fetch"})
"""Members by which a router is given in another form: `app.use(router.routes())`."""
_CALLED = pattern(r"(?i)hook|callback|notif|\bipn\b|postback|webhook|inbound|receiv")
_TEXTS = ("*.json", "Dockerfile*", "*.yml", "*.yaml", "*.toml", "Procfile*", "*.sh")


class UnmountedRouters:
    """Follows each router with routes to where it is named as a whole: in its own file, and in those that import it."""

    name = "unmounted-routers"
    looks_at = Sight.SOURCE
    about = ("serve",)
    answers = frozenset({ReceiverMissing})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        routers: dict[int, tuple[Call, list[Use]]] = {}
        for use in code.idioms.of("serve"):
            made = use.receiver.site
            if use.module.language != "python" and isinstance(made, Call) and use.receiver.qualified in _MAKES and "before" not in use.idiom.traits and not is_test(use.module.path):
                routers.setdefault(id(made), (made, []))[1].append(use)
        if not routers or not self._mounts(code, [made for made, _ in routers.values()]) or _loads_unnamed(code):
            return
        for made, uses in routers.values():
            name = _name(made)
            if not name or function_of(made) is not None or _is_given(module_of(made), name, made):
                continue
            exported = _exported(module_of(made), name)
            brought = _brought(code, module_of(made), exported)
            if brought is None:
                continue
            if brought or not exported or _is_called_from_outside(code, made, uses):
                fact = ReceiverMissing(clean(name, 80), "not-mounted", uses[0].framework.name, uses[0].module.language)
                because = tuple(seen(fact, each, self.name, label="brought in here, and not mounted") for each in brought[:1])
                yield seen(fact, made, self.name, (*because, seen(fact, uses[0].call, self.name, label="a route of it")))

    def _mounts(self, code: Code, routers: list[Call]) -> bool:
        """Whether the project mounts any router, or listens with an application: one that never does may be a library."""
        return any(not is_test(module_of(call).path) for call in code.project.calls("listen", "serve")) or len(routers) > 1 and any(True for _ in code.project.calls(*_MOUNTS))


def _name(made: Call) -> str:
    held = made.parent
    # A field of a class is mounted by way of an object: `app.use(new Hooks().router)`.
    return held.targets[0].id if isinstance(held, Assign) and not isinstance(held.parent, ClassDef) and len(held.targets) == 1 and isinstance(held.targets[0], Name) else ""


def _loads_unnamed(code: Code) -> bool:
    """Whether files are loaded whose names only the run knows."""
    for call in code.project.calls(*_LOADS, *_LISTS):
        if last_name(call.callee) in _LISTS or call.args and not isinstance(call.args[0], Literal):
            return True
    return any("import.meta.glob" in code.project.text(module.path) for module in code.project.naming("glob"))


def _is_given(module: Module, name: str, made: Call) -> bool:
    """Whether a module names its router as a whole, other than to export it or to put routes on it."""
    for node in module.all(Name):
        above = node.parent
        if node.id != name or any(_exports(each) for each in node.up()):
            continue
        if isinstance(above, Member) and above.object is node:
            if above.name in _GIVES:
                return True
        elif not (isinstance(above, Assign) and above.value is made):
            return True
    return False


def _exports(node: Node) -> bool:
    return isinstance(node, Export) or isinstance(node, Assign) and any(dotted(target).startswith(("module.exports", "exports")) for target in node.targets)


def _exported(module: Module, name: str) -> set[str]:
    """The names under which a router is exported; "*" for the whole of the module."""
    return {key for export in module.all(Export) for key, held in export.names.items() if (held.id if isinstance(held, Name) else held) == name}


def _brought(code: Code, home: Module, exported: set[str]) -> list[Node] | None:
    """The imports of a router from its file that nothing is done with; None if one of them may be mounted."""
    stem = splitext(basename(home.path))[0]
    found: list[Node] = []
    for module in code.project.naming(*_words(home)):
        if module is home or is_test(module.path):
            continue
        for statement in module.all(Import):
            into = code.project.find(module, statement.module)
            if into is not home:
                if into is None and statement.module.rpartition("/")[2] == stem and statement.module.startswith((".", "@/", "~", "src/", "#")):
                    return None
                continue
            if statement.reexport or not statement.names:
                return None
            brought = [each for each in statement.names if each.imported in exported | {"*", "default"}]
            if any(not _idle(module, each) for each in brought):
                return None
            found += brought
        for call in module.calls(*_LOADS):
            text = code.idioms.text(call.args[0]) if call.args else ""
            if text and code.project.find(module, text) is home:
                return None
    return found


def _words(home: Module) -> list[str]:
    """The words of which a file that imports another has one: of its name, or of its folder's where it is an index."""
    path = splitext(home.path)[0]
    parts = path.split("/")
    return [each for each in re.split(r"\W+", parts[-2] if parts[-1] == "index" and len(parts) > 1 else parts[-1]) if each]


def _idle(module: Module, brought: Imported) -> bool:
    """Whether nothing is done with what an import brings."""
    names = (brought.local, brought.alias)
    return not any(node.id in names for node in module.all(Name)) and not any(held in names for export in module.all(Export) for held in export.names.values())


def _is_called_from_outside(code: Code, made: Call, uses: list[Use]) -> bool:
    """Whether a router that no file imports has the paths of callbacks, and its file is named in no file of the project."""
    path = module_of(made).path
    paths = [event for use in uses for event in code.idioms.events(use)]
    if not (_CALLED.search(splitext(basename(path))[0]) or any(_CALLED.search(each) for each in paths)):
        return False
    return not any(basename(path) in code.project.text_of(file) for file in code.project.files_named(*_TEXTS))


PROBE = UnmountedRouters()
