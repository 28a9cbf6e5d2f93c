"""Which folders of a repository are apps of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.launch.homes import homes

STARTS = '{"scripts": {"build": "tsc", "start": "node a.js"}}'


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"apps/web/package.json": "{}", "apps/web/vercel.json": "{}"}, {"apps/web"}),
        ({"apps/worker/package.json": STARTS}, {"apps/worker"}),
        ({"bot/requirements.txt": "", "bot/Dockerfile": "FROM python"}, {"bot"}),
        ({"packages/lib/package.json": '{"scripts": {"dev": "tsc --watch"}, "start": "x"}'}, set()),
        ({"package.json": STARTS, "Dockerfile": ""}, set()),
        ({"deploy/Dockerfile": ""}, set()),
    ],
)
def test_apps(tmp_path: Path, files: dict[str, str], found: set[str]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert homes(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())) == found
