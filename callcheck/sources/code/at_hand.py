"""Which idioms can a call in a file be, going by its names and by what the project imports, before anything is followed?"""

from __future__ import annotations

import functools

from callcheck.model.knowledge import Framework
from callcheck.sources.code.by_name import Entry, by_name
from callcheck.sources.code.call_forms import stands_for_another
from callcheck.sources.code.inherited import ABOVE, heirs_of
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.present import imported
from callcheck.sources.code.tree import Module


class AtHand:
    """The idioms of one project's frameworks by the method that is called, the field that is assigned, the function or class that is called, and what a project defines."""

    def __init__(self, origins: Origins) -> None:
        self._project, self._renames = origins.project, origins.renames
        self.methods, self.fields, self.names, self.defined = by_name(self._project.frameworks)
        self._here: dict[str, dict[str, list[Entry]]] = {}
        """What `of` gave, by path and method."""
        self._telling: dict[str, dict[str, bool]] = {}
        """What `may_be` gave, by path and name."""

    def of(self, module: Module, method: str) -> list[Entry]:
        """The idioms of a method of which a file can have the object in hand."""
        here = self._here.setdefault(module.path, {})
        if method not in here:
            spoken = (each for each in self.methods[method] if self.spoken(each[0], module) and (each[1].on != "any" or self._had(each[0])))
            here[method] = [each for each in spoken if self._project.choice.may_hold(module.path, *each)]
        return here[method]

    def may_be(self, module: Module, name: str) -> bool:
        """Whether something that an idiom is about can go by a name in a file."""
        known = self._telling.setdefault(module.path, {})
        if name not in known:
            held = name in self.methods and bool(self.of(module, name))
            known[name] = held or self.may_call(module, name) or stands_for_another(module, name)
        return known[name]

    def may_call(self, module: Module, name: str) -> bool:
        """Whether a known function or class can go by a name in a file."""
        return name in self.functions and self._project.choice.may_call(module.path, name)

    def spoken(self, framework: Framework, module: Module) -> bool:
        """Whether a framework is of the module's language: `openai.OpenAI` is a class of two."""
        return not framework.languages or module.language in framework.languages or (module.language != "python" and "python" not in framework.languages)

    def _had(self, framework: Framework) -> bool:
        """Whether the project imports a framework, or it is there without an import."""
        return framework.name in self.imported or "" in framework.packages

    @functools.cached_property
    def imported(self) -> set[str]:
        """The frameworks of which some module of the project imports a package."""
        return imported(self._project.frameworks, self._project.outside)

    @functools.cached_property
    def anywhere(self) -> list[Entry]:
        """The idioms of any call with certain options, for the frameworks that the project imports."""
        return [(framework, idiom) for framework, idiom in self.names.get("*", ()) if framework.name in self.imported]

    @functools.cached_property
    def candidates(self) -> set[str]:
        """The last names of callees that may be an idiom: methods, functions, and what the project calls these instead."""
        return self.functions.union(self.methods)

    @functools.cached_property
    def functions(self) -> set[str]:
        """The last names of callees that may be a known function or class, or the constructor above, by what the project calls these too."""
        renames = self._renames
        found = set(renames.of({name.rsplit(".", 1)[-1] for name in self.names}))
        found |= heirs_of(self._project.chosen.values(), found)
        return found.union(ABOVE, *(renames.of(renames.of_package(name)) for name in renames.packages() if name in self.names))
