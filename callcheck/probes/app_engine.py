"""How many instances does Google App Engine run?

    runtime: nodejs20
    automatic_scaling: {max_instances: 5}

Automatic scaling is the default, and has no upper limit unless `max_instances` sets one.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.environment import given
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, each_document, number, replicas, run, state

_SCALINGS = (("manual_scaling", "instances"), ("basic_scaling", "max_instances"), ("automatic_scaling", "max_instances"))


class AppEngine:
    """An `app.yaml` that names a runtime; other tools use that file name too."""

    name = "app-engine"
    looks_at = ("app.yaml", "app.yml", "app.*.yaml")
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no app.yaml"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        def read(document: Table, file: File) -> Iterator[Evidence | Lost]:
            return _service(eyes, document, file) if isinstance(document.get("runtime"), str) else iter(())

        return each_document(eyes, self.looks_at, read)


def _service(eyes: Eyes, document: Table, file: File) -> Iterator[Evidence | Lost]:
    name = str(document.get("service") or "default")
    unit = Unit("app-engine", "app-engine", name, file, document.lines["runtime"], given(eyes, "app-engine", name), "web")
    if isinstance(document.get("entrypoint"), str):
        yield from state(eyes, unit, document["entrypoint"], line=document.lines["entrypoint"])
    else:
        yield run(unit)
    for key, count in _SCALINGS:
        scaling = document.get(key)
        if isinstance(scaling, Table) and count in scaling:
            yield replicas(unit, number(scaling[count]).many, f"{count}: {scaling[count]}", scaling.lines[count])
            return
    yield replicas(unit, 2, "automatic scaling without max_instances", at_least=True)


PROBE = AppEngine()
