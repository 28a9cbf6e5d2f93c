"""Do two programs of one deployment run the same schedule, since both load it?

    web: node web.js           import "./jobs.js"        // cron.schedule("0 7 * * *", sendDigest)
    worker: node worker.js     import "./jobs.js"        // and so everybody gets two digests
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.claims import claims
from callcheck.sources.code.for_one import for_one_process, tests_above
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.nest_schedules import starts_of
from callcheck.sources.code.own_renewal import renews_own
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tops import Tops
from callcheck.sources.code.tree import Function, last_name
from callcheck.sources.launch import aside

_UNITS = ("Procfile*", "*compose*.y*ml", "ecosystem*", "*pm2*.json", "processes.json", "*.service", "*.yaml", "*.yml", "fly*.toml", "*.nomad*", "Dockerfile*")
"""Files that start units; a script of package.json counts where one of these runs it."""
_DEVELOPS = pattern(r"nodemon|--watch|\bwatch\b|ts-node-dev|\bdev\b")
_HARMLESS = pattern(r"lock|leader|acquire|setnx|claim|redlock|advisory|ON CONFLICT|cache|metric|heartbeat|health", re.I)
"""What stands in work that one process does for all, or that each must do for itself."""
_LARGEST = 100_000
_SAYS = "{} and {} both run this schedule, so its work is done twice; start it in one of them"


class SharedSchedules:
    """Looks at schedules of Node below no test, and at programs that the deployment starts as units of their own."""

    name = "shared-schedules"
    looks_at = Sight.SOURCE
    about = ("schedule",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        uses = [use for use in code.idioms.of("schedule") if use.module.language != "python" and not is_test(use.module.path)]
        if not uses or len(code.programs.entries) < 2:
            return
        from callcheck.sources.code.node_programs import NodePrograms

        programs, units = NodePrograms(code), list(_units(eyes))
        started = [entry for entry in programs.entries if programs.lasting(entry) and _is_started(eyes, entry, units)]
        for use in uses if len(started) > 1 else ():
            running = [entry for entry in started if programs.runs(use.call, entry)]
            if len(running) < 2 or _is_spared(code, use):
                continue
            fact = LibraryTrap("duplicate-delivery", "strong", clean(_SAYS.format(*map(basename, running[:2])), 160), clean(last_name(use.call.callee), 60), use.framework.name, use.module.language)
            tops = [top for top in code.once(Tops).of(use.call) if not isinstance(top, Function) and module_of(top).path in running]
            yield seen(fact, use.call, self.name, tuple(seen(fact, top, self.name, label="begun here") for top in tops[:2] if top is not use.call))
            return


def _is_spared(code: Code, use: Use) -> bool:
    """Whether a test, a lock or Nest's module, which only one program has, keeps it to one, or whether each process must do it for itself."""
    if next(tests_above(use.call), None) is not None or for_one_process(code, use.call):
        return True
    handlers = [each for each in code.idioms.handlers(use) if isinstance(each, Function)]
    functions = [each for handler in handlers for each in (handler, *code.flow.called(handler))]
    if any(renews_own(code, handler) for handler in handlers) or any(claims(code, each) for each in functions):
        return True
    lines = [line for each in (*functions, use.call) for line in module_of(each).lines[each.line - 1 : max(each.end_line, each.line)]]
    if any(_HARMLESS.search(line) for line in lines):
        return True
    # Nest reads the decorators where ScheduleModule is imported, and makes the class where a module lists it.
    return use.framework.name == "nestjs" and not any(sum(module_of(root).path in code.programs.loads(entry) for entry in code.programs.entries) > 1 for root in starts_of(code, use))


def _units(eyes: Eyes) -> Iterator[str]:
    """The lines of files that start units."""
    for file in eyes.tree.named(*_UNITS):
        if not aside(eyes, file):
            yield from eyes.readable(file, _LARGEST).splitlines()


def _is_started(eyes: Eyes, entry: str, units: list[str]) -> bool:
    """Whether a unit runs a program: by its file, or by a script of package.json that does."""
    stem = re.escape(basename(entry).split(".")[0])
    named = re.compile(rf"(?:^|[\s/\"'\[,=]){stem}(?:\.[cm]?[jt]s)?(?=$|[\s\"',\]}}])")
    if any(named.search(line) and ("node" in line or "tsx" in line or "script" in line or "bun" in line) for line in units):
        return True
    for manifest in eyes.tree.named("package.json"):
        document = eyes.readable_document(manifest)
        scripts = document.get("scripts") if isinstance(document, dict) else None
        for name, text in scripts.items() if isinstance(scripts, dict) else ():
            if isinstance(text, str) and named.search(text) and not _DEVELOPS.search(f"{name} {text}"):
                called = re.compile(rf"\b(?:npm|yarn|pnpm|bun)\b[\s\"',]{{1,4}}(?:run[\s\"',]{{1,4}})?{re.escape(str(name))}(?![\w:-])")
                if any(called.search(line) for line in units):
                    return True
    return False


PROBE = SharedSchedules()
