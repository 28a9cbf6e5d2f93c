"""Which requests carried a session id that was refused, and who had issued it?"""

from __future__ import annotations

import re

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import rare
from callcheck.sources.logs.bounded import Few, Table, add_counts, first_of, keep_first
from callcheck.sources.logs.trails import apart
from callcheck.sources.logs.view import View

_MOST = 10_000
_MOST_REFUSING = 16
_PROTOCOLS = {
    "engine.io": "socket.io", "messages": "mcp-sse", "message": "mcp-sse", "sse": "mcp-sse", "hub": "signalr", "hubs": "signalr", "queue/data": "gradio",
}  # fmt: skip
_STREAMED = ("Could not find session for ID", "No transport found for session")
"""How a server of MCP over SSE, whose answers go out on the stream that one process holds, refuses a post (mcp 1.x and 2.3, sdk for TypeScript 1.x)."""
_SID = rare(r"[?&](?:sid|session_?id|session_hash|connectionToken|id(?==[\w-]{20})(?!=[0-9a-f]{8}-))=([\w-]{8,80})", re.I)
"""SignalR's `id` has 22 characters; a short one or a UUID is that of something else."""
_POLL = rare(r"/(socket\.io|engine\.io|mcp|messages|message|sse|signalr|cable|queue/data)\b|/[\w-]{0,40}(hubs?)\b|[?&](?:EIO=\d|transport=(?:polling|websocket))", re.I)
"""Engine.IO says its version in each request, on whatever path it is served."""
_UPSTREAM = rare(
    r"\bupstream(?:_(?:addr|host))?[=:]\"?([\w.:-]+)|\bdyno=([\w.]+)|\bbackend=([\w.:-]+)|\"https?://([\w.-]+:\d{2,5})\" \d+ms|\] \[[^\]\s]{0,80}\] (\d[\d.]{6,14}:\d{2,5}) \d"
    r"|\s[\w.~-]{1,80}/([\w.:-]{1,80}) (?:-?\d+/){4}\+?\d+ \d{3} |\bapp/[\w.-]{1,64}/[0-9a-f]{1,32} \S+ ([\d.]{7,15}:\d{2,5}) |\"(\d[\d.]{6,14}:\d{2,5})\"|\" (\d[\d.]{6,14}:\d{2,5})(?:\s|$)"
    r"|\bto: ([\d.]{7,15}:\d{2,5})",
    re.I,
)
"""nginx, Heroku, Varnish; Traefik's, ingress-nginx's, HAProxy's, AWS's and Envoy's own ways to write it."""
_UNKNOWN = rare(
    r"Session ID unknown|unknown sid \"?([\w-]{6,80})|Invalid session ([\w-]{6,80})|Could not find session for ID: ?([\w-]{6,80})|unknown or expired session(?: ID)?:? ?([\w-]{6,80})?"
    r"|\b[Nn]o (?:live |open |known |such )?(?:transport|stream|session|connection)(?: (?:is )?(?:found|known|held|open|here)| here)? (?:for|of|with|under) (?:this |the )?(?:session|sid)(?: ?id)?\b(?::? (?=\S*\d)([\w-]{6,80}))?|[Ss]ession not found:? ?([\w-]{6,80})?|[Uu]nknown session:? ?([\w-]{16,80})?|\b(?:sid|session)(?:_?id)?\b[^=]{0,40}?\b(?:not (?:ours|mine|(?:known|held|issued|opened) (?:here|by (?:us|me|this)))|unknown (?:here|to (?:this|me|us))|never (?:issued|opened) here)\b|No valid session ID provided"
)
_ISSUED = rare(
    r"session (?:opened|created|initiali[sz]ed|started|begun|began|established|registered)|Sending packet OPEN|new session|Created new (?:transport|session)|handshake",
    re.I,
)
_KEYED = rare(
    r"\b(?:mcp-)?session(?:_?id)?[\"']?[=:]\s?[\"']?([\w-]{8,80})|'sid': '([\w-]{8,80})'|\bsid[\"']?[=:] ?[\"']?([\w-]{8,80})|(\b[\w-]{20}\b): Sending packet OPEN|\bid[\"']?[=:] ?[\"']?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})",
    re.I,
)
_HELD = rare(r"\b(?:GET|POST|DELETE) (?:https?://[^/\s\"]{1,100})?/(?:[\w-]{1,30}/)?mcp/?[ \"?]", re.ASCII)
"""A request of MCP's Streamable HTTP, whose session stands in a header: with 404 a server says that it does not know it (specification of 2025-03-26)."""
_SHARE = 0.15
"""After a restart a few sessions are not known, for a moment."""
_WORKER = rare(r"Booting worker with pid: (\d+)|Started server process \[(\d+)\]|App \[[^\]]{1,80}:(\d+)\] online")


@dataclass(slots=True)
class Session:
    """What was said of one session id."""

    issued: list[tuple[float, str, int, str]] = field(default_factory=list)
    """When, where and by whom it was issued, or taken first."""
    refused: int = 0
    refusing: tuple[str, ...] = ()
    """The processes that refused it."""

    def refuse(self, count: int, by: tuple[str, ...]) -> None:
        """So many more refusals by these."""
        self.refused += count
        if not set(by) <= set(self.refusing):
            self.refusing = tuple(sorted({*self.refusing, *by})[:_MOST_REFUSING])

    def merge(self, other: Session) -> None:
        """Take the other's in."""
        self.issued = sorted([*self.issued, *other.issued])[:1]
        self.refuse(other.refused, other.refusing)

    @property
    def issuer(self) -> str:
        """The process that issued it, or ""."""
        return self.issued[0][3] if self.issued else ""

    @property
    def elsewhere(self) -> bool:
        """Whether it was refused by another process than the one that issued it."""
        return any(apart(by, self.issuer) for by in self.refusing)


