"""What has a recording said so far, while it is being written?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.noun import dataclass
from callcheck.sources.recording import traces

_MOST_BYTES = 1 << 22
"""Of one file in one look; the rest comes with the next."""


@dataclass(slots=True)
class Seen:
    """Counts since the beginning."""

    listeners: int = 0
    heard: int = 0
    unheard: int = 0


class Tail:
    """Reads on in the files of a recording; each look costs what was added."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, int] = {}
        self._seen = Seen()

    def look(self) -> Seen:
        """The counts so far; a file that cannot be read counts for nothing."""
        for path in traces(self._folder):
            try:
                with open(path, "rb") as stream:
                    stream.seek(self._read.get(path.name, 0))
                    data = stream.read(_MOST_BYTES)
            except OSError:
                continue
            whole = data.rfind(b"\n") + 1
            self._read[path.name] = self._read.get(path.name, 0) + whole
            for line in data[:whole].splitlines():
                self._count(line)
        return self._seen

    def _count(self, line: bytes) -> None:
        if line.startswith(b'{"fact":"listener.added"'):
            self._seen.listeners += 1
        elif line.startswith(b'{"fact":"event.emitted"'):
            if b'"listener.count":0' in line:
                self._seen.unheard += 1
            else:
                self._seen.heard += 1
