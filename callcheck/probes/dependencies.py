"""Which versions of the libraries that we know, of Python and of Node.js, does the project run with?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.packages import DependencyResolved
from callcheck.model.shelf import spines
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.packages.formats import GLOBS

_ANY_FILE = {"node": "package.json", "python": "requirements.py"}
"""The name of a file that asks, in each ecosystem."""


class Dependencies:
    """Reads manifests and lock files; a package is stated once for each folder that speaks of it."""

    name = "dependencies"
    looks_at = GLOBS
    answers = frozenset({DependencyResolved})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*GLOBS) else "no manifest, lock file or version file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.packages.seen import seen

        known = {name for each in spines(eyes.knowledge.frameworks) for name in each.distributions}
        known |= {name.lower().replace("_", "-") for name in known}
        stated = set()
        for ecosystem, file in _ANY_FILE.items():
            for name, folder in (*eyes.packages.names(ecosystem), *((name, f) for name in ("python", "node") for f in eyes.packages.files)):
                found = eyes.packages.version(name, posixpath.join(folder, file)) if name in known or name in ("python", "node") else None
                if found and (found.package, found.path, found.line) not in stated:
                    stated.add((found.package, found.path, found.line))
                    yield seen(found, folder, self.name)
        yield from eyes.packages.lost


PROBE = Dependencies()
