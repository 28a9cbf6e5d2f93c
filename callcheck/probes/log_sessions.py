"""Do requests reach a process that does not know their session?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import SessionLost
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import in_order, told

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.sessions import Sessions

_LEAST = 3
_RARE = 0.1
"""A smaller share of all sessions than this is what a restart leaves behind."""


class LogSessions:
    """States refused session ids, and how many processes answer."""

    name = "log_sessions"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({SessionLost})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        sessions = eyes.logs.summary.sessions
        ids = sessions.refused
        refused = sum(ids.values())
        if refused < _LEAST or len(ids) < _LEAST:
            yield from self._astray(sessions)
            return
        elsewhere = sessions.elsewhere
        if not elsewhere and len(ids) < _RARE * (sessions.accepted + len(ids)):
            return
        protocol = max(sorted(sessions.protocols), key=lambda name: sessions.protocols[name])
        instances = max(len(sessions.answering), len(sessions.workers))
        local = len({worker.split("/")[0] for worker in sessions.workers}) * 2 <= len(sessions.workers) > 1
        fact = SessionLost(
            protocol, refused, len(ids), max(instances, 2) if elsewhere else instances, local
        )
        yield told(fact, self.name, in_order(sessions.samples))

    def _astray(self, sessions: Sessions) -> Iterator[Evidence]:
        """The same where the lines of the server name no session."""
        if sessions.astray >= _LEAST:
            fact = SessionLost("mcp", sessions.astray, sessions.astray, len(sessions.served), False)
            yield told(fact, self.name, in_order(sessions.bare))


PROBE = LogSessions()
