"""Does the channel of Redis' key events that a program listens to carry those of the database that it keeps its keys in, and is the server told to send them?

    createClient({ url, database: 3 })                         keys lie in database 3
    subscriber.subscribe("__keyevent@0__:expired", free)       their end is told on __keyevent@3__:expired alone
    redis-server --notify-keyspace-events Kx                   and on no __keyevent@ channel at all

Source: redis.io/docs/latest/develop/pubsub/keyspace-notifications. Channels belong to no database, so that the subscriber's own does not matter.
"""

from __future__ import annotations

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
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.key_databases import kept_in
from callcheck.sources.key_event_kinds import told

_CHANNEL = pattern(r"^__(?P<form>keyevent|keyspace)@(?P<number>\d{1,3}|\*)__(?::(?P<rest>.*))?$")
_WHY = "its keys lie in database {}, and this channel carries what happens in database {} alone; name the client's database in it: __keyevent@{}__"
_UNSENT = "notify-keyspace-events is {}, and without {} nothing is sent on this channel; set it to {}"


class KeyEvents:
    """Says nothing where a client's database, or what a server is told, is not known, nor where one of several fits."""

    name = "key-events"
    looks_at = Sight.SOURCE
    about = ("opens-database", "selects-database", "keeps-keys")
    marks = ("__keyevent@", "__keyspace@")
    signs = (Sign(pattern=r"__key(?:event|space)@"), Sign(words=("ioredis", "redis")))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        heard = [(use, found) for use in code.idioms.of("channel-in") if _of_redis(use) for event in code.idioms.events(use) if (found := _CHANNEL.match(event))]
        kept = kept_in(eyes) if heard else []
        said = told(eyes) if heard else []
        for use, found in heard:
            number = found["number"]
            if kept and number != "*" and all(each.number != number for each in kept):
                there = kept[0]
                fact = _trap(use, "event-name-mismatch", _WHY.format(there.number, number, there.number))
                yield seen(fact, use.call, self.name, (seen(fact, there.node, self.name, label=f"keys are kept in database {there.number}"),))
            lacking = [each.lacks(found["form"], found["rest"] or "") for each in said]
            if lacking and all(lacking):
                letters, lack = said[0].letters, lacking[0]
                fact = _trap(use, "emission-bypassed", _UNSENT.format(letters, lack, letters + lack))
                yield seen(fact, use.call, self.name, (Evidence(fact, Basis.DECLARED, self.name, said[0].where, label="the server is told to send these"),))


def _trap(use: Use, effect: str, why: str) -> LibraryTrap:
    return LibraryTrap(effect, "strong", clean(why, 160), "subscribe", use.framework.name, use.module.language)


def _of_redis(use: Use) -> bool:
    return use.idiom.medium == "redis" and not is_test(use.module.path)


PROBE = KeyEvents()
