"""The programs whose failure a start script drops are told from those whose failure ends the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.launch.dropped import dropped

IMAGE = {"Dockerfile": "FROM x\nENTRYPOINT [\"./start.sh\"]\n"}


def told(folder: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [f"{each.command} -> {each.entry} @{each.file.name}:{each.line}" for each in dropped(Eyes(Target(base=folder, folders=(folder,)), Knowledge()))]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({**IMAGE, "start.sh": "#!/bin/sh\nset -e\npython -m shop.register >/dev/null 2>&1 || true\n"}, "python -m shop.register -> shop.register @start.sh:3"),
        ({**IMAGE, "start.sh": "if true; then node dist/register.js || :; fi\n"}, "node dist/register.js -> dist/register.js @start.sh:1"),
        ({**IMAGE, "start.sh": "A=1 python register.py 2>/dev/null\nexec node a.js\n"}, "python register.py -> register.py @start.sh:1"),
        ({"compose.yaml": "services:\n  a:\n    command: sh -c \"npm run hook || true; node a.js\"\n", "package.json": '{"scripts": {"hook": "node tools/hook.mjs --all"}}'}, "npm run hook -> tools/hook.mjs @compose.yaml:3"),
        ({"a.service": "[Service]\nExecStartPre=-/usr/bin/python3 /srv/a/register.py\nExecStart=/usr/bin/python3 /srv/a/main.py\n"}, "/usr/bin/python3 /srv/a/register.py -> /srv/a/register.py @a.service:2"),
    ],
)
def test_a_failure_is_dropped(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert told(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {**IMAGE, "start.sh": "set -e\npython -m shop.register\nexec node a.js\n"},
        {**IMAGE, "start.sh": "set -e\npython -m shop.register 2>/dev/null\n"},
        {**IMAGE, "start.sh": "python -m shop.register || exit 1\n"},
        {**IMAGE, "start.sh": "# python -m shop.register || true\nmkdir -p /x || true\n"},
        {**IMAGE, "lint.sh": "python -m shop.register || true\n"},
        {"Dockerfile": "FROM x\nRUN python -m shop.register || true\n"},
        {"Dockerfile": "FROM x\nRUN pip install . \\\n    && python -m shop.register || true\nCMD node a.js\n"},
        {"Dockerfile": "FROM x\nCMD node a.js  # to run it\n", "run": "python -m shop.register || true\n"},
        {"Dockerfile": "FROM x\nENTRYPOINT [\"./restart.sh\"]\n", "start.sh": "python -m shop.register || true\n"},
    ],
    ids=["plain", "under set -e", "ends", "a comment", "started by nothing", "while the image is built", "on a further line of that", "a name that is a word", "a name within another"],
)
def test_what_ends_the_start_or_starts_nothing_is_left_alone(tmp_path: Path, files: dict[str, str]) -> None:
    assert not told(tmp_path, files)
