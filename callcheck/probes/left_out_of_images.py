"""Does an image lack the folder whose files are to register the handlers?

    **/handlers                                          # .dockerignore
    for (const file of readdirSync(join(__dirname, "handlers")))  require(file);

What is imported by its name would be missed when the program starts; what is looked for in a folder is not. Source: docs.docker.com, .dockerignore.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.meeting import ReceiverMissing
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, Template
from callcheck.sources.files import File
from callcheck.sources.launch.docker_ignores import left_out, rules

_LISTS = ("readdirSync", "readdir", "opendirSync", "glob", "globSync", "sync", "iter_modules", "walk_packages", "listdir", "scandir", "iterdir", "rglob")


class LeftOutOfImages:
    """Compares the patterns beside a Dockerfile with the folders that the code lists at run time."""

    name = "left-out-of-images"
    looks_at = Sight.SOURCE
    marks = _LISTS
    answers = frozenset({ReceiverMissing})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in eyes.tree.named("*.dockerignore"):
            root = file.name.rpartition("/")[0] + "/" if "/" in file.name else ""
            if eyes.tree.named(f"{root}Dockerfile*") or file.base != ".dockerignore":
                yield from self._folders(eyes, file, root)

    def _folders(self, eyes: Eyes, file: File, root: str) -> Iterator[Evidence]:
        patterns = rules(eyes, file.name)
        sources = [path for path in eyes.code.project.sources if path.startswith(root) and not is_test(path) and not is_only_test(path)]
        kept = [path for path in sources if not left_out(path[len(root) :], patterns)]
        told: set[str] = set()
        for path in sorted(set(sources) - set(kept)):
            folder = path.rpartition("/")[0]
            if not folder or folder in told or any(other.startswith(folder + "/") for other in kept):
                continue
            told.add(folder)
            listing = next(_listings(eyes, folder, frozenset(kept)), None)
            line = left_out(path[len(root) :], patterns)
            if listing is not None and line:
                fact = ReceiverMissing(clean(folder, 80), "left-out-of-image", "", module_of(listing).language)
                because = (seen(fact, listing, self.name, label="the folder is listed here, and is not there in the image"),)
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), because=because)


def _listings(eyes: Eyes, folder: str, kept: frozenset[str]) -> Iterator[Call]:
    """Where a file that is in the image lists that folder; its name may stand anywhere in the file."""
    base = folder.rpartition("/")[2]
    named = re.compile(rf"(?:^|/){re.escape(base)}(?:/|$)")
    for call in eyes.code.project.calls(*_LISTS):
        module = module_of(call)
        if module.path in kept and not is_test(module.path):
            texts = [str(node.value) for node in module.all(Literal)] + [part for node in module.all(Template) for part in node.parts if isinstance(part, str)]
            if any(named.search(text) for text in texts) and folder.rpartition("/")[0] in (module.path.rpartition("/")[0], ""):
                yield call


PROBE = LeftOutOfImages()
