"""Does the channel of Redis' key events that a program listens to carry those of the database that it keeps its keys in?

    createClient({ url, database: 3 })                         keys lie in database 3
    subscriber.subscribe("__keyevent@0__:expired", free)       their end is told on __keyevent@3__:expired alone

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
from callcheck.sources import Eyes
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.key_databases import kept_in

_CHANNEL = pattern(r"^__key(?:event|space)@(\d{1,3})__")
_WHY = "its keys lie in database {}, and this channel carries what happens in database {} alone; name the client's database in it: __keyevent@{}__"


class KeyEvents:
    """Says nothing where a client's database is not known, or where one of several is the one that is listened to."""

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
        heard = [(use, found[1]) for use in code.idioms.of("channel-in") if _of_redis(use) for event in code.idioms.events(use) if (found := _CHANNEL.match(event))]
        kept = kept_in(eyes) if heard else []
        for use, number in heard:
            if kept and all(each.number != number for each in kept):
                there = kept[0]
                why = clean(_WHY.format(there.number, number, there.number), 160)
                fact = LibraryTrap("event-name-mismatch", "strong", why, "subscribe", use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, there.node, self.name, label=f"keys are kept in database {there.number}"),))


def _of_redis(use: Use) -> bool:
    return use.idiom.medium == "redis" and not is_test(use.module.path)


PROBE = KeyEvents()
