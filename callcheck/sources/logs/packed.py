"""How is a log unpacked, piece by piece, so that a damaged archive still gives what stands before the damage?

Seen: gzip (1f 8b), zstd (28 b5 2f fd), bzip2 (BZh) and xz (fd 37 7a 58 5a 00), of one or several members each.
"""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
from types import TracebackType
from typing import Any, BinaryIO

from callcheck.model.errors import SourceError
from callcheck.sources.logs.gauge import GAUGE

_PIECE = 1 << 18


def unpacker(head: bytes) -> Callable[[], Any] | None:
    """What makes an unpacker for data that begins so; None if it is not packed. Raises SourceError if we lack the means."""
    if head[:2] == b"\x1f\x8b":
        return _gzip()
    if head[:4] == b"\x28\xb5\x2f\xfd":
        return _zstd()
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return bz2.BZ2Decompressor
    if head[:6] == b"\xfd7zXZ\0":
        return lzma.LZMADecompressor
    return None


def _gzip() -> Callable[[], Any]:
    try:
        # Three times as fast as zlib, and the same interface.
        from isal import isal_zlib

        return lambda: isal_zlib.decompressobj(31)
    except ImportError:
        return lambda: zlib.decompressobj(31)


def _zstd() -> Callable[[], Any]:
    try:
        from compression.zstd import ZstdDecompressor  # type: ignore[import-not-found]  # Python 3.14

        return lambda: ZstdDecompressor()
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError:
        raise SourceError(
            "packed with zstd, which this Python cannot unpack", "pip install zstandard, or unpack it with `zstd -d`"
        ) from None
    return lambda: _Little(zstandard.ZstdDecompressor().decompressobj(write_size=32_768))


def damaged() -> tuple[type[Exception], ...]:
    """What the libraries that are in use raise for a damaged archive."""
    found: list[type[Exception]] = [EOFError, OSError, zlib.error, lzma.LZMAError, ValueError]
    for name in ("isal.isal_zlib", "zstandard", "compression.zstd"):
        # Only a library that unpacks something is loaded, and only then can it complain.
        module = sys.modules.get(name)
        found += [getattr(module, kind) for kind in ("error", "ZstdError") if hasattr(module, kind)]
    return tuple(found)


class _Little:
    """An unpacker that knows no limit, fed so little at a time that even a bomb gives no more than 64 MB at once."""

    _LITTLE = 2048

    def __init__(self, unpack: Any) -> None:
        self._unpack = unpack
        self._held = b""
        self._at = 0

    @property
    def eof(self) -> bool:
        return bool(self._unpack.eof)

    @property
    def needs_input(self) -> bool:
        return self._at >= len(self._held)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._unpack.unused_data) + self._held[self._at :]

    def decompress(self, data: bytes, size: int) -> bytes:
        """The next piece, of about `size` bytes."""
        if data:
            self._held, self._at = self._held[self._at :] + data, 0
        parts: list[bytes] = []
        while size > 0 and self._at < len(self._held) and not self._unpack.eof:
            piece = self._held[self._at : self._at + self._LITTLE]
            self._at += len(piece)
            parts.append(self._unpack.decompress(piece))
            size -= len(parts[-1])
        return b"".join(parts)


class Unpacked:
    """The unpacked bytes as a stream; members after the first one follow it."""

    def __init__(self, stream: BinaryIO, make: Callable[[], Any]) -> None:
        self._stream = stream
        self._make = make
        self._unpack = make()
        self._held = b""
        self._started = False

    def read(self, size: int) -> bytes:
        """About `size` bytes at most. Raises EOFError, or what the library raises, once what could be unpacked was given."""
        while True:
            if self._unpack.eof:
                rest = self._unpack.unused_data or self._stream.read(_PIECE)
                if not rest.lstrip(b"\0"):
                    return b""
                self._unpack, self._held, self._started = self._make(), rest, False
            data = self._held or getattr(self._unpack, "unconsumed_tail", b"")
            self._held = b""
            if not data and getattr(self._unpack, "needs_input", True):
                data = self._stream.read(_PIECE)
                GAUGE.add(len(data))
                if not data:
                    if not self._started:
                        return b""
                    raise EOFError("it ends too early")
            self._started = True
            unpacked: bytes = self._unpack.decompress(data, size)
            if unpacked:
                return unpacked

    def close(self) -> None:
        """Close the packed file."""
        self._stream.close()

    def __enter__(self) -> Unpacked:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
