"""Which file does a command mean: a script, a package.json, an image's Dockerfile?

Paths in commands are those inside an image or on a server, so a file is looked for by its end, nearest to where the command stands first.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table
from callcheck.sources.files import File

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_ELSEWHERE = frozenset(
    "example examples sample samples test tests fixture fixtures doc docs e2e .github .devcontainer benchmark benchmarks".split()
)

_OF_TESTS = pattern(r"^(?:e2e|smoke|integration)[_-]tests?$|^tests?[_-](?:e2e|smoke|integration)$")
_TRIES = pattern(r"(?:^|/)\.github/workflows/(?:[\w.-]*[_.-])?(?:e2e|tests?|smoke|ci|integration)(?:[_.-][\w.-]*)?\.ya?ml$")
"""Workflows that start what they test, and end with it."""

_PACKAGES = pattern(r"(?<=/main/java/|ain/kotlin/)[\w./-]{1,400}$")

SCRIPTS = (
    "*.sh", "*.bash", "Makefile", "makefile", "*.mk", "justfile", "Justfile", "Taskfile*.y*ml", "package.json", "bin/*", "scripts/*",
    ".github/workflows/*.y*ml", "*/.github/workflows/*.y*ml", ".gitlab-ci.yml", "cloudbuild*.y*ml", "bitbucket-pipelines.yml",
    "azure-pipelines*.yml", ".circleci/config.yml", "Jenkinsfile", "fabfile.py", "tasks.py",
)  # fmt: skip
"""Where a project keeps the commands that deploy it."""
_LARGEST_SCRIPT = 300_000
_LONGEST_COMMAND = 4_000
_JOINED = pattern(r"\\\n[ \t]*")
_CUT = pattern(r"(?<!\\)\n")
# Cloud Build writes each argument as an item of its own.
_ITEM = pattern(r"\n[ \t]*-[ \t]+")
_CUT_ITEMS = pattern(r"\n(?![ \t]*-[ \t]+[\"']?[^\s:]+(?::[^\s:]+)*[\"']?[ \t]*(?:\n|$))")
_BLANKS = pattern(r"[ \t]+")
# YAML's `>` makes one line of several.
_FOLDED = pattern(r"^([ \t]*)(?:-[ \t]+)?(?:[\w-]+:[ \t]*)?>[-+]?[ \t]*\n((?:\1[ \t]+\S[^\n]*\n?)+)", re.MULTILINE)
_HOLE = pattern(r"\"?\$(?:\{(\w+)(?:\[[@*]\])?\}|\((\w+)\)|(\w+))\"?|\{\{-?\s*\.?(\w+)(?:\s*\|\s*default\s+[\"']?([^\s\"'}]+)[\"']?)?\s*\}\}")
"""Of a shell, of make, of just and of Task (`{{.N | default 3}}`)."""
_KEEPS = pattern(r"^[ \t]*(?:export[ \t]+|readonly[ \t]+|local[ \t]+|-[ \t]+)?(\w+)[ \t]*(::?=|\+=|\?=|=|:)[ \t]*(?:\(([^)]{0,2000})\)|\"([^\"]{0,2000})\"|'([^']{0,2000})'|((?:[^\n#]|(?<![ \t])#){0,2000}))", re.MULTILINE)
_BY_DEFAULT = pattern(r"\$\{(\w+):?=([^}\n]{0,200})\}")
"""`: "${SCALE:=3}"`"""
COMPOSE_FILES = ("compose*.y*ml", "docker-compose*.y*ml", "docker-stack*.y*ml", "stack.y*ml", "stack.*.y*ml", "stack-*.y*ml", "*-stack.y*ml", "swarm*.y*ml")
"""Those of Docker Compose, and of Swarm, which `docker stack deploy -c` takes under any name."""
DOCKERFILES = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile")


@dataclass(frozen=True, slots=True)
class Script:
    """An entry of package.json's `scripts`."""

    text: str
    file: File
    line: int


def folder_of(name: str) -> str:
    """The folder of a file's name, "" for the top."""
    return posixpath.dirname(name)


