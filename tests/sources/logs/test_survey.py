"""Are all files read, in any order and any form, and what could not be read said?"""

from __future__ import annotations

import gzip
import io
from pathlib import Path

from callcheck.model.printable import clean
from callcheck.sources.logs import Survey
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
REFUSED = "2025-01-01 00:00:0{} ERROR app run failed: openai.AuthenticationError: Error code: 401 - invalid_api_key\n"


def survey(folder: Path, **files: bytes) -> Survey:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return Survey([folder / name for name in files], None, KNOWN, folder)


def test_files_add_up_in_any_order(tmp_path: Path) -> None:
    one, two = REFUSED.format(1).encode(), REFUSED.format(2).encode() * 2
    first = survey(tmp_path, a=one, b=two).summary
    second = survey(tmp_path, b=two, a=one).summary
    assert len(first.failures.found) == len(second.failures.found) == 3
    assert first.records == second.records == 3


def test_a_packed_log_reads_as_a_plain_one(tmp_path: Path) -> None:
    assert len(survey(tmp_path, a=gzip.compress(REFUSED.format(1).encode())).summary.failures.found) == 1


def test_a_damaged_archive_and_a_binary_are_said_and_the_rest_is_read(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(b"2025-01-01 00:00:00 INFO app %d\n" % n for n in range(6_000)))
    summary = survey(tmp_path, a=packed[:-1000], b=b"\x7fELF\0", c=REFUSED.format(1).encode()).summary
    assert sorted(lost.what for lost in summary.lost) == ["a", "b"]
    assert summary.records > 1000
    assert len(summary.failures.found) == 1


def test_a_missing_file_is_lost_and_nothing_breaks(tmp_path: Path) -> None:
    assert [lost.why for lost in Survey([tmp_path / "none"], None, KNOWN, tmp_path).summary.lost] == ["it is gone"]


def test_standard_input_is_a_log_too(tmp_path: Path) -> None:
    summary = Survey([], io.BytesIO(REFUSED.format(1).encode()), KNOWN, tmp_path).summary
    assert summary.failures.found[0].place.path == "<stdin>"


def test_no_files_no_logs(tmp_path: Path) -> None:
    assert not Survey([], None, KNOWN, tmp_path)
    assert Survey([], None, KNOWN, tmp_path).summary.records == 0


def test_hostile_lines_are_read_without_a_crash(tmp_path: Path) -> None:
    hostile = b"\n".join(
        [
            b"[" * 30_000,
            b"{" * 30_000,
            b'{"a":' * 5_000,
            b"emit " * 8_000,
            b"a=" * 15_000,
            b"Error: " * 5_000,
            b"\x1b[" * 10_000,
            b"-" * 32_000,
            b"at:1 " * 6_000,
            b"\xff" * 9_000,
            b'"GET /' * 5_000,
        ]
    )
    assert survey(tmp_path, a=hostile * 3).summary.lines > 20


def test_of_a_long_line_the_part_is_quoted_that_tells(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    head = "2026-03-09 08:00:00 ERROR job " + "payload " * 200
    log.write_text(f"{head}\x1b]0;x\x07 openai.AuthenticationError: Error code: 401 - no\n")
    (failure,) = Survey([log], None, KNOWN, tmp_path).summary.failures.found
    assert failure.text.startswith("…")
    assert "openai.AuthenticationError: Error code: 401" in failure.text[:240]
    assert "\\x07 openai" in clean(failure.text)
