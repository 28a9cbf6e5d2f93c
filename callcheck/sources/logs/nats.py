"""What does a NATS server write down of its clients, where it traces what they say to it and it to them?

[1] 2026/03/11 09:00:00.003801 [TRC] 172.24.0.4:40010 - cid:10 - <<- [CONNECT {"verbose":false,"lang":"nats.js","name":"courier"}]
[1] 2026/03/11 09:00:00.005969 [TRC] 172.24.0.4:40010 - cid:10 - "v2.29.1:nats.js:courier" - <<- [SUB tours.planned  1]
[1] 2026/03/11 09:00:12.007876 [TRC] 172.24.0.3:41822 - cid:5 - <<- [PUB tours.planned 92]
[1] 2026/03/11 09:00:12.009004 [TRC] 172.24.0.4:40010 - cid:10 - ->> [MSG tours.planned 1 92]

A connection has a number of its own each time; who it is stands in the name that the client gives itself, else in its address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.view import View

_SAID = rare(
    r"(?P<host>\S{1,60}):\d{1,5} - cid:(?P<cid>\d{1,19}) - (?:\"[^\":]{0,20}:[^\":]{0,40}(?::(?P<name>[^\"]{1,80}))?\" - )?"
    r"(?:<<- \[(?P<verb>CONNECT|H?PUB|SUB) (?P<rest>[^\n]{1,600})|->> \[H?MSG (?P<sent>[^\n]{1,400})|(?P<down>Client connection closed))"
    r"| - (?P<route>rid:\d{1,19}) - "
)
_NAME = pattern(r'"name":"([^"]{1,80})"')
_OWN = ("$", "_INBOX")
"""Subjects of the server and of answers."""
_KEPT = "$JS.ACK."
"""Where a message out of a stream is acknowledged."""

Line = tuple[str, str, str]
"""What it is (`up`, `down`, `sub`, `in`, `out`, `kept`, `route`), the connection with its name or address, and the subject."""


@dataclass(slots=True)
class Connection:
    """One connection of a client."""

    client: str
    named: bool
    """By itself, or by its queue group, and not by its address alone."""


def said(view: View) -> Line | None:
    """What the record says of a client, if it is such a line; what it is, is "" where nothing is delivered by it."""
    if " - cid:" not in view.text and " - rid:" not in view.text:
        return None
    found = view.find(_SAID, 900)
    if found is None:
        return None
    if found["route"]:
        return "route", found["route"], ""
    verb, name, (subject, *more) = found["verb"], found["name"] or "", (found["rest"] or found["sent"] or "").rstrip("]").split(" ")
    if verb == "CONNECT":
        given = _NAME.search(found["rest"])
        name = given[1] if given else name
    who = f"{found['cid']} {found['host']} {name}"
    if found["down"] or verb == "CONNECT":
        return ("down" if found["down"] else "up"), who, ""
    if found["sent"]:
        return ("kept" if any(part.startswith(_KEPT) for part in more) else "out"), who, subject
    if verb == "SUB":
        return "sub", who, f"{subject} {more[0]}" if len(more) > 1 and more[0] else subject
    # Who asks for an answer is told where nobody is there to give one, and a stream's answer says that it holds the message.
    return ("in" if len(more) == (2 if verb == "HPUB" else 1) else ""), who, subject


Told = TypeVar("Told")


def clients(lines: Iterable[tuple[Told, Line]]) -> Iterator[tuple[Told, Line]]:
    """The lines with clients for connections: one is up with its first connection and down with its last. What a stream keeps is left out.

    Where servers hand messages on to one another, a client that is gone here may be there: then nothing is known.
    """
    lines = list(lines)
    if any(line[0] == "route" for _, line in lines):
        return
    kept = {subject for _, (what, _, subject) in lines if what == "kept"}
    opened: dict[str, Connection] = {}
    of = [_connection(opened, line) for _, line in lines]
    alive: dict[str, list[Connection]] = {}
    for (told, (what, _, about)), connection in zip(lines, of, strict=True):
        others = alive.setdefault(connection.client, [])
        here = any(other is connection for other in others)
        if what == "down":
            alive[connection.client] = others = [other for other in others if other is not connection]
            if here and not others:
                yield told, (what, connection.client, "")
            continue
        if not here:
            others.append(connection)
            if len(others) == 1:
                yield told, ("up", connection.client, "")
        subject = about.partition(" ")[0]
        if what in ("sub", "in", "out") and not subject.startswith(_OWN) and subject not in kept:
            yield told, (what, connection.client, subject)


def _connection(opened: dict[str, Connection], line: Line) -> Connection:
    """The connection of a line; its client is known at the latest when it is through."""
    what, who, about = line
    number, host, name = who.split(" ", 2)
    known = opened.get(number)
    if known is None or what == "up":
        known = opened[number] = Connection(name or host, bool(name))
    elif name and not known.named:
        known.client, known.named = name, True
    group = about.partition(" ")[2] if what == "sub" else ""
    if group:
        # Each message goes to one of a group, so nothing is missed as long as any of them is there.
        known.client, known.named = group, True
    return known
