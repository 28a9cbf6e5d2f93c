"""Is a function of the project named anywhere but where it is defined, imported and exported?

    export function startWorker() { return new Worker("faults", handle); }        # and main.js imports another function of the file
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import import_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    Imported,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Subscript,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_BY_FRAMEWORKS = frozenset(
    "constructor register bootstrap setup install init initialize ready boot onModuleInit onApplicationBootstrap onModuleDestroy afterInit handler default up down created started mounted activate load".split()
)
"""Names by which frameworks call functions and methods that no source calls."""


def uncalled(code: Code, function: Function) -> bool:
    """Whether nothing calls, or hands on, a function of a JavaScript module, or a method of a class that is made; False where that is not sure."""
    cls = function.parent if isinstance(function.parent, ClassDef) else None
    name = function.name
    if len(name) < 3 or name in _BY_FRAMEWORKS or function.decorators or module_of(function).language == "python":
        return False
    if cls is None and not isinstance(function.parent, (Module, Assign)):
        return False
    if cls is not None and (cls.bases or cls.decorators or not any(not is_test(module_of(call).path) for call in code.origins.calls_of(cls))):
        return False
    if _used_as_a_whole(code, module_of(function)):
        return False
    if code.project.exports(module_of(function)).get("default") in (function, name) or code.origins.calls_of(function):
        return False
    return not any(_named(code, module, name) for module in code.project.naming(name) if not is_test(module.path))


def _used_as_a_whole(code: Code, home: Module) -> bool:
    """Whether a file that loads the module does something with all that it exports, or calls by names that it puts together."""
    stem = home.path.rsplit("/", 1)[-1].split(".")[0]
    if any(stem in code.idioms.text(call.args[0]) for call in code.project.calls("import") if call.args):
        return True
    for path in code.project.importers(home.path):
        module = code.project.module(path)
        if module is None or any(isinstance(call.callee, Subscript) for call in module.all(Call)):
            return True
        whole = {each.local for each in module.all(Imported) if each.imported == "*" and code.project.find(module, import_of(each).module) is home}
        if any(name.id in whole and not (isinstance(name.parent, Member) and name.parent.object is name) for name in module.all(Name)):
            return True
    return False


def _named(code: Code, module: Module, name: str) -> bool:
    if any(literal.value == name for literal in module.all(Literal)):
        return True
    return any(last_name(node) == name and not _only_told(node) and not _foreign(code, node) for node in (*module.all(Name), *module.all(Member)))


def _only_told(node: Node) -> bool:
    """Whether a name stands where something is defined or exported: `exports.start = …`, `module.exports = { start }`, `const start = …`."""
    above = node.parent
    if isinstance(above, Assign) and any(target is node for target in above.targets):
        return True
    table = above.parent if isinstance(above, Entry) else None
    return isinstance(table, Object) and isinstance(table.parent, Assign) and any(dotted(target) in ("module.exports", "exports") for target in table.parent.targets)


def _foreign(code: Code, node: Node) -> bool:
    """Whether it is a method of something that a library made: `express().listen`."""
    if not isinstance(node, Member):
        return False
    origin = code.origins.of(node.object).root
    return origin.cls is None and bool(origin.qualified) and origin.kind in ("external", "made", "param")
