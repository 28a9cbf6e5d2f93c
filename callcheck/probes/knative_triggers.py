"""Does a Trigger of Knative wait at a broker that is not there, or for an attribute that no event of its type has?

    kind: Broker, metadata: {name: shop, namespace: shop}
    kind: Trigger, spec: {broker: default}                                                        # never ready, and nobody says so
    filter: {attributes: {type: shop.order.paid, source: /shop/orders}}                           # the events say "source": "/orders"

Sources: knative.dev/docs/eventing/triggers (filters match exactly, in the broker's own namespace); knative/eventing#1395. Names of types are looked at by event-resources.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.every_text import every_text
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Node
from callcheck.sources.documents import each_of, value_at
from callcheck.sources.languages import OTHERS
from callcheck.sources.manifests import Manifest, collect

_NO_BROKER = "no broker is called {0} in the Trigger's namespace, so it is never ready and gets nothing; here is {1}"
_ATTRIBUTE = "the Trigger wants {0} to be {1}, and the events of its type say {2}, so the broker hands it none"
_LACKING = "the Trigger wants {0} to be {1}, and the events of its type have no such attribute, so the broker hands it none"


class KnativeTriggers:
    """Silent where brokers are made elsewhere, where an attribute is computed, and where events may come from other programs."""

    name = "knative-triggers"
    looks_at = ("*.yaml", "*.yml")
    marks = ("eventing.knative.dev",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = collect(eyes)
        ours = [each for each in found.objects if str(each.get("apiVersion")).startswith("eventing.knative.dev/")]
        brokers, triggers = ([each for each in ours if each.kind == kind] for kind in ("Broker", "Trigger"))
        events = list(_events(eyes)) if triggers and not eyes.tree.named(*OTHERS) and eyes.code.present else []
        for trigger in triggers:
            here = [each for each in brokers if _space(each) == _space(trigger)]
            name = str(trigger.get("spec", "broker") or "default")
            if brokers and "{" not in name and name not in {each.name for each in here} and len({each.name for each in brokers}) == 1:
                yield self._told(trigger, _NO_BROKER.format(name, f"{brokers[0].name} in {_space(brokers[0]) or 'default'}"), ("spec", "broker"), Evidence(_fact("", trigger), Basis.DECLARED, self.name, brokers[0].where("metadata", "name"), label="this is the broker"))
                continue
            yield from self._blind(eyes, trigger, events)

    def _blind(self, eyes: Eyes, trigger: Manifest, events: list[Call]) -> Iterator[Evidence]:
        """An attribute beside the type that no event of that type has so."""
        asked = dict(_asked(trigger))
        wanted = asked.pop("type", None)
        same = [event for event in events if wanted and wanted[0] in (every_text(eyes.code, _attribute(event, "type")) or {})]
        if not same or any(every_text(eyes.code, _attribute(event, "type")) is None for event in events):
            return
        for key, (value, path) in asked.items():
            if key == "subject" or key.startswith("data"):
                continue
            given = [_attribute(event, key) for event in same]
            texts = [every_text(eyes.code, each) if each is not None else {} for each in given]
            if any(each is None or value in each for each in texts) or any(not _written(event) for event in same):
                continue
            said = next((text for each in texts for text in each or ()), "")
            why = _ATTRIBUTE.format(key, value, said) if said else _LACKING.format(key, value)
            yield self._told(trigger, why, path, seen(_fact(why, trigger), next((each for each in given if each is not None), same[0]), self.name, label="this is what goes out"))
            return

    def _told(self, trigger: Manifest, why: str, path: tuple[str | int, ...], beside: Evidence) -> Evidence:
        fact = _fact(why, trigger)
        return Evidence(fact, Basis.DECLARED, self.name, trigger.where(*path), because=(Evidence(fact, beside.basis, self.name, beside.where, beside.excerpt, label=beside.label),))


def _fact(why: str, trigger: Manifest) -> LibraryTrap:
    return LibraryTrap("missing-subscription", "strong", clean(why, 160), clean(trigger.name, 60), "knative", "")


def _space(item: Manifest) -> str:
    return str(item.get("metadata", "namespace") or "")


def _asked(trigger: Manifest) -> Iterator[tuple[str, tuple[str, tuple[str | int, ...]]]]:
    """Each attribute that the filters want to be one value, with its path; newer filters take the place of the older one."""
    rows = list(each_of(trigger.get("spec", "filters")))
    paths: list[tuple[str | int, ...]] = [("spec", "filters", number, "exact") for number, each in rows if value_at(each, "exact")] if rows else [("spec", "filter", "attributes")]
    for path in paths:
        held = trigger.get(*path)
        for key, value in held.items() if isinstance(held, dict) else ():
            if isinstance(value, str) and value and "{{" not in value:
                yield str(key), (value, (*path, str(key)))


def _events(eyes: Eyes) -> Iterator[Call]:
    return (call for call in eyes.code.project.calls("CloudEvent") if not is_test(module_of(call).path))


def _attribute(event: Call, key: str) -> Node | None:
    return event.keyword(key) or given_as(event, key)


def _written(event: Call) -> bool:
    """Whether its attributes are written out at the call: its type is one of them."""
    return _attribute(event, "type") is not None


PROBE = KnativeTriggers()
