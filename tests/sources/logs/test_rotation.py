"""Are the files of a rotated log put in order, read as one, and a copy of one of them only once?"""

from __future__ import annotations

import bz2
import gzip
import itertools
import random
from pathlib import Path
from typing import Any

import pytest

from callcheck.model.period import ALWAYS, Period
from callcheck.sources.logs import Survey, pools
from callcheck.sources.logs.follow import Follow
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.rotation import links, mark, without_copies
from callcheck.sources.logs.summary import Summary
from tests.sources.logs.test_long import log as long_log
from tests.sources.logs.test_period import entries, log
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
ORDERS = [
    ["app.log.10", "app.log.9", "app.log.2.gz", "app.log.1", "app.log"],
    ["app.log-20261119.zst", "app.log-20261120-1795132800", "app.log-20261121.gz", "app.log"],
    ["app-2026-11-19.log.gz", "app-2026-11-20.log", "app-2026-11-20.log.1", "app-2026-11-20.log.2", "app-2026-11-21.log"],
    ["app.2026-11-09.log", "app.2026-11-10.0.log", "app.2026-11-10.1.log", "app.log"],
    ["out__2026-11-09_00-00-00.log", "out__2026-11-10_00-00-00.log", "out.log"],
    ["app.log.2026-11-20_09", "app.log.2026-11-20_10", "app.log.2026-11-20_11.gz", "app.log"],
    ["file.2026-11-20_09-00-00_123456.log", "file.2026-11-20_09-00-00_223456.log", "file.log"],
    ["0.log.20261120-130000.gz", "0.log.20261120-140000", "0.log"],
    ["journal-20261119.export", "journal-20261120.export", "journal.export"],
]


@pytest.mark.parametrize("names", ORDERS, ids=lambda names: str(names[0]))
def test_names_put_the_oldest_first(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("no time\n")
    shuffled = sorted(names, key=lambda name: random.Random(name).random())
    found = links([tmp_path / name for name in shuffled], tmp_path)
    assert sorted(found, key=lambda name: found[name].rank) == names
    assert len({link.log for link in found.values()}) == 1
    assert [found[name].newer for name in names] == [*(tmp_path / name for name in names[1:]), None]


@pytest.mark.parametrize("names", [["web-1.log", "web-2.log"], ["a/app.log", "b/app.log.1"], ["api-out-0.log", "api-error-0.log"], ["v1.2.log", "v1.3.log"], ["app.log", "app.log.old"]])
def test_instances_and_other_logs_are_no_rotation(tmp_path: Path, names: list[str]) -> None:
    assert links([tmp_path / name for name in names], tmp_path) == {}
    assert len({mark(name)[0] for name in names}) == 2


def test_times_decide_where_numbers_rise_with_time(tmp_path: Path) -> None:
    for day, name in enumerate(["app.log.1", "app.log.2", "app.log.3"], 10):
        (tmp_path / name).write_text(f'{{"level":30,"time":17800{day}000000,"msg":"up"}}\n')
    found = links([tmp_path / f"app.log.{n}" for n in (3, 1, 2)], tmp_path)
    assert [found[f"app.log.{n}"].rank for n in (1, 2, 3)] == [0, 1, 2]


def said(summary: Summary, files: list[tuple[str, int]]) -> Any:
    """What was found, the lines counted over all files, which are given oldest first with their numbers of lines."""
    from callcheck.sources.logs.places import numbered

    before = dict(zip((name for name, _ in files), itertools.accumulate((count for _, count in files), initial=0), strict=False))
    at = [numbered(f.place) for f in summary.failures.found]
    return sorted((before[p.path] + p.line, f.kind, f.text) for p, f in zip(at, summary.failures.found, strict=True))


def cut(folder: Path, data: bytes, cuts: list[int], asked: Period = ALWAYS, pack: Any = gzip.compress) -> tuple[Summary, Any]:
    """A log cut into rotated files at the ends of these lines, and read; with what it says."""
    lines = data.split(b"\n")[:-1]
    bounds = [0, *cuts, len(lines)]
    files, paths = [], []
    for number, (begin, end) in enumerate(itertools.pairwise(bounds)):
        age = len(bounds) - 2 - number
        name = f"app.log.{age}.gz" if age > 1 else "app.log.1" if age else "app.log"
        part = b"".join(line + b"\n" for line in lines[begin:end])
        (folder / name).write_bytes(pack(part) if age > 1 else part)
        files.append((name, end - begin))
        paths.append(folder / name)
    summary = Survey(sorted(paths), None, KNOWN, folder, asked).summary
    return summary, said(summary, files)


@pytest.mark.parametrize("seed", range(4))
def test_entries_that_rotation_cut_are_joined(tmp_path: Path, seed: int) -> None:
    data = log(entries(900, 12))
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "app.log").write_bytes(data)
    whole = Survey([tmp_path / "whole" / "app.log"], None, KNOWN, tmp_path / "whole").summary
    expected = said(whole, [("app.log", 0)])
    dice = random.Random(seed)
    lines = data.split(b"\n")
    tracebacks = [n for n, line in enumerate(lines) if line.startswith(b"Traceback")]
    # In the midst of tracebacks: before the first line of it, after it, and before its last one.
    cuts = sorted(n + dice.randrange(3) for n in dice.sample(tracebacks, 5))
    summary, found = cut(tmp_path, data, cuts)
    assert found == expected
    assert summary.records == whole.records
    assert summary.lines == whole.lines
    joined = {view.text for view in summary.failures.found}
    assert joined == {view.text for view in whole.failures.found}


