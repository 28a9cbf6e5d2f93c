"""Is a folder watched through the kernel that lies on a network file system, into which another machine writes?

    watcher = chokidar.watch("/hotfolder")            # and /hotfolder is a claim of EFS that the pods of `upload` mount, too
    observer.schedule(Scans(), "/inbox")              # and /inbox is a share of NFS
    command: inotifywait -m /inbox                    # of a container

The kernel tells of what is done on its own machine; whoever polls hears of the rest. Sources: inotify(7); chokidar 3.6 and 4.0, README (usePolling, CHOKIDAR_USEPOLLING); watchdog 6,
observers/polling.py; watchfiles 1.0 (force_polling, WATCHFILES_FORCE_POLLING); nodejs.org/api/fs (watch, availability; watchFile polls).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, Member, Module, Node, Template
from callcheck.sources.environment.told import Told
from callcheck.sources.mounts import Container, mounted, runs_in
from callcheck.sources.network_volumes import NetworkVolume, network_volume


@dataclass(frozen=True, slots=True)
class _Library:
    """The packages by which it comes, what it is called by (with the place of the path), what in its file polls, and the variable that makes it poll."""

    packages: tuple[str, ...]
    calls: tuple[tuple[str, int], ...]
    polls: str
    variable: str
    cure: str


_LIBRARIES = (
    _Library(("chokidar",), (("watch", 0),), r"\busePolling\b(?!\s*:\s*false)", "CHOKIDAR_USEPOLLING", "set usePolling: true, or CHOKIDAR_USEPOLLING=1"),
    _Library(("watchfiles",), (("awatch", 0), ("watch", 0)), r"\bforce_polling\b(?!\s*=\s*False)", "WATCHFILES_FORCE_POLLING", "WATCHFILES_FORCE_POLLING=true, or force_polling=True"),
    _Library(("watchdog",), (("schedule", 1),), r"\bPollingObserver(?:VFS)?\b", "", "use watchdog.observers.polling.PollingObserver"),
    _Library(("pyinotify", "inotify_simple", "asyncinotify", "inotify"), (("add_watch", 0),), r"\bpoll(?:ing)?_", "", "look for new files every few seconds instead"),
    _Library(("@parcel/watcher",), (("subscribe", 0),), r"\bbackend\s*:\s*[\"'](?:brute-force|watchman)", "", "look for new files every few seconds instead"),
    _Library(("node:fs", "fs", "node:fs/promises", "fs/promises"), (("watch", 0),), r"\bchokidar\b|\bwatchFile\(", "", "use fs.watchFile(), or chokidar with usePolling: true"),
)
_SHELL = pattern(r"\b(?:inotifywait|inotifywatch|incrond|fswatch)\b(?![^\n]{0,200}\bpoll)[^\n]{0,200}?(?:\s|=)(/[\w./-]+)")
_READS_ENV = ("*.yaml", "*.yml", "*Dockerfile*", ".env*", "*.env", "*.tf", "*.json", "*.sh", "*.toml", "*.service")
_SAVES = pattern(r"\.save\(|\bopen\([^)\n]*[\"'][wax]b?\+?[\"']|[wW]rite(?:File|_bytes|_text|Stream)|\bshutil\.(?:move|copy)|\bmulter\(|diskStorage|\.mv\(|copyFile")
_SWARM = pattern(r"(?m)^\s+deploy:")
"""What a stack of Swarm has, whose containers may run on several machines."""
_WHY = "the kernel is not told what other machines write to a network file system, so new files stay unheard; {}"


class UnheardFolders:
    """Silent where the watcher polls, where a path or the container's program is not known, and where nobody else may write."""

    name = "unheard-folders"
    looks_at = ("*.yaml", "*.yml", "*.tf")
    marks = ("volume", "efs_volume_configuration")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no file that tells of volumes"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        containers = list(mounted(eyes))
        found = {(each.unit, each.file.name): held for each in containers if (held := list(_network(eyes, each)))}
        watched = list(_watched(eyes)) if found and eyes.code.present else []
        for container in containers:
            volumes = found.get((container.unit, container.file.name), [])
            if volumes and (shell := _SHELL.search(container.runs)):
                yield from self._told(eyes, container, containers, shell[1], volumes, None, "look for new files every few seconds instead")
            runs = runs_in(eyes, container) if volumes and watched else frozenset()
            for call, path, library in watched:
                if module_of(call).path in runs:
                    yield from self._told(eyes, container, containers, path, volumes, call, library.cure)

    def _told(
        self, eyes: Eyes, container: Container, containers: list[Container], path: str, volumes: list[tuple[str, str, NetworkVolume]], call: Call | None, cure: str
    ) -> Iterator[Evidence]:
        over = [(len(target), source, volume) for source, target, volume in volumes if f"{path}/".startswith(target.rstrip("/") + "/")]
        if not over:
            return
        _, source, volume = max(over, key=lambda each: each[0])
        mounting = (each for each in containers if each.unit != container.unit and any(other.split("/")[0] == source.split("/")[0] for other, _ in each.mounts))
        others = [each for each in mounting if _may_write(eyes, each)]
        if others and container.system == "compose" and not _SWARM.search(eyes.readable(container.file)):
            return  # one machine mounts it once for all its containers, so the kernel sees what each of them does
        if not others and not (volume.share and (call is None or not _writes(eyes, container, path))):
            return
        language = module_of(call).language if call is not None else ""
        fact = LibraryTrap("emission-bypassed", "strong" if volume.sure and others and container.system != "compose" else "fair", clean(_WHY.format(cure), 160), clean(path, 60), "", language)
        places = [(volume.where, "this is a network file system")] + [(_place(each), f"{clean(each.unit, 40)} has it, too") for each in others[:2]]
        because = tuple(Evidence(fact, Basis.DECLARED, self.name, where, label=label) for where, label in places)
        if call is not None:
            yield seen(fact, call, self.name, because)
        else:
            yield Evidence(fact, Basis.DECLARED, self.name, _place(container), service=clean(container.unit, 80), because=because)


