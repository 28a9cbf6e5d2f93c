"""Does a sensor of Argo Events wait for an event that its source has not, or for a source that is not there?

    kind: EventSource, metadata: {name: github}, spec: {webhook: {push: {endpoint: /push}}}
    kind: Sensor, spec: {dependencies: [{name: push, eventSourceName: github, eventName: pushed}]}       # the event is called push

Source: argoproj.github.io/argo-events, sensors: a dependency names the source and the key of one of its events.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.alike import alike, nearly
from callcheck.sources.documents import Table, each_of
from callcheck.sources.manifests import Manifest, collect

_NO_EVENTS = frozenset({"eventBusName", "replicas", "service", "template"})
"""Keys of a source's spec that are no kinds of events."""


class ArgoEvents:
    """Silent for names that a template fills, and for sources that are not in the target unless one much like them is."""

    name = "argo-events"
    looks_at = ("*.yaml", "*.yml")
    marks = ("kind: Sensor",)
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        sources = {each.name: each for each in found.of("EventSource") if "argoproj.io" in str(each.get("apiVersion"))}
        for sensor in found.of("Sensor") if sources else ():
            for number, each in each_of(sensor.get("spec", "dependencies")):
                source, event = each.get("eventSourceName"), each.get("eventName")
                if source and event and "{{" not in f"{source}{event}":
                    yield from self._compared(sensor, number, str(source), str(event), sources)

    def _compared(self, sensor: Manifest, number: int, source: str, event: str, sources: dict[str, Manifest]) -> Iterator[Evidence]:
        asked, known, key = (event, _events(sources[source]), "eventName") if source in sources else (source, sources, "eventSourceName")
        if asked in known:
            return
        near = next((name for name in known if alike(asked, name)), "") or next((name for name in known if key == "eventName" and (nearly(asked, name) or len(known) == 1)), "")
        if near:
            fact = EventNeverEmitted(clean(asked, 80), clean(near, 80), "argo-events", "")
            made = known[near]
            there = Evidence(fact, Basis.DECLARED, self.name, made.where("metadata", "name") if key != "eventName" else _where(made, near), label=f"{clean(near, 60)} is what it is called")
            yield Evidence(fact, Basis.DECLARED, self.name, sensor.where("spec", "dependencies", number, key), because=(there,))


def _events(source: Manifest) -> dict[str, Manifest]:
    """The events of a source, by the keys below each kind of event."""
    spec = source.get("spec")
    kinds = [held for kind, held in spec.items() if kind not in _NO_EVENTS and isinstance(held, Table)] if isinstance(spec, Table) else []
    return {str(name): source for held in kinds for name in held}


def _where(source: Manifest, event: str) -> Location:
    kind = next((kind for kind, held in source.get("spec").items() if isinstance(held, Table) and event in held), "")
    return source.where("spec", kind, event)


PROBE = ArgoEvents()
