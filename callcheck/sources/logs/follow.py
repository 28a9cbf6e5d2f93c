"""What do logs say while they grow?

Of each file, and of a pipe, only the new bytes are read. A file that is cut off is read from its beginning again; of one that was rotated the
rest is read first, and then the new one. What is there at once, and long, is read as a long log is.
"""

from __future__ import annotations

import copy
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.log import LogKnowledge
from callcheck.model.printable import clean
from callcheck.sources.files import relative
from callcheck.sources.logs import Survey
from callcheck.sources.logs.blocks import BLOCK
from callcheck.sources.logs.export import goes_on, is_export
from callcheck.sources.logs.growing import Growing, copied
from callcheck.sources.logs.lines import encoding_of, open_log
from callcheck.sources.logs.packed import Unpacked, damaged
from callcheck.sources.logs.reading import LONG, Reading

_HEAD = 256
"""The first bytes of a file, by which it is known again."""
_MOST_WAITING = 2 * LONG
"""Bytes of a pipe that wait to be read; then its writer has to."""
_LAST_LINES = 1 << 16
"""Of many bytes so many are read line by line, so that the last entry can go on."""


class Follow:
    """The logs of a survey, read on at each `poll`."""

    def __init__(self, survey: Survey) -> None:
        self._of = survey
        known = survey.knowledge or LogKnowledge()
        every = Reading(survey.once[0], None, known, survey.base, period=survey.period)
        self._sources: list[_File | _Pipe] = []
        fixed = []
        for path in survey.once[0]:
            link = every.links.get(name := relative(path, survey.base))
            # Only the newest file of a rotated log is written to.
            if (link is None or link.newer is None) and _grows(path):
                self._sources.append(_File(path, Growing(name, known, survey.period, link)))
            else:
                fixed.append(path)
        piped = survey.stdin if survey.stdin is not None and _is_pipe(survey.stdin) else None
        self._fixed = every.of(fixed, None if piped else survey.stdin).summary()
        self._fixed.lost += survey.copies_told()
        if piped is not None:
            self._sources.append(_Pipe(piped, Growing("<stdin>", known, survey.period)))

    @property
    def over(self) -> bool:
        """Whether nothing can come any more."""
        return all(source.over for source in self._sources)

    @property
    def lines(self) -> int:
        """Read so far."""
        return self._fixed.lines + sum(source.log.lines for source in self._sources)

    @property
    def behind(self) -> bool:
        """Whether more waits than was read at once."""
        return any(source.behind for source in self._sources)

    def poll(self) -> bool:
        """Read what is new; whether there was any."""
        read = [source.poll() for source in self._sources]
        return any(read)

    def end(self) -> None:
        """Read what is left, and take the last lines for whole."""
        for source in self._sources:
            source.poll()
            source.log.end()
            source.close()

    def survey(self) -> Survey:
        """All that was said so far, for one diagnosis."""
        survey = copy.copy(self._of)
        survey.summary = copied(self._fixed)
        for source in self._sources:
            survey.summary.merge(source.log.summary())
        return survey


def _is_pipe(stream: BinaryIO) -> bool:
    """Whether the system can be asked for more; what was fetched from elsewhere is there already."""
    try:
        return stream.fileno() >= 0
    except (AttributeError, OSError):
        return False


def _grows(path: Path) -> bool:
    """Whether a file is plain lines, to which others can be added."""
    try:
        with open_log(path) as stream:
            if isinstance(stream, Unpacked):
                return False
            head = stream.read(BLOCK)
            encoding_of(head)
    except (SourceError, *damaged()):  # type: ignore[misc]
        return False
    first = [line.decode("utf-8", "replace") for line in head.split(b"\n", 3)[:3]]
    return not is_export(first) or goes_on(first)


