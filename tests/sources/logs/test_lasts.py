"""Is a kind of line, or a process, that ends in a long log told as it is in a short one, and at its true last line?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from callcheck.cli.settings import Settings
from callcheck.collect import Options
from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from callcheck.report import json_v1
from callcheck.sources.logs import Survey
from callcheck.sources.logs.reading import Reading
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
LINES = 36_000


def clock(n: int) -> str:
    return f"2026-03-09T{7 + n // 14_400:02d}:{n // 240 % 60:02d}:{n // 4 % 60:02d}.{n % 7}00Z"


def reconnect(n: int, broken: bool) -> list[str]:
    lines = [f"{clock(n)} INFO GET /orders/{n} 200 {n % 9}ms", f"{clock(n)} INFO cache refreshed keys={n % 700}"]
    lines += [f"{clock(n)} WARN mqtt connection lost, reconnecting", f"{clock(n)} INFO mqtt connected again"] if n == 12_000 else []
    return lines + ([f"{clock(n)} INFO meter reading stored meter=m{n % 90}"] if n % 2 == 0 and (n < 12_000 or not broken) else [])


def silent(n: int, broken: bool) -> list[str]:
    who = 1 + n % 3
    lines = [f"worker-{1 + n // 2 % 3}  | {clock(n)} INFO health ok queue={n % 5}"]
    return lines + ([] if broken and who == 2 and n > 12_000 else [f"worker-{who}  | {clock(n)} INFO handled order.paid order=o{n}"])


def told(folder: Path, name: str, lines: list[str], long: int) -> dict[str, Any] | None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    survey = Survey([folder / name], None, KNOWN, folder)
    survey.__dict__["summary"] = Reading([folder / name], None, KNOWN, folder, None, long).summary()
    done = diagnose(Target(folder, ("*.log",), logs=(folder / name,)), Options(survey=survey))
    report = json.loads(json_v1.render(done.report, done.eyes.lines, Settings().min_confidence))
    return next((d for d in report["diagnoses"] if d["cause"] == "listener-removed" and d["confidence"] >= 0.5), None)


@pytest.mark.parametrize("kind", [reconnect, silent])
def test_a_long_log_says_what_a_short_one_says(kind: Callable[[int, bool], list[str]], tmp_path: Path) -> None:
    for broken in (True, False):
        lines = [line for n in range(LINES) for line in kind(n, broken)]
        some = [line for n in range(10_500, 13_500) for line in kind(n, broken)]
        long = told(tmp_path, "long.log", lines, 500_000)
        short = told(tmp_path, "short.log", some, 100_000_000)
        assert (long is not None) == (short is not None) == broken
        if long is not None and short is not None:
            assert long["evidence"][0]["kind"] == short["evidence"][0]["kind"]
            last = max(n for n, line in enumerate(lines, 1) if ("meter reading" in line if kind is reconnect else "worker-2" in line and "handled" in line))
            assert last in [each["line"] for each in long["evidence"]]
