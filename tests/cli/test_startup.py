"""Does a call import only what it uses?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest


def _imported(stderr: str) -> set[str]:
    return {found[1] for found in re.finditer(r"^import time:\s*\d+ \|\s*\d+ \|\s*(\S+)$", stderr, re.M)}


def test_the_version_is_answered_before_anything_is_imported(callcheck, tmp_path: Path) -> None:
    done = callcheck("--version", cwd=tmp_path, python=("-X", "importtime"))
    assert re.fullmatch(r"callcheck \d+\.\d+\.\d+\S*\n", done.stdout)
    assert not {"typer", "rich", "yaml", "httpx", "re", "pathlib", "dataclasses", "callcheck.model"} & _imported(
        done.stderr
    )


@pytest.mark.parametrize("words", [("--format", "json"), (), ("-q",)])
def test_a_diagnosis_imports_neither_typer_nor_rich_nor_what_looks_at_networks_and_processes(
    callcheck, app: Path, words: tuple[str, ...]
) -> None:
    done = callcheck("diagnose", *words, cwd=app, python=("-X", "importtime"))
    assert done.returncode == 1
    assert not {"typer", "rich", "httpx", "psutil", "socket", "ssl", "asyncio"} & _imported(done.stderr)


def test_help_imports_neither_the_engine_nor_rich(callcheck, tmp_path: Path) -> None:
    done = callcheck("--help", cwd=tmp_path, python=("-X", "importtime"))
    assert done.returncode == 0
    assert not {"callcheck.pipeline", "callcheck.engine", "rich", "yaml", "httpx", "psutil"} & _imported(done.stderr)
