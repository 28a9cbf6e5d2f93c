"""Source code as one small tree, and the questions that can be asked of it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Framework
from callcheck.sources.code.chains import Chains
from callcheck.sources.code.entries import Entries
from callcheck.sources.code.flow import Flow
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.lifetimes import Lifetimes
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.programs import Programs
from callcheck.sources.code.project import Project
from callcheck.sources.code.reach import Reach
from callcheck.sources.code.releases import Releases
from callcheck.sources.files import File, Tree

if TYPE_CHECKING:
    from callcheck.sources.packages.resolve import Packages


class Code:
    """One project's sources: modules, origins of objects, uses of known idioms, roles and lifetimes."""

    def __init__(
        self, tree: Tree, text: Callable[[File], str], frameworks: tuple[Framework, ...], packages: Callable[[], Packages] | None = None
    ) -> None:
        self.project = Project(tree, text, frameworks)
        self.origins = Origins(self.project)
        self.releases = Releases(packages)
        self.idioms = Idioms(self.origins, self.releases)
        self.lifetimes = Lifetimes(self.idioms)
        self.flow = Flow(self.origins)
        self.programs = Programs(self.idioms, lambda: self.reach)
        self.entries = Entries(self.lifetimes)
        self.chains = Chains(self.lifetimes)

    @functools.cached_property
    def reach(self) -> Reach:
        """Which source files a process loads from its entry point on."""
        modules = self.project.modules

        def find(importer: str, name: str) -> str | None:
            found = self.project.find(modules[importer], name)
            return found.path if found else None

        return Reach(modules, lambda path: modules[path].text, find)

    @property
    def present(self) -> bool:
        """Whether there is any source file."""
        return bool(self.project.modules)
