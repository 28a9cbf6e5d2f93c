"""Which numbers of a numbered stream never came to whoever hears it?

worker-1 | published tick channel=quotes seq=42        api-1 | received tick channel=quotes seq=41
                                                       api-1 | received tick channel=quotes seq=43

A hole counts where the stream is dense elsewhere: whoever hears it writes nearly every number down. That the missing ones were sent is seen
where their sender writes its numbers down too. A number that another process took is not lost, unless each of them hears the whole stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.boundaries import Edge, event_of
from callcheck.sources.logs.bounded import Lists
from callcheck.sources.logs.view import View

_NUMBER = rare(
    r"(?<![\w.-])(?:(?:msg|message|event|stream|global|channel)[_-]?)?seq(?:uence)?(?:[_-]?(?:no|num|number|nr))?[\"']?[=:# ] ?[\"#]?(\d{1,12})\b(?![.:])",
    re.I | re.ASCII,
)
_STREAM = pattern(
    r"\b(channel|topic|stream|subject|symbol|room|partition|shard|feed|device|sensor|producer|publisher|run|job|session|conn|connection|subscription)(?:[_-]?id)?[\"']?[=:] ?\"?([\w./:*-]{1,80})",
    re.I | re.ASCII,
)
_MOST, _EACH = 20_000, 2_000
_LEAST, _LEAST_ALONE = 10, 40
"""Numbers that have to be heard: where the sender's are known too, and where they are not."""
_LEAST_LOST = 3
_DENSE, _DENSE_ALONE = 0.7, 0.95
_WHOLE = 0.9
"""Of a stream, which a process hears that does not share it with others."""
_PAIRED = 0.8
"""Of what is heard, that is seen sent, if the lines speak of the same numbers."""
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line with a number of a stream."""

    number: int
    instance: str
    stage: str
    place: Place
    text: str


@dataclass(slots=True)
class Gap:
    """What is missing of the streams whose lines name them in the same way."""

    subject: str = ""
    """The stream, or by which fields streams are told apart if it is several."""
    lost: int = 0
    """Numbers that nobody heard; of those that were sent, if senders write numbers at all."""
    of: int = 0
    heard: int = 0
    paired: int = 0
    """Heard, and seen sent."""
    sent: bool = False
    samples: list[tuple[Place, str]] = field(default_factory=list)
    streams: int = 0

    def holds(self) -> bool:
        """Whether it is more than an accident of what is written down."""
        if self.lost < _LEAST_LOST:
            return False
        if self.sent:
            return self.heard >= _LEAST and self.paired >= _PAIRED * self.heard and self.heard >= _DENSE * self.of
        return self.heard >= _LEAST_ALONE and self.heard >= _DENSE_ALONE * self.of


def _in_order(line: Numbered) -> tuple[int, str, int, str]:
    return line.number, line.place.path, line.place.line, line.text


@dataclass(slots=True)
class Sequences:
    """The numbered lines of a part of the logs; parts merge."""

    lines: Lists[Numbered] = field(default_factory=lambda: Lists(_MOST, _EACH, _in_order))
    """By stream."""

    def see(self, view: View, edge: Edge | None) -> None:
        """One record."""
        found = view.find(_NUMBER, 600)
        if found is None or view.access:
            return
        named = {(name.lower(), value) for name, value in _STREAM.findall(view.text[:600])}
        event = event_of(view)
        # One count may go over all events, of which not everybody hears each.
        named |= {("event", event)} if event and all(event != value for _, value in named) else set()
        stream = " ".join(f"{name}={value}" for name, value in sorted(named))
        self.lines.add(stream, Numbered(int(found[1]), view.instance, edge.stage if edge else "", view.place, view.text[:300]))

    def merge(self, other: Sequences) -> None:
        """Take the other's in."""
        self.lines.merge(other.lines)

    def gaps(self) -> Iterator[Gap]:
        """One for all streams that are told apart by the same fields."""
        groups: dict[str, list[tuple[str, list[Numbered]]]] = {}
        for stream, lines in self.lines.items():
            # Of more lines than are kept the last number may be known by some only.
            kept = [line for line in lines if line.number < lines[-1].number] if len(lines) >= _EACH else lines
            groups.setdefault(" ".join(part.partition("=")[0] for part in stream.split()), []).append((stream, kept))
        for names, streams in groups.items():
            sent = any(line.stage == "emitted" for _, lines in streams for line in lines)
            gap = Gap(names, sent=sent)
            for stream, lines in streams:
                _look(gap, stream, lines)
            if gap.holds():
                yield gap


def _look(gap: Gap, stream: str, lines: list[Numbered]) -> None:
    sent = {line.number: line for line in reversed(lines) if line.stage == "emitted"}
    senders = {line.instance for line in sent.values()}
    heard: dict[str, dict[int, Numbered]] = {}
    for line in lines:
        # What its sender writes of a number besides says nothing of who hears it.
        if line.stage in ("handled", "completed") or (line.stage != "emitted" and line.instance not in senders):
            heard.setdefault(line.instance, {}).setdefault(line.number, line)
    whole = {name for name, numbers in heard.items() if len(numbers) >= _WHOLE * (max(numbers) - min(numbers) + 1)}
    shared = {number for name, numbers in heard.items() if name not in whole for number in numbers}
    for name, numbers in heard.items():
        least, most = min(numbers), max(numbers)
        if name not in whole and len(heard) > 1 or most - least >= _EACH:
            continue
        missing = [number for number in range(least + 1, most) if number not in numbers and number not in shared]
        lost = [number for number in missing if number in sent] if gap.sent else missing
        gap.of += most - least + 1
        gap.heard += len(numbers)
        gap.paired += sum(number in sent for number in numbers)
        gap.lost += len(lost)
        if lost:
            gap.streams += 1
            gap.subject = stream if gap.streams == 1 else " ".join(part.partition("=")[0] for part in stream.split())
            for number in lost[: _SHOWN - len(gap.samples) // 2]:
                after = min(each for each in numbers if each > number)
                shown = [numbers[after], *([sent[number]] if number in sent else [])]
                gap.samples += [(line.place, line.text) for line in shown]
