"""What may each user hear, by the lists of users that Redis, NATS and RabbitMQ are started with?

    user app on >secret ~app:* +@all                                              # users.acl of Redis: no `&`, so no channel
    {user: app, password: secret, permissions: {subscribe: ["orders.>"]}}         # nats-server.conf
    {"permissions": [{"user": "app", "read": "^app\\\\.", ...}]}                    # definitions.json of RabbitMQ

Sources: redis.io, ACL (from 7.0 on a user may use no channel unless `&` says so; acl-pubsub-default); docs.nats.io, authorization (`permissions`); rabbitmq.com, access-control (to consume takes `read` of the
queue; "" allows nothing).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.broker_rights.held import NATS, RABBIT, REDIS, Rights
from callcheck.sources.documents import each_of, value_at
from callcheck.sources.launch import aside, own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_REDIS_USER = pattern(r"(?m)^[ \t]*user[ \t]+(\S+)[ \t]+(\S[^\n]*)$")
_ALL_CHANNELS = pattern(r"(?:^|\s)(?:allchannels|&\*)(?=\s|$)")
_UNLESS_SAID = pattern(r"(?m)^[ \t]*acl-pubsub-default[ \t]+\"?allchannels\b")
_OLD_REDIS = pattern(r"\bredis(?:-stack-server)?:[56]\b")
_NATS_USER = pattern(r"\buser\s*[:=]\s*\"?([\w.@-]+)\"?")
_SUBSCRIBES = pattern(r"\bsub(?:scribe)?\s*[:=]\s*(\{[^{}]*\}|\[[^\]]*\]|\"[^\"]*\"|[\w.*>]+)")
_ALLOWS = pattern(r"\ballow\s*[:=]\s*(\[[^\]]*\]|\"[^\"]*\"|[\w.*>]+)")
_SUBJECT = pattern(r"\"([^\"\s]+)[^\"]*\"|([\w.*>$-]+)")


def listed(eyes: Eyes) -> Iterator[Rights]:
    for file, text in own_texts(eyes, "*.acl", "*redis*.conf", "*nats*.conf", most=100_000):
        if "nats" in file.base:
            yield from _nats(text, clean(file.name))
        elif _REDIS_USER.search(text) and not any(_OLD_REDIS.search(eyes.readable(each, 100_000)) for each in eyes.tree.named("*compose*.y*ml", "*.yaml")):
            yield from _redis(text, clean(file.name))
    for file in eyes.tree.named("*definitions*.json", "*rabbit*.json"):
        document = eyes.readable_document(file) if not aside(eyes, file) else None
        rows: dict[str, list[tuple[str, int]]] = {}
        for _, row in each_of(value_at(document, "permissions")):
            rows.setdefault(str(row.get("user")), []).append((str(row.get("read", "")), row.lines.get("read", row.line)))
        # In several virtual hosts it may do different things.
        yield from (Rights(user, RABBIT, [told[0][0]], Location(clean(file.name), told[0][1] or 1)) for user, told in rows.items() if len(told) == 1)


def _redis(text: str, name: str) -> Iterator[Rights]:
    for found in _REDIS_USER.finditer(text):
        words = found[2].split()
        if "on" in words and not _ALL_CHANNELS.search(found[2]) and not _UNLESS_SAID.search(text) and "reset" not in words:
            yield Rights(found[1], REDIS, [word[1:] for word in words if word.startswith("&")], Location(name, text.count("\n", 0, found.start()) + 1))


def _nats(text: str, name: str) -> Iterator[Rights]:
    for found in _NATS_USER.finditer(text):
        start, end = _object(text, found.start())
        body = text[start:end]
        told = _SUBSCRIBES.search(body)
        if told is None:
            continue
        value = told[1]
        allowed = _ALLOWS.search(value) if value.startswith("{") else None
        if value.startswith("{"):
            if allowed is None:
                continue
            value = allowed[1]
        subjects = [quoted or plain for quoted, plain in _SUBJECT.findall(value)]
        yield Rights(found[1], NATS, subjects, Location(name, text.count("\n", 0, start + told.start()) + 1))


def _object(text: str, at: int) -> tuple[int, int]:
    """Where the braces around a place begin and end."""
    open_at: list[int] = []
    for found in re.finditer(r"[{}]", text):
        if found[0] == "{":
            open_at.append(found.start())
        elif open_at:
            start = open_at.pop()
            if start < at < found.start():
                return start, found.end()
    return open_at[-1] if open_at else 0, len(text)
