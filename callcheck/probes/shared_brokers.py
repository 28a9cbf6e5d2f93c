"""Do two stages of one deployment, such as staging and production, take work from the same queues of one broker?

    compose.production.yml   worker: {environment: {REDIS_URL: redis://redis.infra.example.com:6379/0}}
    compose.staging.yml      worker: {environment: {REDIS_URL: redis://redis.infra.example.com:6379/0}}      # half of the jobs end here
    base/kustomization.yaml  literals: [ORDERS_SUBSCRIPTION=orders-api]          # which overlays/staging and overlays/production both take

A queue gives each message to one consumer, whichever stage it belongs to (docs.bullmq.io, guide/workers; rabbitmq.com/docs/consumers;
cloud.google.com/pubsub/docs/subscription-overview; docs.aws.amazon.com, sqs-visibility-timeout).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Node
from callcheck.sources.environment.per_stage import per_stage
from callcheck.sources.environment.setting import Setting

_TAKES = ("take-work", "queue", "task", "joins")
_BROKER = pattern(r"^(?:rediss?|amqps?|pulsar|nats|kafka)://(?:[^@/\s]*@)?(?P<host>[\w-]+(?:\.[\w-]+)+|\d+(?:\.\d+){3})(?::\d+)?(?:/\S*)?$")
"""A broker whose host is named in full: a bare name is another machine in each network."""
_HOSTS = pattern(r"^[\w-]+(?:\.[\w-]+)+:\d+(?:,[\w-]+(?:\.[\w-]+)+:\d+)*$")
_BOOTSTRAP = pattern(r"KAFKA|BOOTSTRAP|REDPANDA")
_QUEUE = pattern(r"^(?:https://sqs\.[\w-]+\.amazonaws\.com/\d+/\S+|arn:aws:sqs:\S+|projects/[\w-]+/subscriptions/\S+)$")
"""The full name of one queue or subscription."""
_SUBSCRIPTION, _PROJECT = pattern(r"^(?!AZURE|ARM_|STRIPE).*SUBSCRIPTION(?:_ID|_NAME|_PATH)?$"), pattern(r"PROJECT(?:_ID)?$|EMULATOR|ENDPOINT")
_RECEIVES = ("receive_message", "receiveMessage", "ReceiveMessageCommand", "Consumer", "subscribe", "subscription")
_APART = pattern(r"PREFIX|QUEUE|GROUP|VHOST|NAMESPACE|EXCHANGE|TOPIC|_DB$")
_PREFIXES = ("global_keyprefix", "queue_name_prefix")
"""Settings of Celery that keep the queues of several stages apart."""


class SharedBrokers:
    """Silent where a name or prefix of the queues is computed, or is set otherwise in the two stages."""

    name = "shared-brokers"
    looks_at = Sight.SOURCE
    about = _TAKES
    marks = ("sqs.", "arn:aws:sqs:")
    signs = (Sign(words=_RECEIVES[:3]),)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        stages = per_stage(eyes)
        by_value: dict[tuple[str, str], list[str]] = {}
        for stage in sorted(stages, key=lambda stage: (stage == "production", stage)):
            for each in stages[stage].values():
                if _shared(each):
                    by_value.setdefault((each.name, each.value), []).append(stage)
        for (name, value), held in by_value.items():
            one, other = stages[held[0]], stages[held[-1]]
            named = not _is_broker(one[name])
            if len(held) < 2 or (_told_apart(one, other, _PROJECT) if named else _told_apart(one, other, _APART)):
                continue
            taken = self._taken(eyes, named)
            if named and not _QUEUE.match(value) and (taken is None or "pubsub" not in taken[1] or not any(read.name == name for read in eyes.code.variables.reads)):
                continue
            if taken is None or not (named or _constant(eyes.code)):
                continue
            of = f"from {value}" if named else "from the same queues of one broker"
            why = f"{held[0]} and {held[-1]} take {clean(of, 60)}, and each message goes to one of them; give each {'one' if named else 'a broker or prefix'} of its own"
            fact = LibraryTrap("competing-consumers", "strong", clean(why, 160), clean(name, 60), *taken[1:])
            first, second = one[name], other[name]
            beside = Evidence(fact, Basis.DECLARED, self.name, second.where, service=_unit(second), label=f"{held[-1]} uses the same")
            work = seen(fact, taken[0], self.name, label="the work goes through here")
            yield Evidence(fact, Basis.DECLARED, self.name, first.where, service=_unit(first), because=(beside, work))
            return

    def _taken(self, eyes: Eyes, named: bool) -> tuple[Node, str, str] | None:
        """Where the code takes work, by which library, in which language."""
        use = next(iter(eyes.code.idioms.of(*_TAKES)), None)
        if use is not None:
            return use.call, use.framework.name, use.module.language
        call = next(iter(eyes.code.project.calls(*_RECEIVES)), None) if named else None
        return (call, "", module_of(call).language) if call is not None else None


def _shared(each: Setting) -> bool:
    """Whether a variable holds what two stages would share: a broker with a host's full name, a queue or subscription of a cloud."""
    return bool(each.value) and (_is_broker(each) or bool(_QUEUE.match(each.value)) or bool(_SUBSCRIPTION.search(each.name)))


def _is_broker(each: Setting) -> bool:
    return bool(_BROKER.match(each.value)) or bool(_BOOTSTRAP.search(each.name) and _HOSTS.match(each.value))


def _unit(each: Setting) -> str:
    return clean(each.unit, 80) if each.system else ""


def _told_apart(one: dict[str, Setting], other: dict[str, Setting], by: re.Pattern[str]) -> bool:
    values = ({name: each.value for name, each in stage.items()} for stage in (one, other))
    here, there = values
    return any(by.search(name) and here.get(name) != there.get(name) for name in {*here, *there})


def _constant(code: Code) -> bool:
    """Whether the names and prefixes of all queues are written out, and no prefix is set in a way that is not known."""
    stored = [code.idioms.stored(use) for use in code.idioms.uses if use.idiom.stores]
    if any("*" in key or "process.env." in key for key in stored):
        return False
    texts = (code.project.text(path) for path in code.project.sources)
    return not any(word in text for text in texts for word in _PREFIXES)


PROBE = SharedBrokers()
