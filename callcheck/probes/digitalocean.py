"""How many containers does DigitalOcean's App Platform run?

    services:
      - {name: web, run_command: npm start, instance_count: 3}
    workers:
      - {name: mailer, run_command: npm run worker}

`instance_count` is 1 where it is absent; `autoscaling.max_instance_count` has the last word.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, tables
from callcheck.sources.environment import given
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, dockerfile_of, each_document, number, replicas, state, state_image

_ROLES = {"services": "web", "workers": "worker"}


class DigitalOcean:
    """App specs."""

    name = "digitalocean"
    looks_at = (".do/*.y*ml", "*/.do/*.y*ml")
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no app spec in .do/"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        return each_document(eyes, self.looks_at, lambda document, file: _spec(eyes, document, file))


def _spec(eyes: Eyes, document: Table, file: File) -> Iterator[Evidence | Lost]:
    spec = document.get("spec", document)
    for kind, role in _ROLES.items() if isinstance(spec, Table) else ():
        for component in tables(spec.get(kind)):
            yield from _component(eyes, component, role, file)


def _component(eyes: Eyes, component: Table, role: str, file: File) -> Iterator[Evidence | Lost]:
    name = str(component.get("name") or "")
    unit = Unit("digitalocean", "digitalocean", name, file, component.lines.get("name", component.line), given(eyes, "digitalocean", name), role)
    if isinstance(component.get("run_command"), str):
        yield from state(eyes, unit, component["run_command"], line=component.lines["run_command"])
    else:
        yield from state_image(eyes, unit, dockerfile_of(eyes, "", [name]))
    scaling = component.get("autoscaling")
    if isinstance(scaling, Table) and "max_instance_count" in scaling:
        most = scaling["max_instance_count"]
        yield replicas(unit, number(most).many, f"max_instance_count: {most}", scaling.lines["max_instance_count"])
    elif "instance_count" in component:
        count = component["instance_count"]
        yield replicas(unit, number(count).many, f"instance_count: {count}", component.lines["instance_count"])
    else:
        yield replicas(unit, 1, "no instance_count: 1")


PROBE = DigitalOcean()
