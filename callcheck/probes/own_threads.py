"""Which threads does an application begin while a server loads it?

    threading.Thread(target=watch, daemon=True).start()        # at the top of app.py, in its factory, in ready()
    client.on_message = keep; client.loop_start()              # a library's own
    class Watcher(Thread): def run(self): …    Watcher().start()

Whether the server gives them any time is for those who know it. Source: uwsgi-docs.readthedocs.io, ThingsToKnow (threads of the app do not run without enable-threads)
and Changelog-2.0.27 (on by default from there).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.work import ThreadBeside
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.import_time import at_import
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import is_script, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.threads import THREADS
from callcheck.sources.code.tree import Call, ClassDef, Function, Module, last_name

_BEGINS = ("spawn", "start", "connects")
_THREAD = frozenset({"thread", "own-thread"})


class OwnThreads:
    """States a thread of the standard library where it is made, and that of a library where it is begun, or else where its handler is given, once each file."""

    name = "own-threads"
    looks_at = Sight.SOURCE
    about = (*_BEGINS, "hook")
    answers = frozenset({ThreadBeside})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        told: set[tuple[str, str]] = set()
        places: set[tuple[str, int]] = set()
        for use in (*code.idioms.of(*_BEGINS), *(use for use in code.idioms.of("hook") if not _started(code, use))):
            if _THREAD.isdisjoint(use.idiom.traits) or use.module.language != "python" or is_test(use.module.path) or not _beside_requests(code, use.module):
                continue
            if (use.module.path, use.framework.name) not in told and at_import(code, use.call):
                told.add((use.module.path, use.framework.name))
                places.add((use.module.path, use.call.line))
                handler = next((each.name for each in code.idioms.handlers(use) if isinstance(each, Function) and each.name), "")
                yield seen(ThreadBeside(clean(handler or last_name(use.call.callee), 60), use.framework.name, "python"), use.call, self.name)
        for module in code.project.chosen.values():
            for cls in module.all(ClassDef) if module.language == "python" and not is_test(module.path) else ():
                made = next((call for call in code.origins.calls_of(cls) if _begun(code, call)), None) if THREADS & set(code.origins.bases(cls)) else None
                if made is not None and (module_of(made).path, made.line) not in places:
                    yield seen(ThreadBeside(clean(cls.name, 60), "", "python"), made, self.name)


def _started(code: Code, hook: Use) -> bool:
    """Whether it is another call of the library that begins the thread in which a handler runs."""
    return any(use.framework is hook.framework for use in code.idioms.of("start", "schedule", "connects"))


def _begun(code: Code, made: Call) -> bool:
    return not is_test(module_of(made).path) and _beside_requests(code, module_of(made)) and at_import(code, made)


def _beside_requests(code: Code, module: Module) -> bool:
    """Whether a file is a part of an application that serves requests, and no program of its own."""
    if any(use.module is module and use.idiom.role == "request" for use in code.idioms.of("serve")):
        return True
    return bool(code.project.importers(module.path)) or not is_script(module) and module.path.rsplit("/", 1)[-1] in ("apps.py", "__init__.py", "wsgi.py")


PROBE = OwnThreads()
