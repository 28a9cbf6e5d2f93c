"""Do two stages of one deployment, such as staging and production, take work from the same queues of one broker?

    compose.production.yml   worker: {environment: {REDIS_URL: redis://redis.infra.example.com:6379/0}}
    compose.staging.yml      worker: {environment: {REDIS_URL: redis://redis.infra.example.com:6379/0}}      # half of the jobs end here

A queue gives each message to one consumer, whichever stage it belongs to (docs.bullmq.io, guide/workers; rabbitmq.com/docs/consumers).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.seen import seen
from callcheck.sources.environment import Setting, settings

_TAKES = ("take-work", "queue", "task", "joins")
_BROKER = pattern(r"^(?:rediss?|amqps?|pulsar|nats|kafka)://(?:[^@/\s]*@)?(?P<host>[\w-]+(?:\.[\w-]+)+|\d+(?:\.\d+){3})(?::\d+)?(?:/\S*)?$")
"""A broker whose host is named in full: a bare name is another machine in each network."""
_STAGE = pattern(r"(?:^|[/._-])(prod|production|live|staging|stage|stg|preview|preprod|uat|qa|test|dev|development|demo)(?=$|[/._-])")
_SAME = {"prod": "production", "live": "production", "stage": "staging", "stg": "staging", "development": "dev"}
_APART = pattern(r"PREFIX|QUEUE|GROUP|VHOST|NAMESPACE|EXCHANGE|TOPIC|_DB$")
_PREFIXES = ("global_keyprefix", "queue_name_prefix")
"""Settings of Celery that keep the queues of several stages apart."""


class SharedBrokers:
    """Silent where a name or prefix of the queues is computed, or is set otherwise in the two stages."""

    name = "shared-brokers"
    looks_at = Sight.SOURCE
    about = _TAKES
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        by_value: dict[tuple[str, str], dict[str, Setting]] = {}
        stages: dict[str, dict[str, str]] = {}
        for each in settings(eyes):
            stage = _stage(each)
            if stage:
                stages.setdefault(stage, {})[each.name] = each.value
                if _BROKER.match(each.value):
                    held = by_value.setdefault((each.name, each.value), {})
                    if stage not in held or "worker" in each.unit:
                        held[stage] = each
        for (name, _), found in by_value.items():
            ordered = sorted(found, key=lambda stage: (stage == "production", stage))
            if len(ordered) < 2 or _told_apart(stages[ordered[0]], stages[ordered[-1]]):
                continue
            work = next(iter(eyes.code.idioms.of(*_TAKES)), None)
            if work is None or not _constant(eyes.code):
                return
            why = f"{ordered[0]} and {ordered[-1]} take from the same queues of one broker, and each message goes to one of them; give each a broker or prefix of its own"
            fact = LibraryTrap("competing-consumers", "strong", clean(why, 160), clean(name, 60), work.framework.name, work.module.language)
            first, second = found[ordered[0]], found[ordered[-1]]
            other = Evidence(fact, Basis.DECLARED, self.name, Location(clean(second.file.name), second.line or 1), service=clean(second.unit, 80), label=f"{ordered[-1]} uses the same broker")
            taken = seen(fact, work.call, self.name, label="the work goes through here")
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(first.file.name), first.line or 1), service=clean(first.unit, 80), because=(other, taken))
            return


def _stage(each: Setting) -> str:
    """Which stage a setting is for, by its file's name or its unit's; "" if that names none, or several."""
    words = {_SAME.get(found[1], found[1]) for found in _STAGE.finditer(f"{each.file.name}/{each.unit}".lower())}
    return words.pop() if len(words) == 1 else ""


def _told_apart(one: dict[str, str], other: dict[str, str]) -> bool:
    return any(_APART.search(name) and one.get(name) != other.get(name) for name in {*one, *other})


def _constant(code: Code) -> bool:
    """Whether the names and prefixes of all queues are written out, and no prefix is set in a way that is not known."""
    stored = [code.idioms.stored(use) for use in code.idioms.uses if use.idiom.stores]
    if any("*" in key or "process.env." in key for key in stored):
        return False
    texts = (code.project.text(path) for path in code.project.sources)
    return not any(word in text for text in texts for word in _PREFIXES)


PROBE = SharedBrokers()
