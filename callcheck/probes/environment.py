"""Which environment variables are the deployment's units given?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.variables import VariableSet
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.environment import settings
from callcheck.sources.environment.files import FILES

_ADDRESS = pattern(r"((?:https?|wss?)://)(?:[^/@\s]{0,200}@)?([^\s?#\"'<>]{1,300})")


class Environment:
    """States names, and values that are web addresses; no other value leaves the file."""

    name = "environment"
    looks_at = FILES
    # Platforms that keep variables of their own say by their file alone that there may be more of them.
    marks = ("env", "Env", "ENV", "vars", " -e ", "Procfile", "app.json", "fly", "wrangler", "vercel.json", "netlify.toml", "${{", "railway ", "appSettings")
    answers: frozenset[type[Fact]] = frozenset({VariableSet})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for each in settings(eyes):
            found = _ADDRESS.match(each.value)
            fact = VariableSet(clean(each.name, 100), clean(found[1] + found[2], 200) if found else "", clean(each.unit, 80), each.system, clean(each.over, 200))
            yield Evidence(fact, Basis.DECLARED, self.name, each.where, service=fact.service)


PROBE = Environment()