def test_a_long_file_is_joined_to_its_neighbours_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether an error is the handler's own is told by the last line of its traceback, which stands in the next file."""
    monkeypatch.setattr(pools, "_WORTH", 1 << 40)
    data = long_log(6_000, 100)
    lines = data.split(b"\n")
    (first, second) = [n for n, line in enumerate(lines) if line.startswith(b"Traceback")][8:14:5]
    (tmp_path / "app.log.2.bz2").write_bytes(bz2.compress(b"\n".join(lines[: first + 2]) + b"\n"))
    (tmp_path / "app.log.1").write_bytes(b"\n".join(lines[first + 2 : second + 1]) + b"\n")
    (tmp_path / "app.log").write_bytes(b"\n".join(lines[second + 1 :]))
    (tmp_path / "one.log").write_bytes(data)
    for long in (50_000, 8_000_000):
        paths = [tmp_path / name for name in ("app.log", "app.log.1", "app.log.2.bz2")]
        summary = Reading(paths, None, KNOWN, tmp_path, long=long).summary()
        whole = Reading([tmp_path / "one.log"], None, KNOWN, tmp_path, long=long).summary()
        assert {key: told.count for key, told in summary.signals.handlers.items()} == {key: told.count for key, told in whole.signals.handlers.items()}
        assert len(summary.failures.found) == len(whole.failures.found)


def test_order_holds_over_files_where_times_are_missing_or_tie(tmp_path: Path) -> None:
    """The attempt in the older file was made good in the newer one, within the same second."""
    (tmp_path / "app.log.1").write_text("WARNING app job 77f0aa11 failed: openai.RateLimitError: Error code: 429, retry 1 of 3\n")
    (tmp_path / "app.log").write_text("INFO app job 77f0aa11 completed\n")
    for names in (("app.log", "app.log.1"), ("app.log.1", "app.log")):
        summary = Survey([tmp_path / name for name in names], None, KNOWN, tmp_path).summary
        (failure,) = summary.failures.found
        assert failure.place.path == "app.log.1"
        assert summary.failures.cured(failure)
    (tmp_path / "app.log.1").rename(tmp_path / "other.log")
    summary = Survey([tmp_path / "app.log", tmp_path / "other.log"], None, KNOWN, tmp_path).summary
    (failure,) = summary.failures.found
    assert not summary.failures.cured(failure)


def test_a_packed_copy_and_a_link_are_read_once_and_that_is_said(tmp_path: Path) -> None:
    data = log(entries(200))
    (tmp_path / "app.log.1").write_bytes(data)
    (tmp_path / "app.log.1.gz").write_bytes(gzip.compress(data[:3000]) + gzip.compress(data[3000:]))
    (tmp_path / "app.log").write_bytes(log(entries(100)))
    (tmp_path / "current.log").symlink_to("app.log")
    files = [tmp_path / name for name in ("app.log", "app.log.1", "app.log.1.gz", "current.log")]
    once, copies = without_copies(files)
    assert once == files[:2]
    assert copies == {files[2]: files[1], files[3]: files[0]}
    summary = Survey(files, None, KNOWN, tmp_path).summary
    assert summary.files == ["app.log", "app.log.1"]
    assert {lost.what: lost.why for lost in summary.lost} == {
        "app.log.1.gz": "holds the same as app.log.1, and was read once",
        "current.log": "holds the same as app.log, and was read once",
    }
    # One byte more, and it is no copy.
    (tmp_path / "app.log.1.gz").write_bytes(gzip.compress(data + b"\n"))
    assert without_copies(files)[0] == files[:3]


def test_a_followed_log_is_joined_to_what_was_rotated_before(tmp_path: Path) -> None:
    data = log(entries(400, 12))
    lines = data.split(b"\n")
    at = [n for n, line in enumerate(lines) if line.startswith(b"Traceback")][4] + 1
    (tmp_path / "app.log.1").write_bytes(b"\n".join(lines[:at]) + b"\n")
    (tmp_path / "app.log").write_bytes(b"\n".join(lines[at:]))
    files = [tmp_path / "app.log", tmp_path / "app.log.1"]
    held = Follow(Survey(files, None, KNOWN, tmp_path))
    held.poll()
    held.end()
    assert held.survey().summary == Survey(files, None, KNOWN, tmp_path).summary
