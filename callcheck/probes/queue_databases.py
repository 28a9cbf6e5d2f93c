"""Does a worker wait in another of Redis' numbered databases than the one that its queue's jobs are put into?

    new Queue("labels", { connection: { host: "redis", db: 0 } });
    new Worker("labels", print, { connection: { host: "redis", db: 1 } });      // it sees none of the jobs

What the deployment sets by variables is told by `variables-apart`. Source: bullmq 5.41, dist/cjs/classes/redis-connection.js; bull 4.16, lib/queue.js; rq 2.0, queue.py: a queue is a list of
the database that its connection has selected.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, Node, Object, Sequence
from callcheck.sources.key_databases import number_in, of_client

_OPTIONS = ("connection", "redis")
_BROKERS = frozenset({"bullmq", "bull", "bee-queue", "rq"})


@dataclass(frozen=True, slots=True)
class _End:
    """A queue or worker as it is made, by the names of its queues and its database, which is None where it cannot be told."""

    made: Call
    names: frozenset[str]
    database: str | None


class QueueDatabases:
    """Silent where one of the ends of a queue may be in any database."""

    name = "queue-databases"
    looks_at = Sight.SOURCE
    about = ("hand-off",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        gives, takes = ([end for use in eyes.code.idioms.of(does) if (end := _end(eyes, use)) is not None] for does in ("hand-off", "take-work"))
        for taken in takes:
            for name in sorted(taken.names):
                sent = [end for end in gives if name in end.names]
                ends = [*sent, *(end for end in takes if name in end.names)]
                if not sent or any(end.database is None for end in ends) or any(end.database == one.database for end in sent for one in takes if name in one.names):
                    continue
                why = f"{clean(name, 40)} is put into database {sent[0].database} of Redis, and this worker waits in {taken.database}, where it sees none of it; give both the same"
                fact = LibraryTrap("event-name-mismatch", "strong", clean(why, 160), clean(name, 60), "redis", module_of(taken.made).language)
                yield seen(fact, taken.made, self.name, (seen(fact, sent[0].made, self.name, label="this is the queue that the jobs are put into"),))
                break


def _end(eyes: Eyes, use: Use) -> _End | None:
    code = eyes.code
    made = use.receiver.node if use.idiom.on and use.idiom.on != "any" else use.call
    if use.idiom.reason not in _BROKERS or is_test(use.module.path) or not isinstance(made, Call) or not made.args:
        return None
    first = made.args[0]
    names = frozenset(filter(None, (code.idioms.text(each) for each in (first.items if isinstance(first, Sequence) else [first]))))
    return _End(made, names, _database(eyes, made)) if names else None


def _database(eyes: Eyes, made: Call) -> str | None:
    """The number of the database, by the client or options that a queue or worker is given; None where it is not known."""
    code = eyes.code
    given = next((node for name in _OPTIONS if (node := code.idioms.option(made, name)) is not None), None)
    if given is None and len(made.args) > 1 and isinstance(made.args[1], Literal):
        given = made.args[1]
    if given is None:
        return None
    if isinstance(given, Literal):
        return number_in(given.value) if isinstance(given.value, str) else None
    held = code.origins.of(given)
    return _of_options(eyes, held.node) if isinstance(held.node, Object) else _of_client(eyes, given)


def _of_options(eyes: Eyes, options: Object) -> str | None:
    address, number = options.get("url"), options.get("db")
    if address is not None or (number is None and any(not entry.key for entry in options.entries)):
        return None
    told = number_of(eyes.code.origins, number) if number is not None else 0
    return f"{told:.0f}" if told is not None else None


def _of_client(eyes: Eyes, given: Node) -> str | None:
    found = {each.number for each in of_client(eyes, eyes.code.origins.of(given))}
    return found.pop() if len(found) == 1 else None


PROBE = QueueDatabases()
