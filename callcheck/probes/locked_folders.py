"""Does a container write temporary files where its file system is read-only and nothing is mounted?

    securityContext: {readOnlyRootFilesystem: true}      # and no emptyDir at /tmp
    const dir = await mkdtemp(join(tmpdir(), "note-"))   # EROFS: read-only file system

Sources: kubernetes.io/docs/tasks/configure-pod-container/security-context; docs.docker.com/reference/compose-file/services (read_only, tmpfs); docs.aws.amazon.com/AmazonECS, readonlyRootFilesystem;
nodejs.org/api/os, os.tmpdir() (TMPDIR, TMP, TEMP, else /tmp); docs.python.org/3/library/tempfile, gettempdir (/tmp, /var/tmp, /usr/tmp, the working directory).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Call, Name, Node, last_name
from callcheck.sources.code.wording import lines_of
from callcheck.sources.environment import settings
from callcheck.sources.launch import INFRASTRUCTURE, role_of_image
from callcheck.sources.mounts import Container, mounted, runs_in

_PYTHON = frozenset({"mkdtemp", "mkstemp", "NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile"})
_WRITES = ("mkdtemp", "mkdtempSync", "writeFile", "writeFileSync", "createWriteStream", "mkdir", "mkdirSync", "copyFile", "outputFile")
_BELOW = pattern(r"\btmpdir\(\)|[\"'`]/tmp(?:/|[\"'`])")
_PLACES = frozenset({"TMPDIR", "TMP", "TEMP"})
_WHY = "this file system is read-only and nothing is mounted at {}, so writing a temporary file there fails (EROFS); mount an emptyDir or tmpfs"


class LockedFolders:
    """Silent where the writer may run in another container, and where a variable leads elsewhere."""

    name = "locked-folders"
    looks_at = ("*.yaml", "*.yml", "*.tf")
    marks = ("readOnlyRootFilesystem", "read_only", "readonlyRootFilesystem")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no file that tells of containers"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        containers = [each for each in mounted(eyes) if role_of_image(each.image) not in INFRASTRUCTURE]
        locked = [each for each in containers if each.locked]
        if not locked or not eyes.code.present or any(each.name in _PLACES for each in settings(eyes)):
            return
        writers = list(_writers(eyes.code))
        for container in locked if writers else ():
            writer = next((each for each in writers if _runs(eyes, container, containers, each)), None)
            folders = ("/tmp", "/var/tmp", "/usr/tmp") if writer is not None and module_of(writer).language == "python" else ("/tmp",)
            if writer is not None and not any(map(container.writable, folders)):
                fact = LibraryTrap("handler-exception", "strong", _WHY.format("/tmp"), clean(last_name(writer.callee), 60), container.system, module_of(writer).language)
                there = seen(fact, writer, self.name, label="this writes there")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(container.file.name), container.locked), service=container.unit, because=(there,))


def _runs(eyes: Eyes, container: Container, containers: list[Container], writer: Call) -> bool:
    """Whether the container's program is the writer's; where the image decides, whether no other container that may write can be meant."""
    path, own = module_of(writer).path, runs_in(eyes, container)
    if own:
        return path in own
    others = [each for each in containers if each is not container]
    return not any(path in runs_in(eyes, each) or not (each.locked or each.runs) for each in others)


def _writers(code: Code) -> Iterator[Call]:
    """Calls in functions that make something in the folder for temporary files."""
    for call in code.project.calls(*sorted(_PYTHON)):
        if module_of(call).language == "python" and "tempfile" in module_of(call).text and _counts(call) and code.origins.of(call.callee).qualified.startswith("tempfile") and call.keyword("dir") is None:
            yield call
    for call in code.project.calls(*_WRITES):
        if module_of(call).language != "python" and call.args and _counts(call) and _BELOW.search(_text(code, call.args[0])):
            yield call


def _counts(call: Call) -> bool:
    return function_of(call) is not None and not is_test(module_of(call).path)


def _text(code: Code, node: Node, depth: int = 0) -> str:
    """How an expression is written, with what its names stand for."""
    names = [given_once(code.origins, each) for each in node.walk() if isinstance(each, Name)] if depth < 3 else []
    return "\n".join([lines_of(node), *(_text(code, each.value, depth + 1) for each in names if each is not None and each.value is not None)])


PROBE = LockedFolders()
