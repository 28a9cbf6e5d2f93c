"""Which process types does a Procfile declare?

web: gunicorn --workers 4 wsgi:app
worker: rq worker exports
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.environment import settings
from callcheck.sources.launch import Unit, scripts, state
from callcheck.sources.launch.procfile import NAME, declared, procfiles

_ONCE = frozenset({"release", "postdeploy", "migrate", "init"})
_SETS = "WEB_CONCURRENCY"
_LEAST = 2
"""What heroku-buildpack-python's WEB_CONCURRENCY.sh comes to on the smallest dyno."""
_KEYS = frozenset({"buildpacks", "formation", "addons", "stack"})


class Procfile:
    """How many of each type run is said elsewhere (`heroku ps:scale`, app.json)."""

    name = "procfile"
    looks_at = (NAME,)
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and procfiles(eyes) else "no Procfile"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in procfiles(eyes):
            try:
                text = eyes.text(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for number, kind, command in declared(text):
                if kind not in _ONCE:
                    role = "web" if kind == "web" else ""
                    # Heroku's Python buildpack sets it on web dynos; the Node one too, but Node does not read it.
                    least = _LEAST if role == "web" and _on_heroku(eyes) else 0
                    unit = Unit(self.name, "procfile", kind, file, number, env=_given(eyes) if least else {}, role=role, platform_sets=_SETS, platform_least=least)
                    yield from state(eyes, unit, command)


def _given(eyes: Eyes) -> dict[str, str]:
    """The variables that app.json gives to every process, which count before what the buildpack would set."""
    return {each.name: each.value for each in settings(eyes) if each.system == "heroku" and not each.unit and each.value}


def _on_heroku(eyes: Eyes) -> bool:
    """Whether a file is there that Heroku alone reads, or a script that calls its client; other platforms read Procfiles too."""
    if eyes.tree.named("runtime.txt", "heroku.yml") or any(scripts(eyes, "heroku")):
        return True
    for file in eyes.tree.named("app.json"):
        document = eyes.readable_document(file)
        if isinstance(document, dict) and not _KEYS.isdisjoint(document):
            return True
    return False


PROBE = Procfile()