@dataclass(slots=True)
class Sessions:
    """Session ids of a part of the logs; parts merge."""

    known: Table[str, Session] = field(default_factory=lambda: Table(_MOST, Session))
    samples: list[tuple[Place, str]] = field(default_factory=list)
    protocols: dict[str, int] = field(default_factory=dict)
    bare: list[tuple[Place, str]] = field(default_factory=list)
    """Requests that a server of MCP answers 404, which name no session."""
    unknown: int = 0
    found: int = 0
    """How many of them there are, and how many others."""
    lacking: Few = field(default_factory=lambda: Few(200))
    served: Few = field(default_factory=lambda: Few(200))
    """The processes that answer so, and those that answer otherwise."""
    answering: Few = field(default_factory=lambda: Few(200))
    """Processes that answer such requests."""
    workers: Few = field(default_factory=lambda: Few(1000))

    @property
    def refused(self) -> dict[str, int]:
        """The ids that were refused, and how often."""
        return {sid: session.refused for sid, session in self.known.items() if session.refused}

    @property
    def accepted(self) -> int:
        """How many ids were never refused."""
        return sum(not session.refused for _, session in self.known.items())

    @property
    def elsewhere(self) -> bool:
        """Whether an id was refused by another process than the one that issued it."""
        return any(session.elsewhere for _, session in self.known.items())

    def see(self, view: View) -> None:
        """One record."""
        text = view.text
        worker = (
            _WORKER.search(text, 0, 300) if "ooting" in text or "Started server" in text or "online" in text else None
        )
        if worker:
            process, host = next(g for g in worker.groups() if g), view.instance.split("/")[0]
            # gunicorn's own lines name the process alone; then the file stands for the machine.
            self.workers.add(f"{view.place.path.replace('/', ':') if host == process else host}/{process}")
        if view.access and "/mcp" in text and view.instance and view.status and view.find(_HELD, 400):
            self._held(view)
        if view.access and ("sid=" in text or "ession" in text or "connectionToken" in text or "?id=" in text or "&id=" in text):
            self._request(view)
        elif "ession" in text or "sid" in text:
            self._line(view)

    def merge(self, other: Sessions) -> None:
        """Take the other part's in."""
        self.known.merge(other.known, Session.merge)
        add_counts(self.protocols, other.protocols)
        self.unknown += other.unknown
        self.found += other.found
        self.lacking.merge(other.lacking)
        self.served.merge(other.served)
        self.bare = first_of(self.bare, other.bare, 6)
        self.samples = first_of(self.samples, other.samples, 6)
        self.answering.merge(other.answering)
        self.workers.merge(other.workers)

    @property
    def astray(self) -> int:
        """Requests that name no session, answered 404 by processes of which several serve such."""
        spread = len(self.served) > 1 and all(by in self.served for by in self.lacking)
        return self.unknown if spread and self.unknown >= _SHARE * (self.unknown + self.found) else 0

    def _held(self, view: View) -> None:
        if view.status == 404:
            self.unknown += 1
            self.lacking.add(view.instance)
            keep_first(self.bare, (view.place, view.text[:400]), 6)
        elif view.status < 400:
            self.found += 1
            self.served.add(view.instance)

    def _request(self, view: View) -> None:
        poll, sid = view.find(_POLL, 1500), view.find(_SID, 1500)
        if not poll or not sid or not view.status:
            return
        if view.status in (400, 404):
            self._refuse(view, sid[1], _by(view), (poll[1] or poll[2] or "engine.io").lower())
        elif view.status < 400:
            self._accept(view, sid[1], _by(view))

    def _line(self, view: View) -> None:
        unknown = view.find(_UNKNOWN, 1500)
        if unknown:
            sid = next((g for g in unknown.groups() if g), "")
            keyed = None if sid else view.find(_KEYED, 1500)
            if keyed:
                sid = next(g for g in keyed.groups() if g)
            polled = "engine" in view.low or "socket" in view.low or "Invalid session" in view.text
            protocol = "socket.io" if polled else "mcp-sse" if any(text in view.text for text in _STREAMED) else "mcp"
            self._refuse(view, sid or f"?{view.place.whole}:{view.order}", view.instance, protocol)
        elif view.says(_ISSUED, 400):
            keyed = view.find(_KEYED, 1500)
            if keyed:
                self._accept(view, next(g for g in keyed.groups() if g), view.instance)

    def _accept(self, view: View, sid: str, by: str) -> None:
        session = self.known.at(sid)
        if session is not None:
            time = float(view.place.line) if view.time is None else view.time
            keep_first(session.issued, (time, view.place.whole, view.order, by), 1, _as_is)
        if by:
            self.answering.add(by)

    def _refuse(self, view: View, sid: str, by: str, protocol: str) -> None:
        session = self.known.at(sid)
        if session is not None:
            session.refuse(1, (by,))
        protocol = _PROTOCOLS.get(protocol, protocol)
        self.protocols[protocol] = self.protocols.get(protocol, 0) + 1
        keep_first(self.samples, (view.place, view.text[:400]), 6)
        if by:
            self.answering.add(by)


def _as_is(item: tuple[float, str, int, str]) -> tuple[float, str, int, str]:
    return item


def _by(view: View) -> str:
    found = view.find(_UPSTREAM, 2000)
    return next((g for g in found.groups() if g), view.instance) if found else view.instance
