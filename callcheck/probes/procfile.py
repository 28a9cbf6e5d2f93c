"""Which process types does a Procfile declare?

web: gunicorn --workers 4 wsgi:app
worker: rq worker exports
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible, ServerTrait, ServiceRun
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, aside, state

_LINE = pattern(r"([A-Za-z0-9_-]{1,60}):\s*(\S.*)")
_ONCE = frozenset({"release", "postdeploy", "migrate", "init"})


class Procfile:
    """How many of each type run is said elsewhere (`heroku ps:scale`, app.json)."""

    name = "procfile"
    looks_at = ("Procfile",)
    answers: frozenset[type[Fact]] = frozenset({ServiceRun, InstancesFactor, InstancesPossible, ServerTrait})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no Procfile"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                lines = eyes.text(file).splitlines()
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for number, line in enumerate(lines, 1):
                found = _LINE.match(line[:2000])
                if found and found[1] not in _ONCE:
                    role = "web" if found[1] == "web" else ""
                    # Heroku's Python buildpack sets it on every dyno; the Node one too, but Node does not read it.
                    unit = Unit(
                        self.name, "procfile", found[1], file, number, role=role, platform_sets="WEB_CONCURRENCY"
                    )
                    yield from state(eyes, unit, found[2])


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named(*Procfile.looks_at) if not aside(eyes, file)]


PROBE = Procfile()
