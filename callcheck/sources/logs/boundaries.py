"""How far does a line say that a delivery has come, and which event is it about?"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Sequence
from typing import Any

from callcheck.model.log import Boundary
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.sieve import ALL
from callcheck.sources.logs.view import View

_MAIN = ("unknown", "closed", "registered", "emitted", "handled")
"""Stages of which the leftmost word decides; the others count where none of these is there."""
_EMITTING = rare(
    r"\.emit\b|\b(?:emit|emitting|publishing|broadcasting|dispatching|firing|notifying|announcing|triggering|signall?ing)\b"
)
_SENT = rare(r"\b(?:sent|emitted|published|pushed|broadcast(?:ed)?|announced) to (?:the )?(?:group|room)\b")
"""What comes to its listeners by a group or room is on its way, whatever was done before: `truck called, truckCalled sent to group gate-3`."""
_AWAITING = rare(r"\b(?:waiting|waits|awaiting) (?:for|on)\b|\bawaiting\b")
TO_NOBODY = rare(
    r"\b(?:sent|delivered|pushed|forwarded|relayed|notified|told|woken|reached|heard|recipients|receivers|listeners|subscribers|clients|sockets|streams|viewers|emitters|sinks|waiters|sessions|connections|peers)(?:[_ ]?(?:to|by|count))?[\"']?[=:] ?[\"']?(?:0|none)\b(?![\d./]| ?(?:bytes|[km]?b|ms|s)\b)"
    r"|\b(?:sent|delivered|pushed|forwarded|relayed|to|notified|told|woke|reached) (?:0|zero|no) (?:\w{1,12} )?(?:clients?|sockets?|streams?|listeners?|subscribers?|viewers?|emitters?|connections?|sessions?|waiters?|peers?|members?|browsers?|devices?|recipients?)\b"
)
"""A line that says that something was handed on to somebody, and to how many: to none. Who asks for an id and finds none does not know it."""
TO_HOW_MANY = rare(
    r"\b(\d{1,6}) (?:\w{1,12} )?(?:clients?|sockets?|streams?|listeners?|subscribers?|viewers?|connections?|sessions?|peers?|members?|browsers?|devices?|recipients?|screens?|tabs?)\b"
    r"|\b(?:sent|delivered|notified|reached|pushed|recipients|receivers|listeners|subscribers|clients|sockets|streams|viewers|connections)(?:_?count)?[=:] ?(\d{1,6})\b"
)
"""To how many somebodies something was handed on, or how many are there."""
_CLOSING = rare(r"\b(?:disposed|torn down|cleaned up|listeners? (?:removed|detached|cleared)|unsubscribed|scope (?:ended|closed))\b")
_KEYED = rare(
    r"\b(?:event(?:[_.]?(?:name|type))?|topic|channel|queue|routing[_.]?key|(?:messaging\.)?destination(?:\.name)?|subject|(?:message[_.]?)?type|kind|signal)[\"']?[=:] ?[\"']?([A-Za-z][\w.:/-]{1,79}(?:[+#*][\w.:/+#*-]{0,40})?)",
    re.I | re.ASCII,
)
_DOTTED = pattern(
    r"(?<![\w./@:-])[A-Za-z][A-Za-z_-]{1,40}(?:[.:][A-Za-z][A-Za-z_-]{1,40}){1,3}(?![\w./:=-]|\.\w|\([\"'])", re.ASCII
)
_JOINED = rare(
    r"\b(?:[Tt]o|[Ff]or|[Ee]vents?|[Tt]opic|on|[Hh]andlers?|[Ss]ignal|[Ll]isteners?|[Mm]essages?|[Ee]mit(?:s|ted|ting)?|[Pp]ublish(?:ed|es|ing)?|[Ff]ir(?:ed|es|ing)|[Dd]ispatch(?:ed|es|ing)?)\b[ :(]{1,2}[\"'{\[`]?([A-Za-z][a-z]*(?:_[a-z]+){1,5}|[a-z]+(?:[A-Z][a-z]+){1,5}|[a-z]+(?:-[a-z]+){1,4})(?![\w(.=/-])"
)
_DENIED = pattern(
    r"\b(?:not|never|nobody|none|cannot|can't|couldn't|wasn't|isn't|weren't|won't|fail(?:ed|s|ing)? to)(?: \w{1,12}){0,2} $|\bno(?:t|thing)?[ -](?!more\b|errors?\b|retry)[\w-]{1,20}(?: \w{1,12})?[,;:] $",
    re.ASCII,
)
"""Before a word it says the opposite, or what was done instead: `not delivered`, `no answer, sent again`."""
_TO_ROOM = pattern(r" to\([\w:#./-]{1,60}\) (\w+[.:][\w.:]+)")
"""What is sent to a room, as Socket.IO's calls are told of: `to(lot-7) bid:raised`."""
_CALLED = pattern(
    r"(?:\.emit[ (]{1,2}[\"'`]?|\b(?:emit|trigger|fire|dispatch|publish|broadcast|notify|on|once|addListener|subscribe)\([\"'`])([A-Za-z][\w:.-]{1,79})", re.ASCII
)
"""The event of a call that is told of as it is written: `server.to(driver:7).emit ride:offer`, `emit('level', 3)`."""
_PARTED = pattern(r"\w[.:/_-]\w")
_LEVEL = pattern(r" {1,8}\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\]?:?(?= )")
_HEAD = 80
"""So far from its beginning a line may have the name of its logger, before its level: `bakery.oven INFO loaf done`."""
_FILE = pattern(r"\.(?:py|js|ts|mjs|cjs|go|rb|json|log|com|org|net|io|example|local|internal|ya?ml|html)$")


