"""Which physical lines does a log hold, whatever it is wrapped in?"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from callcheck.model.errors import Malformed, NotFound, NotPermitted, SourceError

LONGEST = 32_768
"""Bytes of one line that are kept; nobody reads further, and patterns stay fast."""
CHUNK = 1 << 20

Line = tuple[int, str]
"""A line's number, from 1, and its text without the line end."""


def open_log(path: Path) -> BinaryIO:
    """The file's bytes, unpacked. Raises NotFound, NotPermitted, SourceError."""
    try:
        stream: BinaryIO = path.open("rb")
        if stream.peek(2)[:2] == b"\x1f\x8b":  # type: ignore[attr-defined]
            return _Gunzip(stream)  # type: ignore[return-value]
    except FileNotFoundError as error:
        raise NotFound("it is gone") from error
    except PermissionError as error:
        raise NotPermitted("no permission to read it") from error
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read") from error
    return stream


class _Gunzip:
    """Unpacks piece by piece, so that a damaged archive still gives what stands before the damage; `gzip.GzipFile` drops that."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._unpack = zlib.decompressobj(31)
        self._held = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes. Raises EOFError or zlib.error once what could be unpacked was given."""
        while True:
            if self._unpack.eof:
                rest = self._unpack.unused_data or self._stream.read(65_536)
                if not rest.lstrip(b"\0"):
                    return b""
                self._unpack, self._held = zlib.decompressobj(31), rest
            data = self._held or self._unpack.unconsumed_tail or self._stream.read(65_536)
            self._held = b""
            if not data:
                raise EOFError("it ends too early")
            unpacked = self._unpack.decompress(data, size)
            if unpacked:
                return unpacked

    def __enter__(self) -> _Gunzip:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()


def lines(stream: BinaryIO) -> Iterator[Line]:
    """Every line, decoded as UTF-8 (or UTF-16 with its mark), a long one cut.

    Raises Malformed for binary input, and for a broken archive after all lines that could be unpacked were given.
    """
    encoding = ""
    number = 0
    rest = b""
    too_long = False
    broken = ""
    while True:
        try:
            chunk = stream.read(CHUNK)
        except (EOFError, OSError, zlib.error) as error:
            broken = f"the archive is damaged after line {number:,}: {error}"
            chunk = b""
        if not encoding:
            encoding = _encoding(chunk)
        parts = (rest + chunk).split(_END[encoding]) if chunk else [rest]
        rest = parts.pop() if chunk else b""
        for part in parts:
            if not chunk and not part:
                break
            number += 1
            if not too_long:
                yield number, part[: _limit(part)].decode(encoding, "replace").rstrip("\r")
            too_long = False
        if len(rest) > _limit(rest):
            if not too_long:
                number += 1
                yield number, rest[: _limit(rest)].decode(encoding, "replace")
                number -= 1
            too_long, rest = True, b""
        if not chunk:
            break
    if broken:
        raise Malformed(broken)


def _limit(line: bytes) -> int:
    """An OpenTelemetry batch is one long line of many entries, and no pattern ever sees it whole."""
    return CHUNK if line.startswith(_BATCHES) else LONGEST


_BATCHES = (b'{"resourceSpans"', b'{"resourceLogs"')
_END = {"utf-8-sig": b"\n", "utf-8": b"\n", "utf-16-le": b"\n\0", "utf-16-be": b"\0\n"}


def _encoding(chunk: bytes) -> str:
    if chunk[:2] == b"\xff\xfe":
        return "utf-16-le"
    if chunk[:2] == b"\xfe\xff":
        return "utf-16-be"
    if b"\0" in chunk[:8192]:
        raise Malformed("binary, not a log")
    return "utf-8-sig" if chunk[:3] == b"\xef\xbb\xbf" else "utf-8"
