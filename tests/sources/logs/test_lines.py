"""Are lines given whole, in order and bounded, whatever the bytes?"""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from callcheck.model.errors import Malformed, NotFound
from callcheck.sources.logs.lines import CHUNK, LONGEST, lines, open_log


def read(data: bytes) -> list[tuple[int, str]]:
    return list(lines(io.BytesIO(data)))


def test_lines_count_from_one_and_lose_their_ends() -> None:
    assert read(b"a\r\nb\n\nc") == [(1, "a"), (2, "b"), (3, ""), (4, "c")]


def test_an_empty_stream_has_no_lines() -> None:
    assert read(b"") == []


def test_a_byte_order_mark_and_utf16_are_understood() -> None:
    assert read(b"\xef\xbb\xbfa\nb\n")[0] == (1, "a")
    assert [text for _, text in read("ä\nb\n".encode("utf-16"))] == ["\ufeffä", "b"] or [
        t for _, t in read("ä\nb\n".encode("utf-16"))
    ] == ["ä", "b"]


def test_invalid_bytes_are_replaced() -> None:
    assert read(b"a\xffb\n") == [(1, "a\ufffdb")]


def test_a_line_over_a_chunk_is_cut_once_and_the_next_keeps_its_number() -> None:
    found = read(b"x" * (2 * CHUNK + 7) + b"\nnext\n")
    assert [(number, len(text)) for number, text in found] == [(1, LONGEST), (2, 4)]


def test_binary_is_refused() -> None:
    with pytest.raises(Malformed, match="binary"):
        read(b"\x7fELF\0\0")


def test_a_cut_archive_gives_what_can_be_read_and_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress(b"".join(b"line %d\n" % n for n in range(20_000)))[:-3000])
    found = []
    with open_log(path) as stream, pytest.raises(Malformed, match="damaged"):
        for line in lines(stream):
            found.append(line)
    assert found[0] == (1, "line 0")


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_log(tmp_path / "none.log")
