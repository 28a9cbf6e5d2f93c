"""Is a folder watched in one container into which another one writes, though no volume is mounted into both?

    web:      { command: gunicorn web:app }                                      # saves to /data/inbox
    watcher:  { command: python watch.py, volumes: ["inbox:/data/inbox"] }       # observer.schedule(handler, "/data/inbox")
    volumes: [{name: inbox, emptyDir: {}}]                                       # of two pods: each has a folder of its own

Source: docs.docker.com/engine/storage (what is written in a container without a mount stays in its own layer).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, Member, Node, Template
from callcheck.sources.environment.told import Told
from callcheck.sources.mounts import Container, mounted, runs_in

_WATCHES = {"schedule": (1, "path"), "watch": (0, "path"), "awatch": (0, "path"), "watchFile": (0, "path")}
_KNOWN = ("watchdog", "watchfiles", "chokidar", "fs", "node:fs", "fs/promises", "node:fs/promises")
_SAVES = pattern(r"\.save\(|\bopen\([^)\n]*[\"'][wax]b?\+?[\"']|[wW]rite(?:File|_bytes|_text|Stream)|\bshutil\.(?:move|copy)|\brename(?:Sync)?\(|\bmulter\(|diskStorage|\.mv\(|copyFile")
"""What puts files into a folder."""
_WHY = "a folder is watched here that no volume shares with the container which writes into it, so what is written is never seen; mount one volume into both"


@dataclass(frozen=True, slots=True)
class _Service:
    container: Container
    runs: frozenset[str]
    """The files of its program, with those that it loads."""


class FoldersApart:
    """Silent where a path is computed, and where the program of a container is not known."""

    name = "folders-apart"
    looks_at = Sight.SOURCE
    marks = ("watch", "Observer")
    signs = (Sign(words=("awatch", "chokidar", "Observer")), Sign(pattern=r"\bfs(?:Promises)?\.watch(?:File)?\("))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        watched = list(_watched(eyes))
        services = list(_services(eyes)) if watched else []
        for call, path in watched:
            here = [each for each in services if module_of(call).path in each.runs]
            there = [(each, node) for each in services if each not in here and (node := _writes(eyes, each, path)) is not None]
            if not here or not there:
                continue
            shared = any((source := one.container.source(path)) and source == other.container.source(path) for one in here for other, _ in there)
            if not shared:
                other, node = there[0]
                ends = (other.container, here[0].container)
                fact = LibraryTrap("cross-process-delivery", "strong", _WHY, clean(path, 60), "", module_of(call).language)
                because = [Evidence(fact, Basis.DECLARED, self.name, Location(clean(each.file.name), each.line or 1), service=clean(each.unit, 80)) for each in ends]
                yield seen(fact, call, self.name, (seen(fact, node, self.name, label=f"{clean(other.container.unit, 40)} writes there"), *because))


def _watched(eyes: Eyes) -> Iterator[tuple[Call, str]]:
    told = Told(eyes)
    for call in eyes.code.project.calls(*_WATCHES):
        index, name = _WATCHES[call.callee.name if isinstance(call.callee, Member) else getattr(call.callee, "id", "")]
        node = call.args[index] if len(call.args) > index else call.keyword(name)
        path = told.text(node) if node is not None else ""
        module = module_of(call)
        if path.startswith("/") and len(path) > 1 and not is_test(module.path) and any(f"{quote}{each}" in module.text or f"import {each}" in module.text or f"from {each}" in module.text for each in _KNOWN for quote in "\"'"):
            yield call, posixpath.normpath(path)


def _writes(eyes: Eyes, service: _Service, path: str) -> Node | None:
    """Where a service's own code, in a file that writes files, names a path below the folder."""
    for module in eyes.code.project.chosen.values():
        if module.path in service.runs and _SAVES.search(module.text):
            nodes: tuple[Literal | Template, ...] = (*module.all(Literal), *module.all(Template))
            for node in nodes:
                text = node.value if isinstance(node, Literal) else node.first_text
                if isinstance(text, str) and f"{text}/".startswith(path + "/"):
                    return node
    return None


def _services(eyes: Eyes) -> Iterator[_Service]:
    for each in mounted(eyes):
        yield _Service(each, runs_in(eyes, each))


PROBE = FoldersApart()
