"""Where in a piece of a log do the texts stand that make a line worth reading?

With hyperscan all of them are looked for at once, at two gigabytes a second; without it as `unaided.py` does.
"""

from __future__ import annotations

import functools
from _thread import _local as Local  # `threading.local`, which most runs need nothing else of
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from callcheck.model.digest import digest
from callcheck.model.log import LogKnowledge
from callcheck.model.noun import dataclass
from callcheck.sources.logs.anchors import Anchor, anchors, cures_of

if TYPE_CHECKING:
    from callcheck.sources.logs.unaided import Unaided

SHIFT = 16
"""A hit is one number: its end, and in the lowest bits which text it is."""
MASK = (1 << SHIFT) - 1


class Finder:
    """Finds a set of texts; one for all threads."""

    def __init__(self, texts: Sequence[Anchor], compiled: bytes | None = None, once: bool = False) -> None:
        """`once`: of each text only the first hit is wanted."""
        self.texts = texts[:MASK]
        self.once = once
        self._compiled = compiled
        self._local = Local()
        self._database: Any = _database(self.texts, compiled, once)

    @property
    def fast(self) -> bool:
        """Whether hyperscan does it."""
        return self._database is not None

    @property
    def engine(self) -> str:
        """What does it: hyperscan, google-re2, or "" for Python alone."""
        return "hyperscan" if self.fast else self._unaided.engine

    @functools.cached_property
    def _unaided(self) -> Unaided:
        from callcheck.sources.logs.unaided import Unaided

        return Unaided(self.texts, self.once)

    def __reduce__(self) -> tuple[object, ...]:
        return Finder, (self.texts, self._compiled or self.dump(), self.once)

    def dump(self) -> bytes | None:
        """The compiled form, for `compiled`; None without hyperscan."""
        if self._database is None:
            return None
        import hyperscan

        dumped: bytes = hyperscan.dumpb(self._database)
        return dumped

    def find(self, data: bytes | bytearray, start: int, end: int, only: frozenset[int] | None = None) -> list[int]:
        """The hits in `data[start:end]`, by their ends (exclusive, counted from the beginning of `data`), in order; of some texts `only`, if given."""
        if self._database is None:
            found = (hit + (start << SHIFT) for hit in self._unaided.find(bytes(memoryview(data)[start:end]), SHIFT))
            return sorted(hit for hit in found if only is None or hit & MASK in only)
        hits: list[int] = []
        add, shift = hits.append, start << SHIFT

        def take(which: int, _: int, stop: int, __: int, ___: object) -> None:
            if only is None or which in only:
                add((stop << SHIFT) + shift | which)

        self._database.scan(memoryview(data)[start:end], match_event_handler=take, scratch=self._scratch())
        hits.sort()
        return hits

    def _scratch(self) -> Any:
        """Working memory of this thread: two scans cannot share it."""
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            import hyperscan

            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        return scratch


def _database(texts: Sequence[Anchor], compiled: bytes | None, once: bool) -> Any:
    try:
        import hyperscan
    except ImportError:
        return None
    if compiled:
        try:
            database = hyperscan.loadb(compiled, hyperscan.HS_MODE_BLOCK)
            # It comes without the working memory that scanning needs (python-hyperscan #153).
            database.scratch = hyperscan.Scratch(database)
            return database
        except hyperscan.error:  # another version or another processor wrote it
            pass
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    flag = hyperscan.HS_FLAG_SINGLEMATCH if once else 0
    # No `literal=True`: the compiler for literals knows no CASELESS in sets that mix both.
    database.compile(
        expressions=[_quoted(a.text) for a in texts],
        ids=list(range(len(texts))),
        elements=len(texts),
        flags=[flag if a.exact else flag | hyperscan.HS_FLAG_CASELESS for a in texts],
    )
    return database


def _quoted(text: str) -> bytes:
    return "".join(c if c.isalnum() else f"\\x{ord(c):02x}" for c in text).encode()


@dataclass(frozen=True, slots=True)
class Finders:
    """What is looked for in a long log."""

    every: Finder
    """All texts, the telling ones first."""
    telling: Finder
    once: Finder
    """The telling ones, each once in what is searched."""
    cures: Finder
    """The texts of which one stands in each line that takes a signal back."""
    cured: dict[str, frozenset[int]]
    """By signal, which of those are its own."""


def finders(known: LogKnowledge) -> Finders:
    """Compiled once, and kept while rules and code stay the same."""
    from callcheck.sources.kept import kept

    try:
        import hyperscan
    except ImportError:
        version = ""
    else:
        version = getattr(hyperscan, "__version__", "")
    key = digest(repr([known.signatures, [(b.stage, b.pattern.pattern) for b in known.boundaries], version]))
    texts, cures, cured, compiled = kept(f"anchors-{key[:16]}", (), lambda: _compiled(known))
    telling = [a for a in texts if a.telling]
    sets = ((texts, False), (telling, False), (telling, True), (cures, False))
    made = [Finder(of, one, once) for (of, once), one in zip(sets, compiled, strict=True)]
    return Finders(made[0], made[1], made[2], made[3], cured)


def _compiled(known: LogKnowledge) -> tuple[list[Anchor], list[Anchor], dict[str, frozenset[int]], list[bytes | None]]:
    texts = anchors(known)
    telling = [a for a in texts if a.telling]
    by_signal = {sign.signal: cures_of(sign) for sign in known.signatures if sign.cured_by}
    each = sorted({text for own in by_signal.values() for text in own})
    cures = [Anchor(text, True, True) for text in each]
    cured = {signal: frozenset(map(each.index, own)) for signal, own in by_signal.items()}
    made = Finder(texts), Finder(telling), Finder(telling, once=True), Finder(cures)
    return texts, cures, cured, [finder.dump() for finder in made]
