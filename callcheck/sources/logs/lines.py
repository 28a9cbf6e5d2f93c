"""Which physical lines does a log hold, whatever it is wrapped in?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from callcheck.model.errors import Malformed, NotFound, NotPermitted, SourceError
from callcheck.sources.logs.far import LogFile
from callcheck.sources.logs.packed import Unpacked, damaged, unpacker

LONGEST = 32_768
"""Bytes of one line that are kept; nobody reads further, and patterns stay fast."""
CHUNK = 1 << 20

Line = tuple[int, str]
"""A line's number, from 1, and its text without the line end."""


def open_log(path: LogFile) -> BinaryIO:
    """The file's bytes, unpacked. Raises NotFound, NotPermitted, SourceError."""
    try:
        stream = path.open("rb")
        if stream.seekable():
            head = stream.read(12)
            stream.seek(0)
        else:
            head = stream.peek(12)  # may be short
        make = unpacker(head[:12])
        if make is not None:
            return Unpacked(stream, make)  # type: ignore[return-value]
    except FileNotFoundError as error:
        raise NotFound("it is gone") from error
    except PermissionError as error:
        raise NotPermitted("no permission to read it") from error
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read") from error
    return cast(BinaryIO, stream)


def lines(stream: BinaryIO, cut: Callable[[int], None] = lambda _: None) -> Iterator[Line]:
    """Every line, decoded as UTF-8 (or UTF-16 with its mark), a long one cut; `cut` is told its number. Zeros before a line, which a log has that
    was cut off while its writer kept its place (`copytruncate`), are left out.

    Raises Malformed for binary input, and for a broken archive after all lines that could be unpacked were given.
    """
    encoding = ""
    number = 0
    rest = b""
    too_long = zeros = False
    broken = ""
    while True:
        try:
            chunk = stream.read(CHUNK)
        except damaged() as error:
            broken = f"the archive is damaged after line {number:,}: {error}"
            chunk = b""
        if not encoding:
            encoding = encoding_of(chunk)
            zeros = not chunk.startswith(_CURSOR)
        parts = (rest + chunk).split(_END[encoding]) if chunk else [rest]
        rest = parts.pop() if chunk else b""
        if zeros and b"\0" in chunk and encoding[:5] == "utf-8":
            parts, rest = [part.lstrip(b"\0") for part in parts], rest.lstrip(b"\0")
        for part in parts:
            if not chunk and not part:
                break
            number += 1
            if not too_long:
                limit = _limit(part)
                if len(part) > limit:
                    cut(number)
                yield number, part[:limit].decode(encoding, "replace").rstrip("\r")
            too_long = False
        if len(rest) > _limit(rest):
            if not too_long:
                number += 1
                cut(number)
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


_CURSOR = b"__CURSOR="
"""An export of the journal gives the length of longer values in eight bytes, zeros among them."""
_CONTROL = bytes({*range(1, 32)} - {8, 9, 10, 12, 13, 27})
_BINARY = 0.02
"""Of what is no text, one byte in ten is a control character."""


def encoding_of(chunk: bytes) -> str:
    """That of a log which begins so. Raises Malformed for what is no text."""
    if chunk[:2] == b"\xff\xfe":
        return "utf-16-le"
    if chunk[:2] == b"\xfe\xff":
        return "utf-16-be"
    if chunk.startswith(b"LPKSHHRH"):
        raise Malformed("the journal as systemd keeps it; give what journalctl --file=… -o json writes")
    if b"\0" in chunk[:8192] and not chunk.startswith(_CURSOR):
        head = chunk.lstrip(b"\0")[:8192]
        text = head.translate(None, _CONTROL)
        if len(head) - len(text) > _BINARY * len(head) or text.count(0) > 5 * _BINARY * len(head):
            raise Malformed("binary, not a log")
    return "utf-8-sig" if chunk[:3] == b"\xef\xbb\xbf" else "utf-8"
