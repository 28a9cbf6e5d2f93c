"""How does a log begin, without losing its beginning for whoever reads it then?"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from callcheck.model.errors import Malformed
from callcheck.sources.logs.blocks import BLOCK
from callcheck.sources.logs.lines import LONGEST, encoding_of
from callcheck.sources.logs.packed import damaged

_PIECE = 1 << 17
"""Small enough that the memory for it is there already."""


class Held:
    """A stream of which the beginning was read ahead, as UTF-8."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        """Read ahead `size` bytes. Raises Malformed for an archive that is damaged before its first byte."""
        self._error: Exception | None = None
        try:
            first = stream.read(BLOCK)
            # Of a log that was cut off while its writer kept its place megabytes of zeros may stand before the first line.
            self.zeros = first[:1] == b"\0"
            while first[:1] == b"\0":
                first = first.lstrip(b"\0") or stream.read(BLOCK)
        except damaged() as error:
            raise Malformed(f"the archive is damaged before its first line: {error}") from error
        coding = encoding_of(first)
        self.plain = coding == "utf-8"
        stream_ = _Recoded(stream, first, coding) if not self.plain else stream
        self.head = bytearray(first) if self.plain else bytearray()
        self.more = True
        try:
            while len(self.head) <= size and self.more:
                piece = stream_.read(BLOCK)
                self.more = bool(piece)
                self.head += piece
        except damaged() as error:
            self._error, self.more = error, False
        self._stream = stream_
        self._at = 0

    def lines(self, most: int) -> list[str]:
        """The first whole lines."""
        end = self.head.rfind(b"\n", 0, BLOCK) + 1 if self.more else len(self.head)
        found = bytes(self.head[:end]).split(b"\n", most)[:most]
        bare = (line.lstrip(b"\0") for line in found)
        return [line[:LONGEST].decode("utf-8", "replace").rstrip("\r") for line in bare if line]

    def read(self, size: int) -> bytes:
        """As a stream reads."""
        piece = bytes(self.head[self._at : self._at + size])
        self._at += len(piece)
        if piece:
            return piece
        if self._error:
            raise self._error
        return self._stream.read(size) if self.more else b""

    def pieces(self) -> Iterator[bytes]:
        """What was read ahead and then all the rest."""
        for at in range(0, len(self.head), BLOCK):
            yield bytes(self.head[at : at + BLOCK])
        self.head = bytearray()
        while piece := self._stream.read(_PIECE):
            yield piece


class _Recoded:
    """A UTF-16 log, or one with a mark, as UTF-8."""

    def __init__(self, stream: BinaryIO, first: bytes, coding: str) -> None:
        self._stream = stream
        self._first = first
        self._decoder = codecs.getincrementaldecoder("utf-16" if coding.startswith("utf-16") else coding)("replace")

    def read(self, size: int) -> bytes:
        """About `size` bytes."""
        while True:
            piece, self._first = self._first or self._stream.read(size), b""
            out = self._decoder.decode(piece, not piece).encode("utf-8", "replace")
            if out or not piece:
                return out
