"""Where in a long log does a kind of line stand last, of which a sample of its lines shows none any more?

The sample tells which kinds and processes seem to end; of those the plain file is looked through by halves, a megabyte at a time, for the true
last line, and behind it for what happened there: a restart, a lost connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callcheck.model.log import Record
from callcheck.model.pattern import pattern
from callcheck.sources.logs.aftermath import NEAR, Window
from callcheck.sources.logs.bounded import Table
from callcheck.sources.logs.places import OFFSET
from callcheck.sources.logs.presence import Presence
from callcheck.sources.logs.records import Joiner, line_of
from callcheck.sources.logs.series import Run, Series
from callcheck.sources.logs.stopped import Stopped, overdue, service
from callcheck.sources.logs.unwrap import Unwrapper
from callcheck.sources.logs.view import View

_MOST = 8
"""Kinds, and processes, that are looked for."""
_PARTS = pattern(r"[:/| ]")
_MOST_LINES = 60
"""Lines with the word of a kind that are read in one window."""
_MARKS = (b"tart", b"boot", b"isten", b"logged in", b"ready", b"elease", b"eploy", b"onnect", b"eep", b"clos", b"lost")
"""A part of each word by which a start or a connection is known."""


class Lasts:
    """Looks through one plain log."""

    def __init__(self, name: str, unwrapper: Unwrapper, window: Window, size: int, number: Callable[[int], None]) -> None:
        """`number` is told of each place that may be shown, so that its line can be numbered."""
        self._name, self._unwrapper, self._window, self._size, self._number = name, unwrapper, window, size, number

    def settle(self, stopped: Stopped, present: Table[str, Presence]) -> None:
        """Put the true last lines where the sample seems to end, and the marks that follow them."""
        known = stopped.series.items()
        ended = [(key, series) for key, series in known if overdue(series.count, series.first, series.last, stopped.end)]
        for (name, template), series in sorted(ended, key=lambda item: (-item[1].count, item[0]))[:_MOST]:
            self._last(series, template, lambda view, name=name: service(view.instance) == name)  # type: ignore[misc]
            self._marks(stopped, series)
        silent = [
            (instance, template, series, run)
            for (_, template), series in known
            if series.handles and len(series.runs) > 1
            for instance, run in series.runs.items()
            if (its := present.get(instance)) and its.last is not None and overdue(run.count, run.first, run.last[0], its.last)
        ]
        for instance, template, series, run in sorted(silent, key=lambda item: (-item[3].count, item[0], item[1]))[:_MOST]:
            part = max(_PARTS.split(instance), key=len).encode()
            self._last(series, template, lambda view, instance=instance: view.instance == instance, run, part)  # type: ignore[misc]

    def _last(self, series: Series, template: str, of: Callable[[View], bool], run: Run | None = None, also: bytes = b"") -> None:
        word = max(template.split(), key=len, default="").encode()
        begin = (run.place if run else series.latest[1])
        if begin is None or begin.line < OFFSET or begin.path != self._name:
            return
        low, high = begin.line - OFFSET, self._size
        best: View | None = None
        while high - low > NEAR:
            middle = (low + high) // 2
            view = self._seen(middle, word, also, template, of)
            low, high, best = (line_of(view.order) - OFFSET, high, view) if view else (low, middle, best)
        best = self._seen(low, word, also, template, of) or best
        if best is None or best.time is None:
            return
        self._number(best.place.line - OFFSET)
        at = best.time, best.place.whole, best.order
        its = run or series.runs.get(best.instance)
        if its is not None and at > its.last:
            its.last, its.place, its.text = at, best.place, best.text[:200]
        if at > series.latest[0]:
            series.latest = at, best.place, best.text[:300]

    def _seen(self, begin: int, word: bytes, also: bytes, template: str, of: Callable[[View], bool]) -> View | None:
        """The last line of the kind in the window behind a place."""
        found = None
        for view in self._views(begin, (word,), also, latest=True):
            if view.template == template and view.time is not None and of(view):
                found = view if found is None or view.order > found.order else found
        return found

    def _marks(self, stopped: Stopped, series: Series) -> None:
        place = series.latest[1]
        if place is None or place.line < OFFSET:
            return
        gap = (series.last - series.first) / max(1, series.count - 1)
        for view in self._views(place.line - OFFSET, _MARKS):
            if view.time is not None and series.last <= view.time <= series.last + 6 * gap + 30 and view.find_low(stopped.mark):
                self._number(view.place.line - OFFSET)
                stopped.see(view)

    def _views(self, begin: int, words: tuple[bytes, ...], also: bytes = b"", latest: bool = False) -> Iterator[View]:
        """The lines with one of the words and with `also` in the window, the first ones or the latest."""
        data = self._window(begin)
        start = data.find(b"\n") + 1
        places: set[int] = set()
        for word in words if start and all(words) else ():
            at, found = len(data) if latest else start, 0
            while found < _MOST_LINES and (at := data.rfind(word, start, at) if latest else data.find(word, at)) >= 0:
                line, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
                if also in data[line:end]:
                    places.add(line)
                    found += 1
                at = line if latest else end
                if end < 0:
                    break
        for line in sorted(places):
            end = data.find(b"\n", line)
            if end >= 0:
                yield from map(View, self._records(begin + line, data[line:end]))

    def _records(self, at: int, line: bytes) -> Iterator[Record]:
        joiner = Joiner(self._name)
        for said in self._unwrapper.read_all(line.decode("utf-8", "replace").rstrip("\r")):
            yield from joiner.take(OFFSET + at, said)
        yield from joiner.rest()