def within(eyes: Eyes, file: File) -> str:
    """The file's name relative to the target folder that holds it, so that the folders above say nothing."""
    for folder in eyes.target.folders:
        try:
            return file.path.relative_to(folder).as_posix()
        except ValueError:
            continue
    return file.base


def aside(eyes: Eyes, file: File) -> bool:
    """Whether a file lies in a folder of examples, tests or documentation below the target; the folders of a package (`com.example.shop`) are none."""
    folders = _PACKAGES.sub("", within(eyes, file).lower()).split("/")[:-1]
    return not _ELSEWHERE.isdisjoint(folders) or any(map(_OF_TESTS.search, folders))


def mappings(eyes: Eyes, globs: Sequence[str], mark: str = "") -> Iterator[tuple[File, Table] | Lost]:
    """Each file of these names that holds a mapping, and the mark if one is given, and what it says; a file that cannot be read is a gap, one of examples says nothing."""
    for file in eyes.tree.named(*globs):
        if aside(eyes, file):
            continue
        try:
            if mark and mark not in eyes.text(file):
                continue
            document = eyes.document(file)
        except SourceError as error:
            yield Lost(clean(file.name), error.message)
            continue
        if isinstance(document, Table):
            yield file, document


def each_document(eyes: Eyes, globs: Sequence[str], read: Callable[[Table, File], Iterator[Evidence | Lost]]) -> Iterator[Evidence | Lost]:
    """What `read` states of each of `mappings`."""
    for each in mappings(eyes, globs):
        yield from (each,) if isinstance(each, Lost) else read(each[1], each[0])


def own_texts(eyes: Eyes, *globs: str, most: float = float("inf")) -> Iterator[tuple[File, str]]:
    """The project's own files of these names, with their texts; without those that cannot be read, or have `most` bytes or more."""
    for file in eyes.tree.named(*globs):
        if not aside(eyes, file) and (text := eyes.readable(file, most)):
            yield file, text


def scripts(eyes: Eyes, word: str, *, starts: bool = False) -> Iterator[tuple[File, str]]:
    """Scripts, Makefiles and pipelines in which the word stands, with their text; one that cannot be read says nothing. Where it is asked what they
    start for good (`starts`), those that test are left out."""
    for file in eyes.tree.named(*SCRIPTS):
        if file.size > _LARGEST_SCRIPT or (aside(eyes, file) and ".github/workflows/" not in file.name) or (starts and _TRIES.search(file.name)):
            continue
        text = eyes.readable(file)
        if text and word in text:
            yield file, text


def commands(file: File, text: str) -> Iterator[tuple[int, str]]:
    """The commands of a script or pipeline, each on one line, runs of blanks as one, with the number of its first line; comments left out."""
    line = 1
    text = _FOLDED.sub(lambda found: found[0].rstrip("\n").replace("\n", "\\\n") + found[0][len(found[0].rstrip("\n")) :], text) if ">" in text and file.suffix in (".yml", ".yaml") else text
    # A command goes on over lines; cut so, each piece keeps its first line.
    joined, cut = (_ITEM, _CUT_ITEMS) if file.base.startswith("cloudbuild") else (_JOINED, _CUT)
    for piece in cut.split(text):
        command = _as_command(joined.sub(" ", piece))
        if not command.lstrip().startswith(("#", "//", "::")) and len(command) < _LONGEST_COMMAND:
            yield line, command
        line += piece.count("\n") + 1


def filled_in(command: str, text: str) -> str:
    """A command with what its own file keeps in the variables that it names: `FLAGS="--quiet"`, `FLAGS=(--quiet)`, `FLAGS := --quiet`, `FLAGS ?= --quiet`; the others stay."""
    if "$" not in command and "{{" not in command:
        return command
    kept: dict[str, str] = {}
    for found in _KEEPS.finditer(text):
        value = next((part for part in found.groups()[2:] if part is not None), "").strip()
        if found[2] == "+=":
            kept[found[1]] = f"{kept.get(found[1], '')} {value}".strip()
        elif found[2] != "?=" or not kept.get(found[1]):
            kept[found[1]] = value
    for found in _BY_DEFAULT.finditer(text):
        kept.setdefault(found[1], found[2])
    return _BLANKS.sub(" ", _HOLE.sub(lambda hole: kept.get(hole[1] or hole[2] or hole[3] or hole[4]) or hole[5] or hole[0], command).replace("\n", " "))


