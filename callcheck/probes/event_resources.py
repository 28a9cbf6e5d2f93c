"""Does a resource of the deployment ask for a name of an event that nothing here sends, while one much like it goes out and nobody asks for that?

    kind: Trigger, spec: {filter: {attributes: {type: shop.order.payed}}}
    send(new CloudEvent({ type: "shop.order.paid", source: "/shop", data: order }));

What AWS and Pub/Sub route is looked at by probes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.alike import alike, meets, nearly, takes_all
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.sent_kinds import sent
from callcheck.sources.event_resources import FILES, Asked, asked
from callcheck.sources.languages import OTHERS


class EventResources:
    """Silent where what is sent is computed, or another program may send it."""

    name = "event-resources"
    looks_at = FILES
    marks = ("dapr.io", "eventing.knative.dev", "rabbitmq.com", "rabbitmq_binding", "routing_key", "routing-key", "included_event_types", "includedEventTypes", "correlation_filter", "correlationFilter", "sql_filter")
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no resources that route events"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if not eyes.code.present or eyes.tree.named(*OTHERS):
            return
        wanted: dict[str, list[Asked]] = {}
        for each in asked(eyes):
            wanted.setdefault(each.medium, []).append(each)
        for medium, resources in wanted.items():
            known = sent(eyes.code, medium)
            for each in resources if not known.open else ():
                shapes = known.shaped(each.scope)
                names = shapes | known.within(each.scope)
                if not names or any(_meet(each, name) for name in names):
                    continue
                lost = [name for name in names if not any(_meet(other, name) and not any(takes_all(own, names, other.wildcard) for own in other.names) for other in resources)]
                near = next((name for name in lost if (name not in shapes or _shorter(each, name)) and any(alike(own, name, each.wildcard) for own in each.names)), "")
                near = near or _only(each, [name for name in lost if name not in shapes])
                if near:
                    fact = EventNeverEmitted(clean(each.names[0], 80), clean(near, 80), medium, module_of(names[near]).language)
                    yield Evidence(fact, Basis.DECLARED, self.name, each.where, because=(seen(fact, names[near], self.name, label=f"{clean(near, 60)} is what goes out"),))


def _shorter(resource: Asked, shape: str) -> bool:
    """Whether what is asked for has fewer parts than what is sent, however the computed ones are filled."""
    separator = resource.wildcard[:1]
    return bool(separator) and all(len(own.split(separator)) < len(shape.split(separator)) for own in resource.names)


def _only(resource: Asked, lost: list[str]) -> str:
    """The one name that nobody asks for, if the one that is asked for may be that written amiss; "" otherwise."""
    return lost[0] if len(lost) == len(resource.names) == 1 and nearly(resource.names[0], lost[0]) else ""


def _meet(resource: Asked, name: str) -> bool:
    return any(meets(own, name, resource.wildcard) for own in resource.names)


PROBE = EventResources()
