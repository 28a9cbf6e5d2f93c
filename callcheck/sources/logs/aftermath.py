"""Was a failure that stands alone in a long log made good soon after it?

Of a long log the ordinary lines are read in some stretches only. What follows a failure elsewhere is looked up: in the next megabyte of a
plain file, the lines that name one of its ids, or that cure its signal. Of many failures of a sort a few are followed; the others are taken to fare alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from callcheck.model.errors import SourceError
from callcheck.model.log import LogKnowledge
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.sources.logs.failed_call import Failure
from callcheck.sources.logs.failures import keep_latest
from callcheck.sources.logs.far import LogFile
from callcheck.sources.logs.finder import MASK, SHIFT, Finder, Finders
from callcheck.sources.logs.lines import LONGEST
from callcheck.sources.logs.places import OFFSET
from callcheck.sources.logs.records import Joiner, line_of
from callcheck.sources.logs.rotation import Link
from callcheck.sources.logs.summary import Summarizer, Summary
from callcheck.sources.logs.unwrap import Unwrapper

NEAR = 1_000_000
"""Bytes that are looked through after a failure."""
_MOST_OF_SORT = 3
_MOST = 18
_MOST_IDS = 4
_MOST_HITS = 8
"""Lines that are read for one failure."""
_FEW = 20
"""Texts that are sooner looked for one by one, up to the last line that is wanted, than all that take any signal back at once."""
_UUID = pattern(r"([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$")
Window = Callable[[int], bytes]
"""What stands in the log from an offset on, up to NEAR bytes."""


def window_of(path: LogFile) -> Window:
    """Reads a plain file; b"" where it cannot be read any more."""

    def read(at: int) -> bytes:
        try:
            with path.open("rb") as stream:
                stream.seek(at)
                return bytes(stream.read(NEAR))
        except (SourceError, OSError):
            return b""

    return read


class Aftermath:
    """Looks after the failures of one log."""

    def __init__(
        self, name: str, known: LogKnowledge, unwrapper: Unwrapper, window: Window | None, finders: Finders, link: Link | None = None
    ) -> None:
        """Without a `window`, of a stream, nothing can be looked up. `link` is its place in a rotated log."""
        self.finders = finders
        self.link = link
        self.name, self.known, self.unwrapper, self.window = name, known, unwrapper, window

    def follow(self, together: Summary, alone: Summary) -> None:
        """Give to `alone` what made its failures good, and mark those of which that is not known; `together` was read with all that follows."""
        notes = alone.failures.notes
        sorts: dict[tuple[str, str], int] = {}
        known = {(note.kind, note.peer) for note in together.failures.notes if note.kind and not note.retried}
        followed = 0
        after = Summarizer(self.known.signatures, self.known.boundaries)
        made: list[Failure] = []
        for note in list(notes):
            open_ = bool(note.kind and note.ids and not note.final and not note.retried)
            sort = note.kind, note.peer
            if open_ and self.window is not None and followed < _MOST and sorts.get(sort, 0) < _MOST_OF_SORT:
                sorts[sort] = sorts.get(sort, 0) + 1
                followed += 1
                self._read(note.place.line, _named(note), after)
                open_ = False
            # Without its own end known, it is judged as those of its sort are of which it is.
            made.append(replace(note, alone=True) if open_ and (sort in known or sorts.get(sort)) else note)
        notes.held = made
        self._cures(alone, after)
        alone.failures.good.merge(after.summary.failures.good, keep_latest)
        alone.signals.cures.merge(after.summary.signals.cures, lambda one, other: one.merge(other))

    def _cures(self, alone: Summary, after: Summarizer) -> None:
        if self.window is None:
            return
        for (signal, *_), curable in alone.signals.curable.items()[:_MOST]:
            cures = self.finders.cured.get(signal, frozenset())
            sought = [self.finders.cures.texts[number].text.encode() for number in sorted(cures)]
            if (newest := curable.newest) is not None:
                self._read(line_of(newest[1]), sought, after, cures)

    def _read(self, line: int, sought: Sequence[bytes], after: Summarizer, cures: frozenset[int] | None = None) -> None:
        """Read the lines after one that hold something of what is sought, which may be the texts of these `cures`; what stands on every line, such as the
        host's name, is soon left."""
        if line < OFFSET or self.window is None:
            return
        begin = line - OFFSET
        data = self.window(begin)
        at = data.find(b"\n") + 1
        finder = self.finders.cures
        places = _found_at_once(data, at, finder, cures) if cures is not None and finder.fast and len(sought) > _FEW else None
        lines = {
            start: text
            for each in (sought if at else ())
            for start, text in _lines(data, _found(data, at, each) if places is None else places.get(each, ()))
        }
        for start, text in sorted(lines.items()):
            joiner = Joiner(self.name, link=self.link)
            for said in self.unwrapper.read_all(text):
                for record in (*joiner.take(OFFSET + begin + start, said), *joiner.rest()):
                    after.take_alone(record, good=True)


def _named(note: Failure) -> list[bytes]:
    """The longest ids of a failure, as they may be written; what is short stands in many lines."""
    found = []
    for key in sorted(note.ids, key=lambda key: (-len(key), key))[:_MOST_IDS]:
        uuid = _UUID.match(key)
        found += [key, "-".join(uuid.groups())] if uuid else [key]
    return [text.encode() for text in found]


def _found(data: bytes, at: int, sought: bytes) -> Iterator[int]:
    while (at := data.find(sought, at)) >= 0:
        yield at
        at += 1


def _found_at_once(data: bytes, at: int, finder: Finder, only: frozenset[int] | None = None) -> dict[bytes, list[int]]:
    """By text of the finder, where it stands; `only` some of them."""
    ends: dict[int, list[int]] = {}
    for hit in finder.find(data, at, len(data), only):
        ends.setdefault(hit & MASK, []).append(hit >> SHIFT)
    texts = {number: finder.texts[number].text.encode() for number in ends}
    return {texts[number]: [end - len(texts[number]) for end in found] for number, found in ends.items()}


def _lines(data: bytes, places: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The first lines that have one of the places, each once."""
    at = given = 0
    for found in places:
        if found < at:
            continue
        start = data.rfind(b"\n", 0, found) + 1
        end = data.find(b"\n", found)
        end = end if end >= 0 else len(data)
        yield start, data[start : min(end, start + LONGEST)].decode("utf-8", "replace").rstrip("\r")
        at, given = end + 1, given + 1
        if given == _MOST_HITS:
            return
