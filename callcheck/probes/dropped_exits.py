"""Does a start script drop the failure of a program that cannot but fail, as nothing sets a variable which it insists on?

    python -m shop.register >/dev/null 2>&1 || true          # entrypoint.sh
    callback = os.environ["PUBLIC_URL"] + "/hooks"           # KeyError: the deployment sets PUBLIC_HOST
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.execution import ErrorDropped
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.processes import Processes
from callcheck.sources.code.scopes import function_of, is_main_guard, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Catch, Function, Node, Try, dotted
from callcheck.sources.code.variables import Read
from callcheck.sources.code.wording import lines_of
from callcheck.sources.environment import OPEN, settings
from callcheck.sources.launch.dropped import SCRIPTS, UNITS, Dropped, dropped

_ABOUT = pattern(r"(?i)hook|call_?back|subscri|regist|listen|notif")
"""What a program is about for whose failure a callback may stay away."""
_OPTIONAL = pattern(r"(?:^|\.)(?:get|getenv)$|^process\.env\b")
_MORE = (".env", ".env.*", "*.env", "*.json", "Makefile", "justfile", "*.cfg", "*.j2", "*.tpl")
"""Where a variable may be set besides the files that say what is started."""
_FILES_READ = ("dotenv", "env_file", "EnvFile", "loadEnvFile")
_THROWS = pattern(r"\b(?:throw|raise|exit|assert|fail\w*|invariant)\b")
_LARGEST = 300_000


class DroppedExits:
    """Silent where a variable may come from a place that cannot be seen, or its name stands anywhere in the deployment's files."""

    name = "dropped-exits"
    looks_at = (*UNITS, *SCRIPTS)
    marks = ("|| true", "|| :", "||true", "/dev/null", "ExecStartPre=-")
    answers = frozenset({ErrorDropped})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "nothing that is started"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = list(dropped(eyes)) if eyes.code.present else []
        given = list(settings(eyes)) if found else []
        # A program that reads a file of variables by itself may have it anywhere.
        if not given or any(each.name == OPEN for each in given) or any(word in eyes.code.project.text(path) for path in eyes.code.project.holding(_FILES_READ) for word in _FILES_READ):
            return
        for each in found:
            read = _insists(eyes, each)
            if read is not None:
                fact = ErrorDropped("", "exit", clean(each.command, 100), module_of(read.node).language)
                reads = seen(fact, read.node, self.name, label=f"nothing here sets {clean(read.name, 60)}, so it fails at this")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(each.file.name), each.line), clean(each.command, 200), because=(reads,))


def _insists(eyes: Eyes, each: Dropped) -> Read | None:
    """The first reading that a program comes to whatever it is told, and that fails, as the variable's name stands nowhere in the deployment."""
    code = eyes.code
    path = code.reach.entry(each.entry)
    if path is None or is_test(path) or not _ABOUT.search(code.project.text(path)):
        return None
    loads = code.reach.loads(path)
    reads = [read for read in code.variables.reads if read.needed and module_of(read.node).path in loads and _fails(code, read.node)]
    sure = [read for read in reads if not is_test(module_of(read.node).path) and _comes_to(code, read.node, path, loads)]
    said = _said(eyes) if sure else ""
    return next((read for read in sure if read.name not in code.variables.written() and not pattern(rf"\b{read.name}\b").search(said)), None)


def _fails(code: Code, node: Node) -> bool:
    """Whether the reading itself fails where nothing is set: `os.environ["X"]`, or a helper that throws; not `os.environ.get("X")`, nor `process.env.X`."""
    if any(isinstance(above, (Try, Catch)) for above in node.up()):
        return False
    if not isinstance(node, Call):
        return not _OPTIONAL.search(dotted(node)) and dotted(node).startswith(("os.environ.", "environ."))
    if module_of(node).language == "python" and dotted(node.callee) in ("env", "env.str", "env.url", "config"):
        return True
    helper = code.origins.of(node.callee).node
    return isinstance(helper, Function) and bool(_THROWS.search(lines_of(helper)))


def _comes_to(code: Code, node: Node, path: str, loads: frozenset[str]) -> bool:
    """Whether the program runs a node in any case: it stands outside of all functions, or in one that is called from there. What stands below a main guard counts in the program's own file."""
    if function_of(node) is None:
        return True
    tops = code.once(Processes).tops(node)
    return any(not isinstance(top, Function) and module_of(top).path in loads and (module_of(top).path == path or not any(is_main_guard(above) for above in top.up())) for top in tops)


def _said(eyes: Eyes) -> str:
    """The text of all files in which a variable may be set."""
    return "\n".join(eyes.readable(file, _LARGEST + 1) for file in eyes.tree.named(*UNITS, *SCRIPTS, *_MORE))


PROBE = DroppedExits()
