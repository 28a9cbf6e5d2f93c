"""Which Python programs does a deployment start, and does a piece of code run in each of them?

    web: gunicorn shop.web:app           loads shop/web.py and what it imports, and calls its views
    15 0 * * * python -m shop.nightly    loads shop/nightly.py, and runs what stands below its `if __name__ == "__main__"`
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.imports import Imports, is_test
from callcheck.sources.code.scopes import function_of, is_main_guard, module_of
from callcheck.sources.code.tops import Tops
from callcheck.sources.code.tree import Function, Import, Module, Node
from callcheck.sources.launch.started import ONE_OFF

_FILES = ("Procfile*", "Dockerfile*", "*compose*.y*ml", "*.yml", "*.yaml", "*.service", "*.conf", "*.ini", "*.cron", "crontab*", "*.crontab", "*.toml", "*.sh", "Makefile", "*.tf", "*.nomad", "*.hcl", "package.json", "setup.cfg")
_APP = pattern(r"(?<![\w./:@-])([A-Za-z_]\w*(?:\.\w+)*):([A-Za-z_]\w*)(?![\w/.])")
_RUN = pattern(r"(?:-m[\"', \t]{1,5}|(?:^|[\s\"'/])(?=[\w./-]+\.py\b))([\w./-]+)")
_WORKER = pattern(r"\b(?:(?:celery|faust)\b[^\n]*?(?:-A|--app)[=\"',\s]{1,4}|dramatiq[\"',\s]{1,4}|huey_consumer(?:\.py)?[\"',\s]{1,4}|arq[\"',\s]{1,4}|taskiq[\"', ]{1,4}worker[\"',\s]{1,4})([A-Za-z_][\w.]*)")
_QUEUES = pattern(r"\b(?:celery|dramatiq|huey_consumer|arq|taskiq|faust|rq)\b")
_SERVERS = pattern(r"\b(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress|uwsgi|flask|fastapi|litestar|sanic|quart)\b")
_MODULE = pattern(r"(?<![\w.:])\w+(?:\.\w+)*")
_TOLD_QUEUES = pattern(r"(?<![\w-])(?:-Q|--queues)[=\s\"',]{1,5}([^\s\"'\[\]-][^\n\[\]]{0,200})")
_WEB = frozenset({"request", "connection", "render"})
_JOBS = frozenset({"job"})


@dataclass(frozen=True, slots=True)
class Program:
    """One command of the deployment: the file that it starts from, what of it is called (`create_app`), and whether it serves, takes jobs, or just runs."""

    path: str
    name: str
    attribute: str = ""
    kind: str = "main"
    text: str = ""
    queues: tuple[str, ...] = ()
    """Those that the command of a worker names; empty where it names none."""

    @property
    def as_main(self) -> bool:
        """Whether the file runs under the name `__main__`: what calls a function of it, as the console script `shop.hub:main` does, imports it by its own name."""
        return self.kind == "main" and not self.attribute


class Processes:
    """Programs by the commands that name them; what only a test, a migration or a set-up script starts is none."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.imports = Imports(code.project, code.origins)
        self._loads: dict[Program, set[str]] = {}

    @functools.cached_property
    def programs(self) -> tuple[Program, ...]:
        """Each once, in the order of the files."""
        found: dict[tuple[str, str, str], Program] = {}
        for file in self.code.project.files_named(*_FILES):
            if is_test(file.name):
                continue
            for line in self.code.project.text_of(file).split("\n"):
                for program in self._in(line) if len(line) < 2000 else ():
                    if not is_test(program.path) and not ONE_OFF.search(program.name):
                        found.setdefault((program.path, program.attribute, program.kind), program)
        return tuple(found.values())

    def _in(self, line: str) -> Iterator[Program]:
        worker = _WORKER.search(line)
        if worker:
            # `dramatiq app.mails app.reports`, `taskiq worker app.hub:broker app.mails`: each word is a module; the others are told one.
            names = _MODULE.findall(line[worker.start(1) :])
            for name in names[:8] if worker[0].startswith(("dramatiq", "taskiq")) else names[:1]:
                # `huey_consumer shop.jobs.huey`, `arq shop.jobs.WorkerSettings`: the last name is one of the module's.
                inner = name.rpartition(".")[0] if worker[0].startswith(("huey_consumer", "arq")) else ""
                yield from self._made(inner or name, name[len(inner) + 1 :] if inner else "", "worker", line)
            return
        kind = "worker" if _QUEUES.search(line) else "web" if _SERVERS.search(line) else "main"
        for found in _APP.finditer(line):
            yield from self._made(found[1], found[2], kind, line)
        for found in _RUN.finditer(line):
            yield from self._made(found[1], "", "main", line)

    def _made(self, written: str, attribute: str, kind: str, line: str) -> Iterator[Program]:
        name = written.removesuffix(".py").removeprefix("./").replace("/", ".").strip(".")
        path = self.code.reach.entry(f"{name}:{attribute}" if attribute else name) if name else None
        module = self.code.project.module(path) if path and path.endswith(".py") else None
        whole = path.removesuffix(".py").removesuffix("/__init__").removesuffix("/__main__").replace("/", ".") if path else ""
        if module is None or not (whole == name or whole.endswith(f".{name}") or name.endswith(f".{whole}") or whole == f"{name}.celery"):
            return
        if attribute and re.search(rf"^(?:def |async def |class )?{re.escape(attribute)}\b|import.*\b{re.escape(attribute)}\b", module.text, re.MULTILINE) is None:
            return
        shown = " ".join(line.split())
        yield Program(module.path, name, attribute, kind, shown[-90:], _queues_in(line) if kind == "worker" else ())

    def loads(self, program: Program) -> set[str]:
        """The files that it loads. An import inside a function counts only if the function may run in this program."""
        if program not in self._loads:
            found = self._loads[program] = set()
            waiting = self._beside(program.path)
            late: list[Import] = []
            while waiting or late:
                while waiting:
                    path = waiting.pop()
                    module = self.code.project.module(path) if path not in found else None
                    if module is not None:
                        found.add(path)
                        now, later = self._imported(module)
                        waiting += [each for each in now if each not in found]
                        late += later
                ready = [each for each in late if self.runs(each, program) is not False]
                late = [each for each in late if each not in ready]
                waiting = [path for each in ready for path in self.imports.named(module_of(each), each) if path not in found]
                if not waiting:
                    break
        return self._loads[program]

    def _beside(self, path: str) -> list[str]:
        module = self.code.project.module(path)
        return list(self.imports.with_packages(module)) if module is not None else []

    def _imported(self, module: Module) -> tuple[set[str], list[Import]]:
        """What a module loads when it is loaded, and its imports inside functions."""
        later = [each for each in self.code.project.imports(module) if not each.type_only and function_of(each) is not None]
        inside = set().union(*(self.imports.named(module, each) for each in later)) if later else set()
        now = set().union(*(self.imports.named(module, each) for each in self.code.project.imports(module) if not each.type_only and function_of(each) is None))
        return now | (self.imports.of(module) - inside), later

    def runs(self, node: Node, program: Program) -> bool | None:
        """Whether a piece of code runs in a program; None if that cannot be told."""
        answers = [self._starts(top, program) for top in self.tops(node)]
        return True if True in answers else None if None in answers else False

    def tops(self, node: Node) -> list[Node]:
        """Where the calls that lead to a node begin, as `Tops` tells."""
        return self.code.once(Tops).of(node)

    def _starts(self, top: Node, program: Program) -> bool | None:
        """Whether the beginning of a chain of calls is run by a program."""
        path = module_of(top).path
        if path not in self.loads(program):
            return False
        if not isinstance(top, Function):
            guarded = any(is_main_guard(above) for above in top.up())
            return not guarded or path == program.path and program.as_main
        if any(top.name == each.attribute and path == each.path for each in self.programs):
            # A factory that a server's command names: `gunicorn "shop:create_app()"`.
            return top.name == program.attribute and path == program.path
        role = self.code.lifetimes.role(top)
        if role in _WEB:
            return None if program.kind == "main" else program.kind == "web"
        if role in _JOBS or any(use.idiom.does in ("task", "serve") and "other-process" in use.idiom.traits or use.idiom.does == "task" for use in self.code.idioms.handled_by(top)):
            return None if program.kind == "main" else program.kind == "worker"
        if path == program.path and program.kind == "main":
            return True
        return None


def _queues_in(line: str) -> tuple[str, ...]:
    """`-Q mail,reports` of Celery, `--queues mail reports` of Dramatiq."""
    told = _TOLD_QUEUES.search(line)
    words = re.split(r"[\s,\"']+", told[1]) if told else []
    return tuple(itertools.takewhile(lambda word: not word.startswith("-"), filter(None, words)))


def only_in(processes: Processes, top: Node, programs: Iterable[Program]) -> bool:
    """Whether no other program than these loads the file of a node."""
    path = module_of(top).path
    among = set(programs)
    return all(program in among or path not in processes.loads(program) for program in processes.programs)
