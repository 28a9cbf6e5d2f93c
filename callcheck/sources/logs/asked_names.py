"""Which channels, topics or rooms does somebody ask for in vain, while what is sent goes to one of nearly that name?

[warning] Ignoring unmatched topic "trails:8" in RangerWeb.UserSocket
[info] broadcast trail:8 tree_down
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.boundaries import Edge
from callcheck.sources.logs.bounded import Table, by_place
from callcheck.sources.logs.signals import Tally
from callcheck.sources.logs.spelling import alike
from callcheck.sources.logs.view import View

_MOST = 500
_THING = r"(?:topic|channel(?: class| name)?|room|stream(?: name)?|subject|namespace|feed|queue|exchange|routing key|pattern|path|subscription(?: class)?|group)"
_NAME = r"[\"'`<\[:]{{0,2}}(?P<{}>[A-Za-z/][\w.:/#@+*-]{{2,79}})"
_VAIN = rare(
    rf"\b(?:unmatched|unknown|unrecogni[sz]ed|undefined|invalid|unregistered|undeclared|unsupported|no such|no (?:matching )?(?:route|handler|channel|topic|room|stream|subscription)s? (?:found )?(?:for|matches|matching)(?: the)?) {_THING}s?[ =:(]{{1,2}}{_NAME.format('name')}"
    rf"|\b{_THING} (?:not found|unknown|unmatched|not known|does not exist)[ =:(]{{1,2}}(?!(?:unknown|such|the|for|in|on|at|by|error|and) ){_NAME.format('odd')}"
    rf"|\b{_THING}[ =:(]{{1,2}}{_NAME.format('other')}(?<![:.])[\"'`>\])]{{0,2}},? (?:(?:is|was) )?(?:unmatched|unknown|not (?:known|found|registered|defined|declared|routed|served|available|recogni[sz]ed)|does(?: not|n't) exist|not there)"
    rf"|\b(?:subscribed topic not available|no route found for path)[ :]{{1,2}}{_NAME.format('path')}",
    re.I | re.ASCII,
)
"""What somebody asks for or is to get, and there is none of that name."""
_PARTED = pattern(r"(?<![\w./:@#=-])/?[A-Za-z][\w-]{1,40}(?:[:./#]\w[\w-]{0,40}){1,5}(?![\w/])|\b(?:topic|channel|room|stream|subject|namespace|queue|group)[\"']?[ =:]{1,2}[\"'`]?(?P<keyed>[A-Za-z/][\w.:/#-]{2,79})", re.ASCII)
_VARIES = pattern(r"^(?:\w*\d\w*|[0-9a-f-]{8,})$")
_FILE = pattern(r"\.(?:py|js|ts|exs?|rb|go|java|json|log|com|org|net|io|example|local|internal|ya?ml|html)\b|^https?:|^/{2}", re.I)
_LEAST = 2
_OFTENER = 4
"""So much oftener are others taken on under the name that goes out: then a few have it wrong, and not one side."""


@dataclass(slots=True)
class AskedNames:
    """By name without what varies (`trails:*`): who asked in vain, what was sent, and who is taken on; parts merge."""

    vain: Table[str, Tally] = field(default_factory=lambda: Table(_MOST, Tally))
    sent: Table[str, Tally] = field(default_factory=lambda: Table(_MOST, Tally))
    taken: Table[str, Tally] = field(default_factory=lambda: Table(_MOST, Tally))

    def see(self, view: View, edge: Edge | None) -> None:
        """One record."""
        found = view.find(_VAIN, 400)
        if found is not None:
            _count(self.vain, next(text for text in found.groups() if text), view)
        elif edge is not None and edge.stage in ("emitted", "registered"):
            to = self.sent if edge.stage == "emitted" else self.taken
            for name in {kind_of(each["keyed"] or each[0]) for each in _PARTED.finditer(view.text[:300])}:
                _count(to, name, view)

    def merge(self, other: AskedNames) -> None:
        """Take the other part's in."""
        self.vain.merge(other.vain, Tally.merge)
        self.sent.merge(other.sent, Tally.merge)
        self.taken.merge(other.taken, Tally.merge)

    def mistaken(self) -> Iterator[tuple[str, Tally, str, Tally]]:
        """What goes out and the name that was asked for in its place, with the lines of each."""
        for name, vain in sorted(self.vain.items(), key=lambda item: by_place(item[1].samples[0])):
            meant = self._meant(name, vain)
            if meant is not None:
                yield *meant, name, vain

    def explained(self, subject: str) -> bool:
        """Whether this name, which a library says that it does not know, is one of those."""
        name = kind_of(subject)
        vain = self.vain.get(name)
        return vain is not None and self._meant(name, vain) is not None

    def _meant(self, name: str, vain: Tally) -> tuple[str, Tally] | None:
        """What goes out under nearly the name that is asked for."""
        if vain.count < _LEAST or name in self.sent or name in self.taken:
            return None
        near = [(other, tally) for other, tally in self.sent.items() if tally.count >= _LEAST and (alike(other, name) or _prefixed(other, name))]
        other, sent = min(near, key=lambda item: by_place(item[1].samples[0]), default=("", vain))
        taken = self.taken.get(other)
        return (other, sent) if other and (taken is None or taken.count < _OFTENER * vain.count) else None


def kind_of(name: str) -> str:
    """A name without what tells one of its kind from another: `trails:*` of `trails:8`; "" of what is none."""
    name = name.strip("\"'`.,:")
    if _FILE.search(name):
        return ""
    return "".join("*" if _VARIES.match(part) else part for part in re.split(r"([:./#])", name))


def _count(table: Table[str, Tally], name: str, view: View) -> None:
    kind = kind_of(name)
    tally = table.at(kind) if kind else None
    if tally is not None:
        tally.add(view)


def _prefixed(one: str, other: str) -> bool:
    """Whether one of two names is the other one behind a word: `private-orders.*` and `orders.*`."""
    short, long_ = sorted((one, other), key=len)
    return len(short) >= 5 and len(long_) > len(short) and long_.endswith(short) and long_[-len(short) - 1] in ":./_-#"


def places(sent: Tally, vain: Tally) -> list[tuple[Place, str]]:
    """Lines to show, of both sides in turn."""
    return [*vain.samples[:1], *sent.samples[:1], *vain.samples[1:3], *sent.samples[1:3]]
