"""Which requests carried a session id that was refused, and who had issued it?"""

from __future__ import annotations

import re

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import rare
from callcheck.sources.logs.view import View

_MOST = 50_000
_SID = rare(r"[?&](?:sid|session_?id|connectionToken|id)=([\w-]{8,80})", re.I)
_POLL = rare(r"/(socket\.io|engine\.io|mcp|messages|message|sse|signalr|hubs?|cable)\b", re.I)
_UPSTREAM = rare(r"\bupstream(?:_addr)?[=:]\"?([\w.:-]+)|\bdyno=([\w.]+)|\bbackend=([\w.:-]+)", re.I)
_UNKNOWN = rare(
    r"Session ID unknown|unknown sid \"?([\w-]{6,80})|Invalid session ([\w-]{6,80})|Could not find session for ID: ?([\w-]{6,80})|unknown or expired session(?: ID)?:? ?([\w-]{6,80})?"
    r"|No transport found for session\w*:? ?([\w-]{6,80})?|[Ss]ession not found:? ?([\w-]{6,80})?|[Uu]nknown session:? ?([\w-]{16,80})?|No valid session ID provided"
)
_ISSUED = rare(
    r"session (?:opened|created|initiali[sz]ed|started)|Sending packet OPEN|new session|Created new (?:transport|session)|handshake",
    re.I,
)
_KEYED = rare(
    r"\b(?:mcp-)?session(?:_?id)?[\"']?[=:]\s?[\"']?([\w-]{8,80})|'sid': '([\w-]{8,80})'|(\b[\w-]{20}\b): Sending packet OPEN",
    re.I,
)
_WORKER = rare(r"Booting worker with pid: (\d+)|Started server process \[(\d+)\]|App \[[^\]]{1,80}:(\d+)\] online")


@dataclass(slots=True)
class Sessions:
    """Session ids of a part of the logs; parts merge."""

    issuer: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    elsewhere: int = 0
    """Refused by another process than the one that issued it."""
    samples: list[tuple[Place, str]] = field(default_factory=list)
    accepted: int = 0
    protocols: dict[str, int] = field(default_factory=dict)
    answering: set[str] = field(default_factory=set)
    """Processes that answer such requests."""
    workers: set[str] = field(default_factory=set)

    def see(self, view: View) -> None:
        """One record."""
        text = view.text
        worker = (
            _WORKER.search(text, 0, 300) if "ooting" in text or "Started server" in text or "online" in text else None
        )
        if worker and len(self.workers) < 1000:
            self.workers.add(f"{view.instance.split('/')[0]}/{next(g for g in worker.groups() if g)}")
        if view.access and ("sid=" in text or "ession" in text or "connectionToken" in text):
            self._request(view)
        elif "ession" in text or "sid" in text:
            self._line(view)

    def merge(self, other: Sessions) -> None:
        """Take the other part's in."""
        for sid, by in other.issuer.items():
            self.issuer.setdefault(sid, by)
        for sid, count in other.refused.items():
            self.refused[sid] = self.refused.get(sid, 0) + count
        for name, count in other.protocols.items():
            self.protocols[name] = self.protocols.get(name, 0) + count
        self.elsewhere += other.elsewhere
        self.accepted += other.accepted
        self.samples = (self.samples + other.samples)[:6]
        self.answering |= other.answering
        self.workers |= other.workers

    def _request(self, view: View) -> None:
        poll, sid = _POLL.search(view.text, 0, 1500), _SID.search(view.text, 0, 1500)
        if not poll or not sid or not view.status:
            return
        by = _by(view)
        if view.status in (400, 404):
            self._refuse(view, sid[1], by, poll[1].lower())
        elif view.status < 400:
            self.accepted += 1
            if by and len(self.answering) < 200:
                self.answering.add(by)
            if len(self.issuer) < _MOST and sid[1] not in self.issuer:
                self.issuer[sid[1]] = by

    def _line(self, view: View) -> None:
        unknown = _UNKNOWN.search(view.text, 0, 1500)
        if unknown:
            keyed = _KEYED.search(view.text, 0, 1500)
            sid = (
                next((g for g in unknown.groups() if g), "") or next((g for g in keyed.groups() if g), "")
                if keyed
                else next((g for g in unknown.groups() if g), "")
            )
            protocol = (
                "socket.io" if "engine" in view.low or "socket" in view.low or "Invalid session" in view.text else "mcp"
            )
            self._refuse(view, sid or f"?{view.order}", view.instance, protocol)
        elif _ISSUED.search(view.text, 0, 400):
            keyed = _KEYED.search(view.text, 0, 1500)
            if keyed and len(self.issuer) < _MOST:
                self.issuer[next(g for g in keyed.groups() if g)] = view.instance
                self.accepted += 1
                if len(self.answering) < 200:
                    self.answering.add(view.instance)

    def _refuse(self, view: View, sid: str, by: str, protocol: str) -> None:
        if len(self.refused) < _MOST:
            self.refused[sid] = self.refused.get(sid, 0) + 1
        protocol = {
            "engine.io": "socket.io",
            "messages": "mcp",
            "message": "mcp",
            "sse": "mcp",
            "hub": "signalr",
            "hubs": "signalr",
        }.get(protocol, protocol)
        self.protocols[protocol] = self.protocols.get(protocol, 0) + 1
        if len(self.samples) < 6:
            self.samples.append((view.place, view.text[:400]))
        issuer = self.issuer.get(sid)
        if issuer and by and issuer != by and not issuer.startswith(f"{by}/") and not by.startswith(f"{issuer}/"):
            self.elsewhere += 1
        if by and len(self.answering) < 200:
            self.answering.add(by)


def _by(view: View) -> str:
    found = _UPSTREAM.search(view.text, 0, 2000)
    return next((g for g in found.groups() if g), view.instance) if found else view.instance
