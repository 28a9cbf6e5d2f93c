"""How do deliveries look side by side? As a picture that needs no script: lanes, marks, arrows, and red where one ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.clock import clock
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.swimlane import ARRIVED, STAGES, STOPPED, Delivery, Mark, Swimlane
from callcheck.report.html.markup import Html, el, join
from callcheck.report.paint import cut

MOST_LANES = 40
NAMELESS = "(no name)"
_DRAWN = 240
"""Deliveries of which some are too many to tell apart on paper."""
_WIDTH, _GUTTER, _ROW, _TOP = 1000, 150, 44, 26
_SHIFT = {"registered": -10, "emitted": 0, "handled": 10, "failed": 10}
_DIGITS = pattern(r"(\d+)")


class Lanes:
    """The processes of some deliveries, and where each is on the page."""

    def __init__(self, told: Swimlane) -> None:
        self.told = told
        counts: dict[str, list[int]] = {}
        for each in told.deliveries:
            for mark in each.marks:
                counts.setdefault(mark.instance, [0] * len(STAGES))[STAGES.index(mark.stage)] += 1
        self._counts = counts
        busiest = sorted(counts, key=lambda name: (-sum(counts[name]), name))[:MOST_LANES]
        self._known = {name: number for number, name in enumerate(sorted(busiest, key=_natural))}
        self.more = len(counts) - len(busiest)
        self.names = [name or NAMELESS for name in self._known] + ([f"{self.more} more"] if self.more else [])
        times = [mark.time for each in told.deliveries for mark in each.marks]
        self.begin = min(times)
        self.end = max(*times, self.begin + 0.001)

    def lane(self, instance: str) -> int:
        """The number of its lane, from the top; processes beyond the busiest share the last one."""
        return self._known.get(instance, len(self._known))

    def totals(self) -> Iterator[tuple[str, Sequence[int]]]:
        """For each lane the numbers of its marks, in the order of STAGES."""
        for name in self._known:
            yield name or NAMELESS, self._counts[name]
        rest = [counts for name, counts in self._counts.items() if name not in self._known]
        if rest:
            yield f"{self.more} more", [sum(column) for column in zip(*rest, strict=True)]

    def at(self, mark: Mark) -> tuple[float, float]:
        """Where a mark is drawn."""
        share = (mark.time - self.begin) / (self.end - self.begin)
        return _GUTTER + 12 + share * (_WIDTH - _GUTTER - 28), _TOP + (self.lane(mark.instance) + 0.5) * _ROW + _SHIFT[mark.stage]


def _natural(name: str) -> list[tuple[int, str]]:
    """web-2 before web-10."""
    return [(int(part), "") if part.isdigit() and len(part) < 18 else (-1, part) for part in _DIGITS.split(name)]


def drawn(lanes: Lanes) -> Html:
    """The picture, and how many of the deliveries are in it."""
    some = _some(lanes.told.deliveries)
    height = _TOP + len(lanes.names) * _ROW + 6
    fewer = el("p", f"Drawn are {len(some)} of {len(lanes.told.deliveries):,} deliveries, evenly chosen, those that stop before others.", cls="aside static") if len(some) < len(lanes.told.deliveries) else None
    picture = el("svg", *_grid(lanes, height), *_arrows(lanes, some), *_marks(lanes, some), viewBox=f"0 0 {_WIDTH} {height}", role="img", aria_label="Swimlane: a row for each process, time from left to right, an arrow for each delivery. The tables below say the same.")
    return join((el("div", picture, cls="scroll static", tabindex=0, role="region", aria_label="Swimlane"), fewer))


def _some(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """At most some hundred of them, evenly; half of the room is for those that stop."""
    stopped = [each for each in deliveries if each.fate == STOPPED]
    others = [each for each in deliveries if each.fate != STOPPED]
    room = max(_DRAWN // 2, _DRAWN - len(others))
    held = _evenly(stopped, room)
    return held + _evenly(others, _DRAWN - len(held))


def _evenly(deliveries: list[Delivery], most: int) -> list[Delivery]:
    return deliveries if len(deliveries) <= most else [deliveries[number * len(deliveries) // most] for number in range(most)]


def _grid(lanes: Lanes, height: float) -> Iterator[Html]:
    for number, name in enumerate(lanes.names):
        y = _TOP + number * _ROW
        yield el("rect", x=_GUTTER, y=y + 2, width=_WIDTH - _GUTTER, height=_ROW - 4, rx=4, cls="lane")
        yield el("text", cut(clean(name, 60), 20), x=_GUTTER - 10, y=y + _ROW / 2 + 4, text_anchor="end", cls="name")
    left, right = _GUTTER + 12, _WIDTH - 16
    if lanes.told.timed:
        times = [clock(lanes.begin + share * (lanes.end - lanes.begin)) for share in (0, 0.5, 1)]
        told = [times[0], times[1][-8:], times[2][-8:]]
    else:
        told = [f"line {lanes.begin:.0f}", "", f"line {lanes.end:.0f}"]
    for text, x, anchor in zip(told, (left, (left + right) / 2, right), ("start", "middle", "end"), strict=True):
        yield el("text", text, x=x, y=16, text_anchor=anchor, cls="time")


def _arrows(lanes: Lanes, some: Sequence[Delivery]) -> Iterator[Html]:
    lines: dict[str, list[str]] = {"wait": [], "ok": [], "lost": [], "dim": []}
    for each in some:
        kind, points = course(lanes, each)
        if kind:
            (x1, y1), (x2, y2) = points
            lines[kind].append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}{_head(x1, y1, x2, y2, kind)}")
    for kind, paths in lines.items():
        if paths:
            yield el("path", d=Html("".join(paths)), cls=f"arrow {kind}")


def course(lanes: Lanes, each: Delivery) -> tuple[str, tuple[tuple[float, float], tuple[float, float]]]:
    """From where to where its arrow goes, and of which kind it is: one that is lost ends where it leaves its process on the way to the listener, or just behind its last mark."""
    nowhere = ((0.0, 0.0), (0.0, 0.0))
    emit = next((mark for mark in each.marks if mark.stage == "emitted"), None)
    if emit is None:
        return "", nowhere
    x, y = lanes.at(emit)
    after = [mark for mark in each.marks if mark.time >= emit.time and mark is not emit]
    end = next((mark for mark in after if mark.stage == "handled"), None)
    if each.fate == ARRIVED and end is not None:
        return "ok", ((x, y), lanes.at(end))
    if each.fate != STOPPED:
        return "dim", ((x, y), (x + 14, y))
    failed = next((mark for mark in after if mark.stage == "failed"), None)
    if failed is not None:
        return "lost", ((x, y), lanes.at(failed))
    listener = next((mark for mark in each.marks if mark.stage == "registered" and mark.instance != emit.instance), None)
    if listener is not None:
        edge = _TOP + (lanes.lane(emit.instance) + (lanes.at(listener)[1] > y)) * _ROW
        return "lost", ((x, y), (x + 8, edge))
    return "lost", ((x, y), (x + 16, y))


def _head(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """The barbs of an arrow, or the cross where it ends."""
    if kind == "lost":
        return f"M{x2 - 3.5:.1f} {y2 - 3.5:.1f}l7 7m0-7l-7 7"
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if kind != "ok" or length < 8:
        return ""
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    tip = (x2 - 5 * ux, y2 - 5 * uy)
    barbs = [(tip[0] - 6 * ux + side * 3 * uy, tip[1] - 6 * uy - side * 3 * ux) for side in (1, -1)]
    return f"M{barbs[0][0]:.1f} {barbs[0][1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}L{barbs[1][0]:.1f} {barbs[1][1]:.1f}"


def _marks(lanes: Lanes, some: Sequence[Delivery]) -> Iterator[Html]:
    for stage in STAGES:
        spots = dict.fromkeys((round(x, 1), round(y, 1)) for each in some for mark in each.marks if mark.stage == stage for x, y in [lanes.at(mark)])
        if spots:
            yield el("path", d=Html("".join(_shape(stage, x, y) for x, y in spots)), cls=f"mark {stage}")


def _shape(stage: str, x: float, y: float) -> str:
    if stage == "emitted":
        return f"M{x:g} {y - 5:g}l5 9h-10z"
    if stage == "failed":
        return f"M{x - 4:g} {y - 4:g}l8 8m0-8l-8 8"
    return f"M{x - 4:g} {y:g}a4 4 0 1 0 8 0a4 4 0 1 0-8 0"
