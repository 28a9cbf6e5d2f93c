"""May a client read what it subscribes to, and write what it publishes, by the broker's own list of rights?

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
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.broker_rights import (
    KAFKA_GROUP,
    KAFKA_TOPIC,
    MQTT,
    NATS,
    RABBIT,
    REDIS,
    Listed,
    Rights,
    mosquitto,
    rights,
)
from callcheck.sources.broker_rights.mosquitto import CONFIGURATIONS
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.environment import settings
from callcheck.sources.environment.of_program import set_of

_SAYS = {
    MQTT: "the broker lets this user read {}, and not {}, so none of its messages are handed on, without an error; add: topic read {}",
    KAFKA_TOPIC: "the broker lets this user read {}, and not {}, so the consumer is refused (TOPIC_AUTHORIZATION_FAILED); add an acl for it",
    REDIS: "Redis lets this user use the channels {}, and not {}, so it answers NOPERM and no message comes; add &{} to the user",
    NATS: "NATS lets this user subscribe to {}, and not {}, so the subscription is refused (permissions violation); allow {}",
    RABBIT: "RabbitMQ lets this user read what fits {}, and not {}, so it refuses the consumer (403 ACCESS_REFUSED); let read fit {}",
    KAFKA_GROUP: "the broker lets this user join {}, and not {}, so the consumer is refused (GROUP_AUTHORIZATION_FAILED); add an acl for it",
}

_DROPPED = "the broker lets this user write {}, and not {}, so what is published there is dropped, without an error; add: topic write {}"
_CALLED = pattern(r"(?i)\b(?:username|username_pw_set)[\"']?\s*[:=(]\s*[\"'`]([\w.@-]{1,80})[\"'`]|\bmqtts?://([\w.-]{1,80}):[^@\s\"'`]{0,100}@")


class BrokerRights:
    """Silent where the user of a client is not written beside it, or the name of what it reads is computed."""

    name = "broker-rights"
    looks_at = (*CONFIGURATIONS, "acl", "acls", "*acl*", "*.acl", "*.yaml", "*.yml", "*redis*.conf", "*nats*.conf", "*definitions*.json", "*rabbit*.json")
    marks = ("topic ", "pattern ", "acl_file", "KafkaUser", "user ", "user:", "\"read\"")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no list of rights"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if not eyes.code.present:
            return
        users: dict[str, list[Rights]] = {}
        for each in rights(eyes):
            users.setdefault(each.kind, []).append(each)
        for kind, listed in users.items():
            for use in _reading(eyes.code, kind):
                text = _with_settings(eyes, use)
                mine = [each for each in listed if _is(each.user, text)]
                if len(mine) == 1:
                    yield from self._kept_away(eyes, use, mine[0])
        files = list(mosquitto(eyes))
        for does in ("channel-in", "channel-out") if len(files) == 1 else ():
            for use in _using(eyes.code, does, MQTT):
                user = _client(files[0], _with_settings(eyes, use))
                if user:
                    yield from self._kept_away(eyes, use, files[0].of(user), does == "channel-out")

    def _kept_away(self, eyes: Eyes, use: Use, held: Rights, out: bool = False) -> Iterator[Evidence]:
        names = list(eyes.code.idioms.events(use))
        if not all(names):
            return
        for name in names:
            if held.let_out(name) if out else held.cover(name):
                continue
            listed = held.writes if out else held.reads
            known, says = clean(", ".join(listed[:2]) or "nothing", 50), _DROPPED if out else _SAYS[held.kind]
            effect = "emission-bypassed" if out else "missing-subscription"
            fact = LibraryTrap(effect, "strong", clean(says.format(known, clean(name, 40), clean(name, 40)), 160), clean(name, 60), use.framework.name, use.module.language)
            there = (Evidence(fact, Basis.DECLARED, self.name, held.where, label=f"what {clean(held.user, 40)} may {'write' if out else 'read'}"),)
            yield seen(fact, use.call, self.name, there)


def _reading(code: Code, kind: str) -> Iterator[Use]:
    """Where the code names what it reads: a topic that it subscribes to, or the group that a consumer joins."""
    yield from (use for use in code.idioms.of("joins") if use.framework.broker == KAFKA_TOPIC and not is_test(use.module.path)) if kind == KAFKA_GROUP else _using(code, "channel-in", kind)


def _using(code: Code, does: str, medium: str) -> Iterator[Use]:
    yield from (use for use in code.idioms.of(does) if use.idiom.medium == medium and not is_test(use.module.path))


def _with_settings(eyes: Eyes, use: Use) -> str:
    """A file with what the deployment sets the variables to that it names, for the programs that load it."""
    text = use.module.text
    named = dict.fromkeys(each.name for each in settings(eyes) if each.value and each.name in text)
    programs = eyes.code.programs.of(use.module) if named else frozenset()
    return "\n".join((text, *(f"{name.lower()}: '{value}'" for name in named for value in sorted(set_of(eyes, programs, name)))))


def _is(user: str, text: str) -> bool:
    """Whether a file names a user as that of its client: `username: "ingest"`, `username_pw_set("ingest", …)`, `mqtt://ingest:…@`."""
    name = re.escape(user)
    return user in text and re.search(rf"(?i)user_?(?:name)?(?:_pw_set)?[\"']?\s*[:=(]{{1,2}}\s*[\"'`]{name}[\"'`]|://{name}:|Credentials\(\s*[\"'`]{name}[\"'`]", text) is not None


def _client(listed: Listed, text: str) -> str:
    """The one user of a file of rights that a file's client is, or one that it does not name; "" where that is not known."""
    known = [user for user in listed.users if _is(user, text)]
    if known or not listed.named:
        return known[0] if len(known) == 1 else ""
    called = {next(filter(None, found)) for found in _CALLED.findall(text)}
    return called.pop() if len(called) == 1 else ""


PROBE = BrokerRights()
