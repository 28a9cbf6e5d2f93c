"""Do two apps of Spring take from one queue, or from one topic in one group, though each handles what comes in its own way?

    x-env: &env {SPRING_KAFKA_CONSUMER_GROUP_ID: berths}       # takes the place of what each says in its application.yml
    billing:  {build: ./billing, environment: *env}            # @KafkaListener(topics = "berth.events")
    pilotage: {build: ./pilotage, environment: *env}           # @KafkaListener(topics = "berth.events")
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.meeting import ConsumersCompete
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.spring import App, Listener, apps, listeners


class SpringGroups:
    """Lays the listeners of the apps beside one another in twos; silent for names that are not known, brokers that differ, and copies of one listener."""

    name = "spring-groups"
    looks_at = ("*.java", "*.kt")
    marks = ("@KafkaListener", "@RabbitListener", "@SqsListener", "@JmsListener", "java.util.function.Consumer", "java.util.function.Function")
    answers: frozenset[type[Fact]] = frozenset({ConsumersCompete})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Java or Kotlin"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = [(app, each) for app in apps(eyes) for each in listeners(eyes, app)]
        told: set[str] = set()
        for (one, here), (other, there) in itertools.combinations(found, 2):
            shared = here.group or here.queue
            if shared not in told and one.folder != other.folder and one.beside == other.beside and _compete(here, there):
                told.add(shared)
                yield self._at(one, here, other, there, shared)

    def _at(self, one: App, here: Listener, other: App, there: Listener, shared: str) -> Evidence:
        fact = ConsumersCompete(clean(shared, 80), clean(one.name, 80), clean(other.name, 80), here.library, "java")
        because = [Evidence(fact, Basis.INFERRED, self.name, Location(clean(there.file.name), there.line), label=f"{clean(other.name, 60)} takes from it too")]
        for each in dict.fromkeys(listener.group_from for listener in (here, there) if listener.group_from is not None):
            because.append(Evidence(fact, Basis.DECLARED, self.name, Location(clean(each.file.name), each.line or 1), label="the group is told here"))
        return Evidence(fact, Basis.INFERRED, self.name, Location(clean(here.file.name), here.line), because=tuple(because))


def _compete(here: Listener, there: Listener) -> bool:
    same = (here.library, here.queue, here.group) == (there.library, there.queue, there.group)
    apart = bool(here.broker and there.broker) and here.broker != there.broker
    return same and not apart and here.body != there.body


PROBE = SpringGroups()