def _as_command(line: str) -> str:
    """A YAML or JSON list of arguments (`args: [run, deploy, web]`) reads as the command that it is."""
    return _BLANKS.sub(" ", re.sub(r"[\[\]\"',]+", " ", line) if "args" in line or "[" in line.replace("[@]", "").replace("[*]", "") else line)


def near(eyes: Eyes, beside: File, path: str) -> File | None:
    """The file that `path` (as inside the image, `/srv/start.sh`) means: beside, above, or the only one in the tree that ends so."""
    whole = path.startswith("/")
    path = re.sub(r"^(?:\$\{?\w+\}?/|\./|/)+", "", path.replace("\\", "/"))
    if not path or len(path) > 300:
        return None
    folder = folder_of(beside.name)
    while True:
        if found := eyes.tree.get(posixpath.normpath(posixpath.join(folder, path))):
            return found
        if not folder or folder in (".", "..") or folder.endswith("/.."):
            break
        folder = folder_of(folder)
    last = path.rsplit("/", 1)[-1]
    same = eyes.tree.called(last)
    ends = [file for file in same if ("/" + file.name).endswith("/" + path)]
    if len(ends) == 1:
        return ends[0]
    if same:
        return same[0] if len(same) == 1 else None
    from callcheck.sources.launch.put import put_there

    return put_there(eyes, beside, path, whole=whole)


def package_script(eyes: Eyes, beside: File, name: str) -> Script | None:
    """The script of that name in the nearest package.json, at or above the file, else in the only one of the tree."""
    manifest = near(eyes, beside, "package.json")
    if manifest is None:
        return None
    document = eyes.readable_document(manifest)
    scripts = document.get("scripts") if isinstance(document, dict) else None
    if isinstance(scripts, Table) and isinstance(scripts.get(name), str):
        return Script(scripts[name], manifest, scripts.lines[name])
    return None


def dockerfiles(eyes: Eyes) -> list[File]:
    """Every Dockerfile of the tree, those of examples and tests left out."""
    return [file for file in eyes.tree.named(*DOCKERFILES) if not aside(eyes, file) and not file.base.endswith((".dockerignore", ".md"))]


def dockerfile_of(eyes: Eyes, image: str, names: Sequence[str] = ()) -> File | None:
    """The Dockerfile that builds an image: the only one, or the one whose folder or suffix bears the image's or unit's name."""
    found = dockerfiles(eyes)
    if len(found) == 1:
        only = _name_of(eyes, found[0])
        base = image_name(image)
        # One Dockerfile in a folder of another service's name says nothing about this image.
        if only and base and not _alike(only, [base, *names]) and only not in GENERIC:
            return None
        from callcheck.sources.launch.claims import of_another

        return None if of_another(eyes, found[0], base) else found[0]
    wanted = [name for name in [image_name(image), *names] if name]
    matching = [file for file in found if _name_of(eyes, file) and _alike(_name_of(eyes, file), wanted)]
    return matching[0] if len(matching) == 1 else None


GENERIC = frozenset(
    "docker deploy app src build prod production server backend deployment container infra ops . ..".split()
)


def image_name(image: str) -> str:
    """`registry.example.com/team/api:1.2` -> api; "" for a template's hole."""
    base = image.split("@")[0].rsplit("/", 1)[-1].split(":")[0].lower()
    return base if re.match(r"[\w.-]+$", base) else ""


def _name_of(eyes: Eyes, file: File) -> str:
    """The name a Dockerfile bears: its suffix or prefix, else its folder."""
    base = file.base
    if base.lower() not in ("dockerfile", "containerfile"):
        return base.removeprefix("Dockerfile.").removesuffix(".Dockerfile").removesuffix(".dockerfile").lower()
    return folder_of(within(eyes, file)).rsplit("/", 1)[-1].lower()


def _alike(name: str, wanted: Sequence[str]) -> bool:
    return any(
        name == other.lower() or other.lower().endswith(("-" + name, "_" + name)) or name.endswith("-" + other.lower())
        for other in wanted
    )
