"""May a consumer read what it subscribes to, by the broker's own list of rights?

    topic read sensors/+/temp                                       # of user ingest, in Mosquitto's acl_file
    client.subscribe("sensors/+/temperature")                       # nothing comes, and no error either
    resource: {type: group, name: invoicing}                        # of a KafkaUser, whose consumer joins the group billing: GROUP_AUTHORIZATION_FAILED

A client is that user whose name stands beside it, in its file or its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.broker_rights import KAFKA_GROUP, KAFKA_TOPIC, MQTT, Rights, rights
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen

_SAYS = {
    MQTT: "the broker lets this user read {}, and not {}, so none of its messages are handed on, without an error; add: topic read {}",
    KAFKA_TOPIC: "the broker lets this user read {}, and not {}, so the consumer is refused (TOPIC_AUTHORIZATION_FAILED); add an acl for it",
    KAFKA_GROUP: "the broker lets this user join {}, and not {}, so the consumer is refused (GROUP_AUTHORIZATION_FAILED); add an acl for it",
}

_SHARED = pattern(r"^\$share/[^/]+/")
"""A subscription that several clients share is to the topic behind it (MQTT 5, 4.8.2)."""


class BrokerRights:
    """Silent where the user of a client is not written beside it, or the name of what it reads is computed."""

    name = "broker-rights"
    looks_at = ("acl", "acls", "*acl*", "*.acl", "*.yaml", "*.yml")
    marks = ("topic read", "topic readwrite", "KafkaUser")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no list of rights"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        users: dict[str, list[Rights]] = {}
        for each in rights(eyes) if eyes.code.present else ():
            users.setdefault(each.kind, []).append(each)
        for kind, listed in users.items():
            for use in _reading(eyes.code, kind):
                mine = [each for each in listed if _is(each.user, use.module.text)]
                names = list(eyes.code.idioms.events(use))
                for name in names if len(mine) == 1 and all(names) else ():
                    held = mine[0]
                    if not any(_covers(each, name, kind) for each in held.reads):
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


def _is(user: str, text: str) -> bool:
    """Whether a file names a user as that of its client: `username: "ingest"`, `username_pw_set("ingest", …)`, `mqtt://ingest:…@`."""
    name = re.escape(user)
    return user in text and re.search(rf"(?i)user_?(?:name)?(?:_pw_set)?[\"']?\s*[:=(]{{1,2}}\s*[\"'`]{name}[\"'`]|://{name}:", text) is not None


def _covers(right: str, name: str, kind: str) -> bool:
    """Whether some of what is subscribed to may be read."""
    if kind != MQTT:
        return fnmatchcase(name, right) if "*" in right else right == name
    mine, theirs = right.split("/"), _SHARED.sub("", name).split("/")
    for a, b in zip(mine, theirs, strict=False):
        if "#" in (a, b):
            return True
        if a != b and "+" not in (a, b) and "*" not in b:
            return False
    return len(mine) == len(theirs) or (len(mine) > len(theirs) and mine[len(theirs)] == "#") or (len(theirs) > len(mine) and theirs[len(mine)] == "#")


PROBE = BrokerRights()
