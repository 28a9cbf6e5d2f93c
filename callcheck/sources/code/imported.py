"""What does an imported name stand for?

    from shop.events import paid      what shop/events.py, or the module that it has it from, binds to paid
    import concurrent.futures         the package above; `redis.asyncio as redis` the module itself
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.origin import UNKNOWN, Origin
from callcheck.sources.code.scopes import import_of, module_of
from callcheck.sources.code.tree import Imported

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

_NODE_PREFIX = "node:"


def imported(origins: Origins, name: Imported, depth: int) -> Origin:
    """What an import binds: something of the project, followed through re-exports, a module of it, or something of a package."""
    statement = import_of(name)
    module = module_of(name)
    first = statement.module.partition(".")[0]
    plain = f"{statement.module} as " not in module.line_of(name)  # unlike `import redis.asyncio as redis`
    if module.language == "python" and name.imported == "*" and name.local == first != statement.module and plain:
        # `import concurrent.futures` binds the name of the package above.
        package = origins.project.find(module, first)
        if package is not None:
            return Origin("module", package)
        if origins.project.find(module, statement.module) is None:
            return Origin("external", name, first)
    target = origins.project.find(module, statement.module)
    if target is None and module.language == "python" and name.imported not in ("*",):
        inner = origins.project.find(module, f"{statement.module.rstrip('.')}.{name.imported}" if statement.module.strip(".") else statement.module + name.imported)
        if inner:
            return Origin("module", inner)
    if target is None:
        return Origin("external", name, qualified(statement.module, name.imported))
    if name.imported == "*":
        whole = origins.project.exports(target).get("*") if target.language != "python" else None
        if whole is not None:
            return origins.place(target, whole, depth)
        return Origin("module", target)
    found = origins.project.exported(target, name.imported)
    if found is None and target.language != "python" and (whole := origins.project.exports(target).get("*")) is not None:
        # `const { PAID } = require("./topics")` of `module.exports = Object.freeze({ PAID: "paid" })`
        return origins.member(origins.place(target, whole, depth), name.imported, depth + 1)
    if found is None or found[1] is name:
        submodule = origins.project.find(module, statement.module.rstrip(".") + "." + name.imported) if module.language == "python" else None
        if module.language == "python" and not submodule and not statement.module.strip("."):
            submodule = origins.project.find(module, statement.module + name.imported)
        return Origin("module", submodule) if submodule else UNKNOWN
    return origins.place(*found, depth, name.imported)


def qualified(module: str, name: str) -> str:
    """`events.EventEmitter` for EventEmitter of `node:events`; the module itself for its default and its namespace."""
    module = module.removeprefix(_NODE_PREFIX)
    return module if name in ("*", "default") else f"{module}.{name}"