def _place(container: Container) -> Location:
    return Location(clean(container.file.name), container.line or 1)


def _network(eyes: Eyes, container: Container) -> Iterator[tuple[str, str, NetworkVolume]]:
    for source, target in container.mounts:
        volume = network_volume(eyes, container, source)
        if volume is not None:
            yield source, target, volume


def _watched(eyes: Eyes) -> Iterator[tuple[Call, str, _Library]]:
    """The calls that watch a folder through the kernel, with the folder."""
    told = Told(eyes)
    for library in _LIBRARIES:
        for name, place in library.calls:
            for call in eyes.code.project.calls(name):
                module = module_of(call)
                node = call.args[place] if len(call.args) > place else call.keyword("path")
                if node is None or is_test(module.path) or not _brings(module, library) or re.search(library.polls, module.text) or not _about(call, library):
                    continue
                if library.variable and eyes.holds(_READS_ENV, (library.variable,)):
                    continue
                path = told.text(node)
                if path.startswith("/") and len(path) > 1:
                    yield call, posixpath.normpath(path), library


def _brings(module: Module, library: _Library) -> bool:
    return any(f"{quote}{each}{quote}" in module.text or f"import {each}" in module.text or f"from {each}" in module.text for each in library.packages for quote in "\"'")


def _about(call: Call, library: _Library) -> bool:
    """Of Node's own `watch()`, which others are called as well: whether it is called on `fs` or by itself."""
    holder = call.callee.object if isinstance(call.callee, Member) else None
    return "fs" not in library.packages or holder is None or str(getattr(holder, "id", "")).startswith("fs")


def _may_write(eyes: Eyes, container: Container) -> bool:
    """Whether a container's program writes files at all; one that is not known may."""
    runs = runs_in(eyes, container)
    return not runs or any(module.path in runs and _SAVES.search(module.text) for module in eyes.code.project.chosen.values())


def _writes(eyes: Eyes, container: Container, path: str) -> bool:
    """Whether the watcher's own program may be who writes into the folder."""
    runs = runs_in(eyes, container)
    for module in eyes.code.project.chosen.values():
        nodes: tuple[Node, ...] = (*module.all(Literal), *module.all(Template)) if module.path in runs and _SAVES.search(module.text) else ()
        for node in nodes:
            text = node.value if isinstance(node, Literal) else node.first_text if isinstance(node, Template) else ""
            if isinstance(text, str) and f"{text}/".startswith(path + "/"):
                return True
    return False


PROBE = UnheardFolders()
