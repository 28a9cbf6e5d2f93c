"""Does the image lack a file that the code reads while it handles something?

    COPY --from=build /app/dist ./dist                                 # the last stage takes no templates
    readFile(path.join(__dirname, "..", "templates", "welcome.hbs"))   # ENOENT, each time

Only files that the project holds, and only where each image that the code is in lacks them: those that come by a mount, a download or a build are left alone.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Collection, Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.opened import Opened, opened
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.throws import caught
from callcheck.sources.code.tree import Call, last_name
from callcheck.sources.files import File
from callcheck.sources.launch import dockerfiles
from callcheck.sources.launch.docker_ignores import left_out, rules
from callcheck.sources.launch.image_files import ImageFiles, image_files

_COMPILED = (".ts", ".tsx", ".mts", ".cts")
_ASKS = frozenset({"existsSync", "exists", "access", "accessSync", "stat", "statSync", "is_file", "isfile"})
_AT_START = frozenset({"startup", "module"})
"""Roles of code without which the program does not start at all."""
_SAYS = "the image holds nothing of {}, which this reads, so it fails with {}; copy it in the last stage of the Dockerfile"


@dataclass(frozen=True, slots=True)
class _Built:
    """An image, and the folder of the project that is its build context, "" for the whole."""

    file: File
    context: str
    image: ImageFiles


class AbsentFiles:
    """One evidence a folder, or a file at the root, that is missing."""

    name = "absent-files"
    looks_at = Sight.SOURCE
    marks = ("readFile", "createReadStream", "read_text", "read_bytes", "open(", "FileSystemLoader", "Jinja2Templates")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        read = list(opened(eyes.code)) if dockerfiles(eyes) else []
        if not read:
            return
        images = [_built(eyes, file) for file in dockerfiles(eyes)]
        if None in images:
            return  # what that one holds is not known
        told: set[str] = set()
        names = [file.name for file in eyes.tree.files]
        for each in read:
            path = module_of(each.call).path
            own = [built for built in images if built is not None and path in built.image.built_from]
            handles = each.later or eyes.code.lifetimes.role(function_of(each.call)) not in _AT_START
            missing = _missing(each, own, names) if own and handles and not _allowed_for(each.call) else ""
            top = _shown(missing)
            if not missing or top in told or _mounted(eyes.code, top.strip("/")):
                continue
            told.add(top)
            module = module_of(each.call)
            why = _SAYS.format(clean(top, 60), "FileNotFoundError" if module.language == "python" else "ENOENT")
            fact = LibraryTrap("handler-exception", "strong", why, last_name(each.call.callee), "dockerfile", module.language)
            last = Evidence(fact, Basis.DECLARED, self.name, Location(clean(own[0].file.name), own[0].image.line), label=f"the last that is copied; {clean(top, 40)} is not")
            yield seen(fact, each.call, self.name, (last,))


def _built(eyes: Eyes, file: File) -> _Built | None:
    """The image of a Dockerfile; its context is its own folder, or the whole project where that holds more of what it copies."""
    try:
        text = eyes.text(file)
    except SourceError:
        return None
    best: _Built | None = None
    for context in dict.fromkeys((file.name.rpartition("/")[0], "")):
        begin = f"{context}/" if context else ""
        names = [each.name.removeprefix(begin) for each in eyes.tree.files if each.name.startswith(begin)]
        patterns = rules(eyes, f"{begin}.dockerignore")
        image = image_files(text, names, lambda name, patterns=patterns: bool(left_out(name, patterns)))  # type: ignore[misc]
        if image is not None and (best is None or len(image.files) > len(best.image.files)):
            best = _Built(file, context, ImageFiles(image.folder, {at: begin + name for at, name in image.files.items()}, image.anything, frozenset(begin + name for name in image.built_from), image.line))
    return best


def _missing(each: Opened, images: Collection[_Built], names: Collection[str]) -> str:
    """A file of the project that is read and that none of the images holds where it is looked for; "" if there is none."""
    module = module_of(each.call).path
    for built in images:
        begin = f"{built.context}/" if built.context else ""
        wanted = each.path if each.beside else begin + each.path
        found = [name for name in names if name == wanted or name.startswith(wanted + "/") or fnmatch.fnmatchcase(name, wanted)]
        if not found or not all(_absent(each, name, module, built, begin) for name in found):
            return ""
    return found[0]


def _absent(each: Opened, name: str, module: str, built: _Built, begin: str) -> bool:
    """Whether an image lacks a file at each place where the running module looks for it."""
    image = built.image
    inner = name.removeprefix(begin)
    places = [at for at, held in image.files.items() if held == module]
    if each.beside and places:
        away = posixpath.relpath(name, posixpath.dirname(module) or ".")
        return all(image.lacks(posixpath.normpath(posixpath.join(posixpath.dirname(at), away))) for at in places)
    if each.beside and (not module.endswith(_COMPILED) or inner.partition("/")[0] == module.removeprefix(begin).partition("/")[0]):
        return False  # where a build puts it is not known
    return image.lacks(posixpath.normpath(posixpath.join(image.folder, inner)))


def _shown(name: str) -> str:
    folder = posixpath.dirname(name)
    return f"{folder}/" if folder else name


def _allowed_for(call: Call) -> bool:
    """Whether the code asks first whether the file is there, or catches that it is not."""
    function = function_of(call)
    return caught(call) or function is not None and any(last_name(each.callee) in _ASKS for each in function.inside(Call))


def _mounted(code: Code, name: str) -> bool:
    """Whether a manifest or a Compose file names the folder in a path, so that it may be mounted."""
    last = re.escape(name.rpartition("/")[2])
    return any(re.search(rf"/{last}(?:[/:\"'\s]|$)", code.project.text_of(file), re.MULTILINE) for file in code.project.files_named("*.yml", "*.yaml", "*.tf"))


PROBE = AbsentFiles()
