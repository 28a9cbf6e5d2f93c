"""Does the program end by itself after a call, as nothing that runs later waits for long?

    def main():
        observer.start()              # a thread that does not keep the program going
        print("watching")
    main()                            # and here the program is over

Followed from the call up through all that calls its function, to the statements of the program's file. What is written in other functions and files does not keep
this program going; what cannot be followed, and what may wait under a name that nobody knows, may.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.aside import is_only_test
from callcheck.model.pattern import pattern
from callcheck.sources.code.scopes import CTORS, function_of, is_main_guard, module_of, within
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    Import,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Yield,
    dotted,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code
    from callcheck.sources.code.idioms import Use

_MOST = 12
"""Places at which a program goes on after a call that are looked at."""
_DEEPEST = 4
_WAITS = pattern(
    r"^(?:u?sleep|wait\w*|join\w*|(?:raw_)?input|pause|sig(?:timed)?wait\w*|(?:\w+_)?serve(?:_\w+)?|run\w*|[mM]ain_?[lL]oop|exec_?|idle|\w*poll\w*|\w*consum\w*|gather|get|recv\w*|accept|select|spin\w*|listen\w*"
    r"|launch|show|\w*loop|result|communicate|interact|readline|getch|breakpoint|set_trace|\w*forever|\w*block\w*|drain_events|dispatch\w*|watch\w*|monitor\w*|react|execute_from_command_line"
    r"|main|cli|app|\w*Executor|TaskGroup|open_nursery|create_task_group|shutdown|stop_when\w*|hold|stay\w*|keep\w*|Future|iwait|follow|tail)$",
)
"""Names of calls that wait, or may."""
_BEGINS = pattern(r"^(?:(?:\w+_)?serve(?:_\w+)?|\w*polling|listen\w*|launch)$")
"""Those that may begin what keeps a program going, also before the call."""
_THREADS = frozenset({"Thread", "Timer", "Process"})
_PASSING = ("subprocess.", "os.", "logging.", "shutil.", "turtle.listen")
"""What is called there has returned soon, or is no wait for events."""
_AT_ONCE = frozenset("range enumerate sorted zip list tuple set items values keys glob rglob iglob iterdir listdir walk split splitlines reversed filter map dict".split())
_SERVED = frozenset(
    "flask fastapi django starlette quart sanic litestar falcon bottle aiohttp celery dramatiq rq huey arq taskiq streamlit gradio dash panel bokeh nicegui airflow dagster prefect "
    "locust pytest unittest homeassistant appdaemon azure aws_lambda_powertools functions_framework chalice IPython ipywidgets marimo modal kopf odoo scrapy".split()
)
"""Packages whose programs import a file and go on by themselves."""


def runs_dry(code: Code, use: Use) -> bool:
    """Whether every program that makes a call is known to come to its end after it."""
    asked = _Asked(code, use)
    waiting: list[Node] = [use.call]
    for count, node in enumerate(waiting):
        if count > _MOST:
            return False
        function = function_of(node)
        scope: Function | Module = function or module_of(node)
        if asked.goes_on(node, scope):
            return False
        above = list(_callers(code, function)) if function is not None else _importing(code, module_of(node), node)
        if above is None or (function is not None and not above):
            return False
        waiting += [each for each in above if all(each is not known for known in waiting)]
    return True


def _callers(code: Code, function: Function) -> Iterator[Node]:
    made = function.parent if isinstance(function.parent, ClassDef) and function.name in CTORS else function
    yield from (call for call in code.origins.calls_of(made) if function_of(call) is not function and not is_only_test(module_of(call).path))


def _importing(code: Code, module: Module, node: Node) -> list[Node] | None:
    """The statements by which others load a file for what stands in it outside of functions; none if it is a program itself, None if that cannot be told."""
    if any(is_main_guard(above) for above in node.up()):
        return []
    if module.path in code.once(_served_files):
        return None
    found: list[Node] = []
    for path in sorted(code.project.importers(module.path)):
        other = code.project.module(path) if not is_only_test(path) else None
        if other is not None:
            statements = [each for each in other.all(Import) if _brings(code, other, each, module)]
            if not statements:
                return None
            found += statements
    if found:
        return found
    roots = {each.module.split(".")[0] for each in module.all(Import)}
    return None if roots & _SERVED or module.path.endswith("__init__.py") else []


def _served_files(code: Code) -> frozenset[str]:
    """The files that a server or a worker loads by their name, as a command says, and then goes on: `gunicorn shop.wsgi:app`."""
    from callcheck.sources.code.processes import Processes

    return frozenset(each.path for each in code.once(Processes).programs if not each.as_main)


def _brings(code: Code, importer: Module, statement: Import, module: Module) -> bool:
    stem = statement.module if not statement.module.strip(".") else f"{statement.module}."
    return any(code.project.find(importer, name) is module for name in (statement.module, *(stem + each.imported for each in statement.names)))


class _Asked:
    """What keeps the program of one use going; what that use begins itself does not."""

    def __init__(self, code: Code, use: Use) -> None:
        self._code = code
        self._own = {code.lifetimes.identity(each) for each in (use.receiver, code.origins.of(use.call))} - {""}

    def goes_on(self, node: Node, scope: Function | Module) -> bool:
        """Whether what runs in a function, or a file, after a place in it may keep the program going; or was begun there before."""
        for above in node.up():
            if above is scope:
                break
            if (isinstance(above, Loop) and self._lasting(above)) or (isinstance(above, Call) and self._may_wait(above, True, 0)):
                return True
        through = {id(above) for above in node.up()} | {id(node)}
        return any(self._keeps(each, each.at >= node.end, 0) for each in within(scope) if id(each) not in through)

    def _keeps(self, node: Node, later: bool, depth: int) -> bool:
        """Whether a node of what runs may keep the program going: by waiting, if it comes `later`, or else by a thread of its own."""
        if isinstance(node, Yield):
            return True
        if isinstance(node, Call):
            return self._may_wait(node, later, depth)
        if not later:
            return False
        if isinstance(node, Await):
            return not isinstance(node.value, Call)
        return isinstance(node, Loop) and self._lasting(node)

    def _may_wait(self, call: Call, later: bool, depth: int) -> bool:
        name = last_name(call.callee)
        origin = self._code.origins.of(call.callee)
        if f"{origin.qualified}.".startswith(_PASSING):
            return False
        made = origin.node
        if isinstance(made, ClassDef):
            made = next((each for each in made.body if isinstance(each, Function) and each.name in CTORS), made)
        if isinstance(made, Function):
            return depth >= _DEEPEST or any(self._keeps(each, later, depth + 1) for each in within(made))
        if name in _THREADS or name.startswith(("start", "listen")):
            return self._is_lasting_thread(call, name)
        if isinstance(made, ClassDef) or not (_WAITS if later else _BEGINS).search(name):
            return False
        first = call.args[0] if call.args else None
        if name.startswith("run") and isinstance(first, Call) and isinstance(self._code.origins.of(first.callee).node, Function):
            return False  # asyncio.run(main()): what main() does is among the calls, too.
        if name == "sleep" and isinstance(first, Literal) and isinstance(first.value, (int, float)):
            return first.value >= 5 or any(isinstance(above, Loop) for above in call.up())
        if name == "get":
            return first is None
        if name == "show":
            return not isinstance(call.callee, Member) or origin.qualified.startswith("matplotlib.")  # window.show() does not wait
        return name != "join" or not (first is not None and isinstance(call.callee, Member) and (isinstance(call.callee.object, Literal) or "path" in dotted(call.callee)))

    def _is_lasting_thread(self, call: Call, name: str) -> bool:
        """Whether a call makes, or starts, what may be a thread or process that the program waits for at its end."""
        if name not in _THREADS:
            made = self._code.origins.of(call.callee.object if isinstance(call.callee, Member) else call.callee)
            if self._code.lifetimes.identity(made) in self._own or self._is_asked_for(call):
                return False
            if not isinstance(made.node, Call) or made.cls is not None:
                return True
            if self._is_asked_for(made.node) or last_name(made.node.callee) not in _THREADS:
                return not self._is_asked_for(made.node)
            call = made.node
        daemon = next((each.value for each in call.keywords if each.name == "daemon"), None)
        if isinstance(daemon, Literal):
            return not daemon.value
        above = call.parent
        kept = last_name(above.targets[0]) if isinstance(above, Assign) and above.targets else ""
        return not (kept and any(text in module_of(call).text for text in (f"{kept}.daemon = True", f"{kept}.setDaemon(True)")))

    def _is_asked_for(self, call: Call) -> bool:
        """Whether a call begins what is known to end with the program."""
        return any("runs-dry" in use.idiom.where for use in self._code.idioms.at(call))

    def _lasting(self, loop: Loop) -> bool:
        """Whether a loop may go on for long: all but those over what is there at once."""
        if loop.test is not None or loop.is_async or loop.over is None:
            return True
        origin = self._code.origins.of(loop.over.callee if isinstance(loop.over, Call) else loop.over)
        if isinstance(loop.over, Call):
            return last_name(loop.over.callee) not in _AT_ONCE and not isinstance(origin.node, Function)
        return isinstance(loop.over, (Name, Member)) and origin.kind in ("external", "made", "part", "unknown")
