"""May a consumer read what it subscribes to, by the broker's own list of rights?

    topic read sensors/+/temp                                       # of user ingest, in Mosquitto's acl_file
    client.subscribe("sensors/+/temperature")                       # nothing comes, and no error either
    user app on >secret ~app:* +@all                                # users.acl of Redis, and the app subscribes to a channel: NOPERM
    resource: {type: group, name: invoicing}                        # of a KafkaUser, whose consumer joins the group billing: GROUP_AUTHORIZATION_FAILED

A client is that user whose name stands beside it, in its file or its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.broker_rights import KAFKA_GROUP, KAFKA_TOPIC, MQTT, NATS, RABBIT, REDIS, Rights, rights
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.environment import settings

_SAYS = {
    MQTT: "the broker lets this user read {}, and not {}, so none of its messages are handed on, without an error; add: topic read {}",
    KAFKA_TOPIC: "the broker lets this user read {}, and not {}, so the consumer is refused (TOPIC_AUTHORIZATION_FAILED); add an acl for it",
    REDIS: "Redis lets this user use the channels {}, and not {}, so it answers NOPERM and no message comes; add &{} to the user",
    NATS: "NATS lets this user subscribe to {}, and not {}, so the subscription is refused (permissions violation); allow {}",
    RABBIT: "RabbitMQ lets this user read what fits {}, and not {}, so it refuses the consumer (403 ACCESS_REFUSED); let read fit {}",
    KAFKA_GROUP: "the broker lets this user join {}, and not {}, so the consumer is refused (GROUP_AUTHORIZATION_FAILED); add an acl for it",
}


class BrokerRights:
    """Silent where the user of a client is not written beside it, or the name of what it reads is computed."""

    name = "broker-rights"
    looks_at = ("acl", "acls", "*acl*", "*.acl", "*.yaml", "*.yml", "*redis*.conf", "*nats*.conf", "*definitions*.json", "*rabbit*.json")
    marks = ("topic read", "topic readwrite", "KafkaUser", "user ", "user:", "\"read\"")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no list of rights"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        users: dict[str, list[Rights]] = {}
        for each in rights(eyes) if eyes.code.present else ():
            users.setdefault(each.kind, []).append(each)
        for kind, listed in users.items():
            for use in _reading(eyes.code, kind):
                text = _with_settings(eyes, use.module.text) if kind in (REDIS, NATS, RABBIT) else use.module.text
                mine = [each for each in listed if _is(each.user, text)]
                names = list(eyes.code.idioms.events(use))
                for name in names if len(mine) == 1 and all(names) else ():
                    held = mine[0]
                    if not held.cover(name):
                        known = clean(", ".join(held.reads[:2]) or "nothing", 50)
                        fact = LibraryTrap("missing-subscription", "strong", clean(_SAYS[kind].format(known, clean(name, 40), clean(name, 40)), 160), clean(name, 60), use.framework.name, use.module.language)
                        there = (Evidence(fact, Basis.DECLARED, self.name, held.where, label=f"what {clean(held.user, 40)} may read"),)
                        yield seen(fact, use.call, self.name, there)


def _reading(code: Code, kind: str) -> Iterator[Use]:
    """Where the code names what it reads: a topic that it subscribes to, or the group that a consumer joins."""
    for use in code.idioms.of("joins" if kind == KAFKA_GROUP else "channel-in"):
        medium = use.framework.broker if kind == KAFKA_GROUP else use.idiom.medium
        if medium == kind.removesuffix("-group") and not is_test(use.module.path):
            yield use


def _with_settings(eyes: Eyes, text: str) -> str:
    """A file with what the deployment sets the variables to that it names."""
    told = (f"{each.name.lower()}: '{each.value}'" for each in settings(eyes) if each.value and each.name in text)
    return "\n".join((text, *told))


def _is(user: str, text: str) -> bool:
    """Whether a file names a user as that of its client: `username: "ingest"`, `username_pw_set("ingest", …)`, `mqtt://ingest:…@`."""
    name = re.escape(user)
    return user in text and re.search(rf"(?i)user_?(?:name)?(?:_pw_set)?[\"']?\s*[:=(]{{1,2}}\s*[\"'`]{name}[\"'`]|://{name}:|Credentials\(\s*[\"'`]{name}[\"'`]", text) is not None


PROBE = BrokerRights()