class _File:
    """One growing file."""

    over = behind = False

    def __init__(self, path: Path, log: Growing) -> None:
        self.path, self.log = path, log
        self._stream: io.FileIO | None = None
        self._head = b""
        self._at = 0

    def poll(self) -> bool:
        try:
            return self._poll()
        except OSError as error:
            self.log.lost = [Lost(clean(self.log.name), error.strerror or "cannot be read")]
            return False

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    def _poll(self) -> bool:
        read = self._on() if self._stream is not None else False
        if self._stream is None or self._replaced():
            self._open()
            read = self._on() or read
        return read

    def _replaced(self) -> bool:
        """Whether another file bears the name now; while none does, a new one is awaited."""
        assert self._stream is not None
        try:
            now = self.path.stat()
        except FileNotFoundError:
            return False
        held = os.fstat(self._stream.fileno())
        return (now.st_ino, now.st_dev) != (held.st_ino, held.st_dev)

    def _open(self) -> None:
        try:
            stream = self.path.open("rb", buffering=0)
        except FileNotFoundError:
            return
        if self._stream is not None:
            self._stream.close()
            self.log.anew()
        self._stream, self._at, self._head = stream, 0, b""

    def _on(self) -> bool:
        """Read on in the file that is open."""
        stream = self._stream
        assert stream is not None
        size = os.fstat(stream.fileno()).st_size
        if size == self._at:
            return False
        if size < self._at or self._begins() != self._head:
            self.log.anew()
            self._at, self._head = 0, b""
        if size - self._at > LONG:
            self._long(stream, size)
        stream.seek(self._at)
        while self._at < size and (data := stream.read(min(BLOCK, size - self._at))):
            self._at += len(data)
            self.log.take(data)
        self._head = self._head if len(self._head) == _HEAD else self._begins(_HEAD)
        return True

    def _begins(self, most: int | None = None) -> bytes:
        """The bytes by which the file is known."""
        assert self._stream is not None
        self._stream.seek(0)
        return self._stream.read(len(self._head) if most is None else most)

    def _long(self, stream: io.FileIO, size: int) -> None:
        """Read most of what is new as a long log is read, from the end of a line up to the end of another."""
        stream.seek(self._at)
        line = stream.read(BLOCK)
        line = line[: line.find(b"\n") + 1]
        stream.seek(size - _LAST_LINES)
        end = stream.read(_LAST_LINES).find(b"\n") + 1
        if not line or not end:
            return
        self.log.take(line)
        self._at += len(line)
        if self.log.plain:
            self.log.take_long(_pieces(stream, self._at, size - _LAST_LINES + end))
            self._at = size - _LAST_LINES + end


def _pieces(stream: io.FileIO, at: int, end: int) -> Iterator[bytes]:
    while at < end:
        stream.seek(at)
        piece = stream.read(min(BLOCK, end - at))
        if not piece:
            return
        yield piece
        at += len(piece)


class _Pipe:
    """Standard input: one thread waits for what comes, so that nobody else has to."""

    def __init__(self, stream: BinaryIO, log: Growing) -> None:
        self.log = log
        self._number = stream.fileno()
        self._waiting: list[bytes] = []
        self._size = 0
        self._ended = self._over = False
        self._lock = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def over(self) -> bool:
        return self._over

    @property
    def behind(self) -> bool:
        return self._size >= LONG

    def close(self) -> None:
        self._ended = True

    def _listen(self) -> None:
        while True:
            try:
                piece = os.read(self._number, BLOCK)
            except OSError:
                piece = b""
            with self._lock:
                self._ended = self._ended or not piece
                if self._ended:
                    self._waiting += [piece] if piece else []
                    return
                self._waiting.append(piece)
                self._size += len(piece)
                self._lock.wait_for(lambda: self._size < _MOST_WAITING)

    def poll(self) -> bool:
        with self._lock:
            data, self._waiting, self._size = b"".join(self._waiting), [], 0
            ended = self._ended
            self._lock.notify()
        try:
            self._take(data)
        except SourceError as error:
            self.log.lost = [Lost("<stdin>", error.message)]
            ended = True
        if ended and not self._over:
            self.log.end()
            self._over = True
            return True
        return bool(data)

    def _take(self, data: bytes) -> None:
        begin, end = data.find(b"\n") + 1, data.find(b"\n", max(0, len(data) - _LAST_LINES)) + 1
        if len(data) > LONG and begin and end:
            self.log.take(data[:begin])
            if self.log.plain:
                self.log.take_long(data[at : min(at + BLOCK, end)] for at in range(begin, end, BLOCK))
                begin = end
            data = data[begin:]
        if data:
            self.log.take(data)
