"""Source code as one small tree, and the questions that can be asked of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from callcheck.model.knowledge import Framework
from callcheck.model.signs import EVERY_FILE, Sign
from callcheck.sources.code.entries import Entries
from callcheck.sources.code.flow import Flow
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.lifetimes import Lifetimes
from callcheck.sources.code.meetings import Meetings
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.programs import Programs
from callcheck.sources.code.project import Project
from callcheck.sources.code.reach import Reach
from callcheck.sources.code.releases import Releases
from callcheck.sources.code.tree import Function
from callcheck.sources.files import File, Tree

if TYPE_CHECKING:
    from callcheck.sources.code.chains import Chains
    from callcheck.sources.code.kept import Apps
    from callcheck.sources.code.variables import Variables
    from callcheck.sources.packages.resolve import Packages


FoundT = TypeVar("FoundT")


class Code:
    """One project's sources: modules, origins of objects, uses of known idioms, roles and lifetimes."""

    def __init__(
        self, tree: Tree, text: Callable[[File], str], frameworks: Iterable[Framework], packages: Callable[[], Packages] | None = None, signs: tuple[Sign, ...] = EVERY_FILE
    ) -> None:
        self.project = Project(tree, text, frameworks, signs)
        self.origins = Origins(self.project)
        self.releases = Releases(packages)
        self.idioms = Idioms(self.origins, self.releases)
        self.lifetimes = Lifetimes(self.idioms)
        self.meetings = Meetings(self.lifetimes)
        self.flow = Flow(self.origins)
        self.programs = Programs(self.idioms, lambda: self.reach)
        self.entries = Entries(self.lifetimes)
        self._worked_out: dict[Callable[[Code], Any], Any] = {}

    def once(self, work_out: Callable[[Code], FoundT]) -> FoundT:
        """What a function finds out of the whole project, worked out for the first who asks."""
        if work_out not in self._worked_out:
            self._worked_out[work_out] = work_out(self)
        found: FoundT = self._worked_out[work_out]
        return found

    def settle(self) -> None:
        """Find the uses, and with them parse what every answer rests on, before anything else is asked: then no answer depends on those before it."""
        self.idioms.uses  # noqa: B018
        self.project.settle()
        for asking in (self.origins.asking, self.lifetimes.asking, self.entries.asking):
            asking.settle()

    @functools.cached_property
    def deferred(self) -> frozenset[str]:
        """The names by which something is called that only makes a promise, coroutine or generator, or starts a task."""
        declared = (each for module in self.project.chosen.values() for each in module.all(Function) if each.is_async or each.is_generator)
        own = {name for function in declared for name in self.origins.callers.names(function)}
        return frozenset(own).union(self.origins.renames.of({*self.project.choice.deferred, "create_task", "ensure_future"}))

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """What a probe may be about: `Idioms.words`, and `programs` where something starts two of them, or one out of another."""
        return self.idioms.words.union(("programs",) if len(self.programs.entries) > 1 or self.programs.spawned else ())

    @functools.cached_property
    def chains(self) -> Chains:
        """What runs before what."""
        from callcheck.sources.code.chains import Chains

        return Chains(self.lifetimes)

    @functools.cached_property
    def apps(self) -> Apps:
        """The tables on application objects."""
        from callcheck.sources.code.kept import Apps

        return Apps(self.project)

    @functools.cached_property
    def variables(self) -> Variables:
        """The variables of the environment that the sources read."""
        from callcheck.sources.code.variables import Variables

        return Variables(self.origins)

    @functools.cached_property
    def reach(self) -> Reach:
        """Which source files a process loads from its entry point on."""
        project = self.project
        return Reach(project.sources, project.text, project.paths.find)

    @property
    def present(self) -> bool:
        """Whether there is any source file."""
        return bool(self.project.sources)
