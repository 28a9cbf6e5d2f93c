"""Under which keys of a broker does the waiting work of the code's queues stand?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.work import QueueUsed
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.celery_settings import DEFAULT_QUEUE, ROUTES, rows_of, settings
from callcheck.sources.code.given import given
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Node, Object

_TRANSPORT = frozenset({"broker_transport_options", "CELERY_BROKER_TRANSPORT_OPTIONS", "BROKER_TRANSPORT_OPTIONS"})


class Queues:
    """Reads the names and prefixes of queues by the idioms that say how a library stores them."""

    name = "queues"
    looks_at = Sight.SOURCE
    about = ("queue", "task", "hand-off")
    answers = frozenset({QueueUsed})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, idioms = eyes.code, eyes.code.idioms

        def set_to(node: Node) -> str:
            told = set(given(code, [node]))
            return told.pop() if len(told) == 1 else ""

        for use in idioms.uses:
            if use.idiom.stores:
                fact = QueueUsed(clean(idioms.stored(use, set_to), 120), use.framework.broker, use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name)
        yield from self._prefixed(eyes.code)

    def _prefixed(self, code: Code) -> Iterator[Evidence]:
        """The queues of Celery by the prefix that its transport for Redis puts before them (kombu/transport/redis.py, GlobalKeyPrefixMixin)."""
        for _, table in settings(code, _TRANSPORT):
            prefix = code.idioms.text(table.get("global_keyprefix")) if isinstance(table, Object) else ""
            if not prefix:
                continue
            named = [(code.idioms.text(node), node) for _, node in settings(code, DEFAULT_QUEUE)] or [("celery", table)]
            for _, routes in settings(code, ROUTES):
                rows = (where.get("queue") if isinstance(where, Object) else where for _, where in rows_of(code, routes))
                named += [(code.idioms.text(where), where) for where in rows if where is not None]
            for queue, node in named:
                yield seen(QueueUsed(clean(f"{prefix}{queue or '*'}", 120), "redis", "celery", "python"), node, self.name)


PROBE = Queues()
