"""Where in a piece of a log do the texts stand that make a line worth reading?

With hyperscan all of them are looked for at once, at two gigabytes a second; without it one after the other, at a fiftieth of that.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from callcheck.model.digest import digest
from callcheck.model.log import LogKnowledge
from callcheck.sources.logs.anchors import Anchor, anchors

SHIFT = 10
"""A hit is one number: its end, and in the lowest bits which text it is."""
MASK = (1 << SHIFT) - 1


class Finder:
    """Finds a set of texts; one for all threads."""

    def __init__(self, texts: Sequence[Anchor], compiled: bytes | None = None) -> None:
        self.texts = texts[:MASK]
        self._compiled = compiled
        self._local = threading.local()
        self._database: Any = _database(self.texts, compiled)
        self._exact = [(a.text.encode(), n) for n, a in enumerate(self.texts) if a.exact]
        self._folded = [(a.text.encode(), n) for n, a in enumerate(self.texts) if not a.exact]

    @property
    def fast(self) -> bool:
        """Whether hyperscan does it."""
        return self._database is not None

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.texts, self._compiled or self.dump())

    def dump(self) -> bytes | None:
        """The compiled form, for `compiled`; None without hyperscan."""
        if self._database is None:
            return None
        import hyperscan

        dumped: bytes = hyperscan.dumpb(self._database)
        return dumped

    def find(self, data: bytes | bytearray, start: int, end: int) -> list[int]:
        """The hits in `data[start:end]`, by their ends (exclusive, counted from the beginning of `data`), in order."""
        hits: list[int] = []
        if self._database is None:
            self._slowly(bytes(memoryview(data)[start:end]), start, hits)
        else:
            add = hits.append

            def take(which: int, _: int, stop: int, __: int, ___: object) -> None:
                add(stop << SHIFT | which)

            self._database.scan(memoryview(data)[start:end], match_event_handler=take, scratch=self._scratch())
            if start:
                shift = start << SHIFT
                hits = [hit + shift for hit in hits]
        hits.sort()
        return hits

    def _scratch(self) -> Any:
        """Working memory of this thread: two scans cannot share it."""
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            import hyperscan

            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        return scratch

    def _slowly(self, data: bytes, start: int, hits: list[int]) -> None:
        low = data.lower()
        for texts, text in ((self._exact, data), (self._folded, low)):
            for part, which in texts:
                at = text.find(part)
                while at >= 0:
                    hits.append(at + len(part) + start << SHIFT | which)
                    at = text.find(part, at + len(part))


def _again(texts: Sequence[Anchor], compiled: bytes | None) -> Finder:
    return Finder(texts, compiled)


def _database(texts: Sequence[Anchor], compiled: bytes | None) -> Any:
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
    # No `literal=True`: the compiler for literals knows no CASELESS in sets that mix both.
    database.compile(
        expressions=[_quoted(a.text) for a in texts],
        ids=list(range(len(texts))),
        elements=len(texts),
        flags=[0 if a.exact else hyperscan.HS_FLAG_CASELESS for a in texts],
    )
    return database


def _quoted(text: str) -> bytes:
    return "".join(c if c.isalnum() else f"\\x{ord(c):02x}" for c in text).encode()


def finders(known: LogKnowledge) -> tuple[Finder, Finder]:
    """One for all texts, and one for the telling ones alone; compiled once, and kept while rules and code stay the same."""
    from callcheck.sources.kept import kept

    try:
        from hyperscan import __version__ as version
    except ImportError:
        version = ""
    key = digest(repr([known.signatures, [(b.stage, b.pattern.pattern) for b in known.boundaries], version]))
    texts, every, telling = kept(f"anchors-{key[:16]}", (), lambda: _compiled(known))
    count = sum(a.telling for a in texts)
    return Finder(texts, every), Finder(texts[:count], telling)


def _compiled(known: LogKnowledge) -> tuple[list[Anchor], bytes | None, bytes | None]:
    texts = anchors(known)
    telling = [a for a in texts if a.telling]
    return texts, Finder(texts).dump(), Finder(telling).dump()
