"""Which files run as the main program and are imported again by their name, so that all they make exists twice?

    bus = EventEmitter()                          from main import bus      # in camera.py: another bus than that of `python main.py`
    if __name__ == "__main__": run()              bus.emit("frame")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.imports import Imports, is_test
from callcheck.sources.code.processes import Processes
from callcheck.sources.code.scopes import function_of, import_of, is_main_guard, is_script, module_of
from callcheck.sources.code.tree import Call, Function, Imported, Literal, Member, Module, Name, Node, Param

if TYPE_CHECKING:
    from callcheck.sources.code import Code
    from callcheck.sources.code.idioms import Use

_DEEPEST = 4
"""Calls that are followed upwards."""


class Mains:
    """Scripts of one project, with the imports by which they come to be loaded once more."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._imports = Imports(code.project, code.origins)

    def again(self, path: str) -> Node | None:
        """The import by which something that a script loads imports it by its name, or the text by which it has a server import it; None also for what is no script."""
        script = self._started(path)
        if script is None:
            return None
        named = self.served_by_name(script)
        if named is not None:
            return named
        statements = [each for each in self._imports.importers(path) or () if not each[1].type_only and not any(is_main_guard(above) for above in each[1].up())]
        loads = self.code.reach.loads(path) if statements else ()
        return next((statement for module, statement in statements if module.path in loads), None)

    def _started(self, path: str) -> Module | None:
        """A file that is run as a program of its own: by a command of the deployment, or for want of one by what it says itself."""
        commands = [each for each in self.code.once(Processes).programs if each.path == path]
        # No file is parsed for it that neither a command names nor a guard stands in.
        maybe = path.endswith(".py") and not is_test(path) and (commands or "__main__" in self.code.project.text(path))
        module = self.code.project.module(path) if maybe else None
        if module is None or not (any(each.as_main for each in commands) if commands else is_script(module)):
            return None
        # What a server's command imports for its app is run by its name, however it starts itself on a desk: `gunicorn wsgi:app`, which has `from shop.main import app`.
        return module if commands or not self._served(path) else None

    def _served(self, path: str) -> bool:
        """Whether a web server that the deployment starts loads a file."""
        processes = self.code.once(Processes)
        return any(each.kind == "web" and path in processes.loads(each) for each in processes.programs)

    def started(self, path: str) -> bool:
        """Whether a file is run as the main program, as far as the commands of the deployment tell."""
        return self._started(path) is not None

    def commanded(self, path: str) -> bool:
        """Whether a command of the deployment runs a file as the main program."""
        return any(each.path == path and each.as_main for each in self.code.once(Processes).programs)

    def side(self, use: Use, script: Module) -> str:
        """On which copy of a script's object a use acts: `main`, `copy` (the one that is imported), or "" for both or what cannot be told."""
        callee = use.call.callee
        return self._side(use.call, callee.object if isinstance(callee, Member) else callee, script, 0)

    def _side(self, node: Node, through: Node, script: Module, depth: int) -> str:
        module, function = module_of(node), function_of(node)
        root = through
        while isinstance(root, (Member, Call)):
            root = root.object if isinstance(root, Member) else root.callee
        if not isinstance(root, Name) or depth > _DEEPEST:
            return ""
        declared = next((held for scope in self.code.origins.scopes_of(root) if (held := self.code.project.scope(scope).get(root.id))), [])
        if any(isinstance(each, Imported) for each in declared):
            return "copy" if module is not script and self._comes_from(next(each for each in declared if isinstance(each, Imported)), script) else ""
        if any(isinstance(each, Param) for each in declared) or root.id == "self":
            return self._agreed(function, script, depth)
        if module is not script:
            return ""
        if function is None:
            return "main" if any(is_main_guard(above) for above in node.up()) else ""
        by_name = self.served_by_name(script) is not None
        if by_name and self.code.lifetimes.role(function) in PER_CALL:
            return "copy"
        return self._agreed(function, script, depth) or ("" if by_name else "main")

    def _comes_from(self, imported: Imported, script: Module) -> bool:
        """Whether an import brings what a script makes, from the script itself or through a package that passes it on."""
        statement = import_of(imported)
        target = self.code.project.find(module_of(imported), statement.module)
        made = self.code.origins.binding(imported, imported.local)
        return target is script or (made.site is not None and module_of(made.site) is script) or (made.kind == "module" and made.node is script)

    def _agreed(self, function: Function | None, script: Module, depth: int) -> str:
        """The side of all calls of a function; "" if they differ or there are none."""
        calls = self.code.origins.calls_of(function) if function is not None else []
        found = {self._side(call, call.callee, script, depth + 1) if module_of(call) is not script else self._within(call, script, depth) for call in calls}
        return found.pop() if len(found) == 1 else ""

    def _within(self, call: Call, script: Module, depth: int) -> str:
        """The side of a call that stands in the script itself."""
        above = function_of(call)
        if above is None:
            return "main" if any(is_main_guard(each) for each in call.up()) else ""
        return self._agreed(above, script, depth + 1) if depth < _DEEPEST and self.code.origins.calls_of(above) else "main"

    def served_by_name(self, script: Module) -> Node | None:
        """`uvicorn.run("main:app")` below the script's guard: the server imports the script for its routes, which then belong to the copy."""
        stem = script.path.removesuffix(".py").replace("/", ".")
        starts = (f"{stem}:", f"{stem.rpartition('.')[2]}:")
        return next((node for node in script.all(Literal) if isinstance(node.value, str) and node.value.startswith(starts) and isinstance(node.parent, Call)), None)
