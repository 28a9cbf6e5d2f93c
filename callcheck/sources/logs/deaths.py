"""Which threads does an exception end, and when?

hub  | 09:12:07 reading of tank 7 stored
hub  | Exception in thread mqtt-loop:
hub  | Traceback (most recent call last): ...
hub  | 09:12:20 GET /status 200

What a runtime prints of a thread that ends has no time of its own, as a rule. It happened before the next line that has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import first_of, keep_first
from callcheck.sources.logs.frames import calls_in_python, own
from callcheck.sources.logs.series import Mark
from callcheck.sources.logs.shapes import payload_shaped
from callcheck.sources.logs.signals import error_of
from callcheck.sources.logs.view import View

_MOST = 12
_DIES = rare(
    r"\bexception in thread (?!\"?main(?:thread)?\b)\S|terminated with exception \(report_on_exception|\bthread '(?!main')[^']{1,60}' (?:\(\d{1,9}\) )?panicked at "
    r"|\b(?:thread|consumer|poller|reader|subscriber|listener|dispatcher|receiver) (?:\S{1,40} )?(?:died|crashed|terminated|exited|ended|stopped) (?:with|by|on|after|due to|because of) (?:an? )?(?:un\w+ )?\w{0,60}(?:exception|error)\b"
    r"|(?P<collected>\btask was destroyed but it is pending!)",
    re.I,
)
"""As Python, the JVM, Ruby and Rust print it, and how applications say it. A rejection that nobody awaits may end nothing at all."""
_TAKES = pattern(
    r"^(?:async )?for \w.{0,200} in |\.(?:listen|get_message|recv\w{0,6}|receive\w{0,12}|poll|consume|start_consuming|process_data_events|run_forever|loop_forever|stream|watch|xread\w{0,5}|b[lr]pop|bzpop\w{0,3}|notifies|__a?next__)\(|\ba?next\("
)
"""How what comes next is asked for."""
Seen = tuple[int, float]
"""Order along a file, and time."""


@dataclass(frozen=True, slots=True)
class Death:
    """A thread that an exception ends, or a task that nobody holds."""

    place: Place
    order: int
    instance: str
    text: str
    time: float | None
    """Its own."""
    shaped: bool
    """The exception is about the shape of what a handler was handed."""
    what: str = "died"
    """Or `collected`: a task of asyncio, while it waits; `stream`: the stream that it reads fails, and no handler."""


@dataclass(slots=True)
class Deaths:
    """Those of a part of the logs; parts merge."""

    found: list[Death] = field(default_factory=list)
    """The first ones."""
    after: dict[tuple[str, int], Seen] = field(default_factory=dict)
    """Log and order of each -> the next line with a time."""
    firsts: dict[str, Seen] = field(default_factory=dict)
    """Log -> the first line with a time."""

    def see(self, view: View) -> None:
        """One record."""
        whole = view.place.whole
        dies = view.find(_DIES, 300)
        if dies:
            shaped = payload_shaped(view.full, error_of(view.full), False)
            what = "collected" if dies["collected"] else "stream" if _of_stream(view.full) else "died"
            keep_first(self.found, Death(view.place, view.order, view.instance, view.text[:300], view.time, shaped, what), _MOST, _in_order)
        if view.time is None:
            return
        seen = view.order, view.time
        if whole not in self.firsts or seen < self.firsts[whole]:
            self.firsts[whole] = seen
        if self.found:
            self._follow(whole, seen)

    def merge(self, other: Deaths) -> None:
        """Take the other part's in."""
        self.found = first_of(self.found, other.found, _MOST, _in_order)
        after = [*self.after.items(), *other.after.items()]
        firsts = [*self.firsts.items(), *other.firsts.items()]
        self.after, self.firsts = {}, {}
        for (whole, _), seen in after:
            self._follow(whole, seen)
        for whole, seen in firsts:
            self._follow(whole, seen)
            self.firsts[whole] = min(seen, self.firsts.get(whole, seen))

    def marks(self) -> Iterator[tuple[Death, Mark]]:
        """Each of which it is known when it was at the latest."""
        for death in self.found:
            next_ = self.after.get((death.place.whole, death.order))
            time = death.time if death.time is not None else next_[1] if next_ else None
            if time is not None:
                yield death, Mark(death.what, time, death.place, death.text, frozenset())

    def _follow(self, whole: str, seen: Seen) -> None:
        for death in self.found:
            key = death.place.whole, death.order
            if key[0] == whole and death.order < seen[0] and (key not in self.after or seen < self.after[key]):
                self.after[key] = seen


def _of_stream(full: str) -> bool:
    """Whether a traceback ends in the library from which the app takes what comes next: no handler of its own was at work."""
    calls = calls_in_python(full[max(0, full.rfind("\nTraceback (most")) :])
    mine = [at for at, call in enumerate(calls) if own(call)]
    # Where a library calls the app, which calls a library, a handler is at work.
    return bool(mine) and mine[-1] < len(calls) - 1 and mine[-1] - mine[0] == len(mine) - 1 and _TAKES.search(calls[mine[-1]].code) is not None


def _in_order(death: Death) -> tuple[str, int]:
    return death.place.whole, death.order