@dataclass(frozen=True, slots=True)
class Edge:
    """What a line says of a delivery."""

    stage: str
    event: str = ""
    id: str = ""
    """Only from a marker of the user; otherwise the ids are known by their shape."""
    instance: str = ""
    mark: str = ""
    """The user's own marker that matched, as written."""


class Boundaries:
    """The known boundaries, the user's own markers first."""

    def __init__(self, known: Sequence[Boundary]) -> None:
        self.own = [b for b in known if b.own]
        general = [b for b in known if not b.own]
        self.main = _Leftmost([b for stage in _MAIN for b in general if b.stage == stage])
        self.rest = _Leftmost([b for b in general if b.stage not in _MAIN])

    def of(self, view: View) -> Edge | None:
        """The line's boundary, or None."""
        for mark in self.own:
            found = mark.pattern.search(view.text, 0, 2000)
            if found:
                groups = found.groupdict()
                event = groups.get("event") or event_of(view)
                return Edge(mark.stage, event, groups.get("id") or "", groups.get("instance") or "", mark.pattern.pattern)
        first = self.main.find(view) or self.rest.find(view)
        if (not first or first[1] == "handled") and view.find_low(TO_NOBODY):
            return Edge("unknown", event_of(view))
        if not first:
            # Two letters stop no line, so the sieve would let each one through to a pattern of the rules.
            to_room = _TO_ROOM.search(view.text, 0, 300) if " to(" in view.low else None
            return Edge("emitted", to_room[1]) if to_room else None
        event = event_of(view)
        found, stage = self._beside(first, event)
        if stage in ("emitted", "handled", "completed") and _DENIED.search(found.string, max(0, found.start() - 40), found.start()):
            return None
        # What a line says it is doing outweighs what it says was done before: "approval received, emitting approved".
        if stage in ("handled", "completed") and (view.find_low(_EMITTING, found.end()) or view.find_low(_SENT, found.end())):
            stage = "emitted"
        elif stage in ("handled", "completed") and view.find_low(_AWAITING, found.end()):
            stage = "registered"
        elif stage == "handled" and view.find_low(_CLOSING, found.end()):
            stage = "closed"
        return Edge(stage, event)

    def _beside(self, first: tuple[re.Match[str], str], event: str) -> tuple[re.Match[str], str]:
        """What the words beside the event say, if there are any: `handler for parcel.delivered registered` delivers nothing."""
        found, text = first[0], first[0].string
        if not _PARTED.search(event):
            return first
        name = event.lower()
        at = text.rfind(name, 0, found.end() + len(name))
        if at < 0 or not at <= found.start() < found.end() <= at + len(name):
            return first
        bare = text.replace(name, " " * len(name))
        return self.main.find_in(bare) or self.rest.find_in(bare) or first


def event_of(view: View) -> str:
    """The name of the event, topic or message type that a line names, or ""."""
    text = view.text
    keyed = view.find(_KEYED, 400)
    if keyed:
        return keyed[1]
    called = _CALLED.search(text, 0, 300) if ".emit" in text or "('" in text or '("' in text or "(`" in text else None
    if called:
        return called[1]
    dotted = _DOTTED.search(text, 0, 200) if "." in text or ":" in text else None
    if dotted and dotted.end() < _HEAD and _LEVEL.match(text, dotted.end()):
        dotted = _DOTTED.search(text, dotted.end(), 200)
    if dotted and not _FILE.search(dotted[0]):
        return dotted[0]
    joined = view.find(_JOINED, 200)
    return joined[1] if joined else ""


class _Leftmost:
    """Patterns of which the leftmost match counts; of several that begin at one place, that of the first."""

    def __init__(self, known: Sequence[Boundary]) -> None:
        self.parts: list[tuple[Any, str]] = [(rare(b.pattern.pattern, re.ASCII), b.stage) for b in known]
        self._mask = 0
        self._let: dict[int, list[tuple[Any, str]]] = {}
        """By what a line may hold, those of the patterns."""

    @property
    def patterns(self) -> list[Any]:
        """The patterns one by one."""
        return [part for part, _ in self.parts]

    def find(self, view: View) -> tuple[re.Match[str], str] | None:
        """The leftmost match in the line's beginning, and its stage."""
        may = view.may
        if may != ALL:
            if not self._mask:
                self._mask = functools.reduce(operator.or_, (part.need for part, _ in self.parts), 0)
            may &= self._mask
        let = self._let.get(may)
        if let is None:
            # Searched one by one: to compile them into one for each mixture of words that a log has took longer than all its searches.
            let = self._let[may] = [each for each in self.parts if not each[0].need or may & each[0].need]
        return _leftmost(let, view.low) or (_leftmost(let, view.words) if let and view.words else None)

    def find_in(self, text: str) -> tuple[re.Match[str], str] | None:
        """The same in a line of which something is left out."""
        return _leftmost(self.parts, text)


def _leftmost(parts: Sequence[tuple[Any, str]], text: str) -> tuple[re.Match[str], str] | None:
    best: tuple[re.Match[str], str] | None = None
    for part, stage in parts:
        found = (part.bare or part.search)(text)
        if found and (best is None or found.start() < best[0].start()):
            best = found, stage
    return best
