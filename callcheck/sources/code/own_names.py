"""Which names of a file are a package's own under another one, and how does the file read with the package's in their place?

    from celery import shared_task as job               @job                     is  @shared_task
    from enum import StrEnum as Names                   class Topic(Names): ...      class Topic(StrEnum): ...
    import { Worker as Consumer } from "bullmq"         new Consumer("mail")         new Worker("mail")

Done once for each file, before anything else is asked of it: who looks for a name of a library then need not ask what else it may be called.
The file goes on giving to others what it imports under the name that it chose (`Imported.alias`).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence

from callcheck.sources.code.paths import Paths
from callcheck.sources.code.scopes import DECLARING, declares, import_of
from callcheck.sources.code.tree import Assign, Catch, Function, Import, Imported, Module, Name, Node, Param


def give_back(module: Module, paths: Paths) -> dict[str, str]:
    """Read the uses of each renamed import by its own name, in the tree; the other name and the own one of each.

    Left as it is where the file has something else of either name, so that no two things come to be one.
    """
    other = {name.local: own for name in module.all(Imported) if (own := _own(module, name, paths))}
    if not other:
        return {}
    nodes: list[Node] = [node for kind in DECLARING for node in module.all(kind)]
    times = Counter(name for node in nodes for name, _ in declares(node))
    used = {name.id for name in module.all(Name)}
    owned = Counter(other.values())
    other = {name: own for name, own in other.items() if times[name] == 1 and owned[own] == 1 and not times[own] and own not in used}
    if not other:
        return {}
    for imported in module.all(Imported):
        if imported.local in other:
            imported.alias, imported.local = imported.local, other[imported.local]
    for use in module.all(Name):
        use.id = other.get(use.id, use.id)
    for param in module.all(Param):
        param.annotation = respelt(param.annotation, other)
    for assign in module.all(Assign):
        assign.annotation = respelt(assign.annotation, other)
    for function in module.all(Function):
        function.returns = respelt(function.returns, other)
    for catch in module.all(Catch):
        catch.types = [respelt(each, other) for each in catch.types]
    return other


def respelt(text: str, other: dict[str, str]) -> str:
    """A text with the own names in the place of the others; not those of arguments, fields and texts."""
    names = "|".join(map(re.escape, other))
    return re.sub(rf"(?<![\w.\"'`$])(?:{names})(?![\w\"'`$]|[ \t]*=(?!=))", lambda found: other[found[0]], text) if text else text


def unprefixed(module: Module, lines: Sequence[str], paths: Paths) -> list[str]:
    """The lines without the name of a package that `import * as vue` brings as a whole, [] if there is none: `watch(items, save)` for `vue.watch(items, save)`.
    In Python without that of a package's part: `post_save` for `django.db.models.signals.post_save`, `filters.TEXT` for `telegram.ext.filters.TEXT`.

    What `require`, or `import redis`, brings is called by its name everywhere, and known so.
    """
    if module.language == "python":
        parts = {each.module for each in module.all(Import) if "." in each.module.strip(".") and not each.module.startswith(".") and not _named_apart(each)}
        outside = [name for name in parts if name.split(".")[0] not in sys.stdlib_module_names and paths.find(module.path, name) is None]
        names = "|".join(map(re.escape, sorted(outside, key=len, reverse=True)))
        found = re.sub(rf"(?<![\w.\"'`$])(?:{names})\.(?=\w)", "", "\n".join(lines)) if names else ""
        return found.split("\n") if found and found != "\n".join(lines) else []
    whole = [statement for statement in module.all(Import) if module.language != "python" and not statement.module.startswith((".", "node:")) and "* as" in module.line_of(statement)]
    names = "|".join(re.escape(name.local) for statement in whole for name in statement.names if name.imported == "*" and name.local != "*")
    found = re.sub(rf"(?<![\w.\"'`$])(?:{names})\.(?=\w)", "", "\n".join(lines)) if names else ""
    return found.split("\n") if found else []


def _named_apart(statement: Import) -> bool:
    """Whether a Python import gives names of their own to what it brings: `from a.b import c`, `import a.b as c`."""
    return any(name.imported != "*" or name.local != statement.module.split(".")[0] for name in statement.names)


def _own(module: Module, name: Imported, paths: Paths) -> str:
    """The name that what is imported from a package has there; "" if it is used under that, or comes from the project."""
    statement = import_of(name)
    if name.imported in ("default", name.local) or statement.reexport or statement.module.startswith("."):
        return ""
    own = statement.module if name.imported == "*" and module.language == "python" and name.local != "*" else name.imported
    return "" if own in ("*", name.local) or not own.isidentifier() or _within(module, statement, name, paths) else own


def _within(module: Module, statement: Import, name: Imported, paths: Paths) -> bool:
    below = (statement.module, f"{statement.module}.{name.imported}") if module.language == "python" else (statement.module,)
    return any(paths.find(module.path, each) is not None for each in below)
