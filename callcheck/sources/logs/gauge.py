"""How far has the reading of logs come? Counted by whoever reads them, and looked at by whoever shows it."""

from __future__ import annotations

import time
from typing import BinaryIO


class Gauge:
    """Bytes as they lie on the disk, packed ones too."""

    def __init__(self) -> None:
        self.done = self.total = 0
        """`total` is 0 where nobody knows, as of a pipe."""
        self._began = self._ended = 0.0

    def begin(self, total: int) -> None:
        """Reading begins."""
        self.done, self.total = 0, total
        self._began, self._ended = time.monotonic(), 0.0

    def end(self) -> None:
        """All is read."""
        self._ended = time.monotonic()

    @property
    def reading(self) -> bool:
        """Whether somebody reads now."""
        return self._began > 0 and not self._ended

    @property
    def rate(self) -> float:
        """Bytes a second, since the beginning."""
        return self.done / max(1e-3, time.monotonic() - self._began)

    def add(self, size: int) -> None:
        """So many more were read."""
        self.done += size


GAUGE = Gauge()
"""That of this process."""


class Gauged:
    """A stream whose bytes are counted as they are read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """As the stream reads."""
        data = self._stream.read(size)
        GAUGE.add(len(data))
        return data
