"""Readers of a stream that begin at its end are told, by whatever name `$` is given; those that know where they were are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.stream_ends import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
PYTHON = "import redis\nr = redis.Redis()\ndef main():\n    {0}\n"
NODE = "import Redis from 'ioredis';\nconst r = new Redis();\nasync function main() {{\n  {0}\n}}\n"


def places(folder: Path, name: str, text: str) -> list[str]:
    return [str(each.where) for each in look(folder, {name: text}) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.py", PYTHON.format("last = '$'\n    while True:\n        for _, rows in r.xread({'a': last}, block=9):\n            last = rows[-1][0]"), 6),
        ("a.py", PYTHON.format("return r.xread(streams={'a': '$'}, block=9)"), 4),
        ("a.py", PYTHON.format("seen = {'a': '$'}\n    while True:\n        for name, rows in r.xread(seen):\n            seen[name] = rows[-1][0]"), 6),
        ("a.js", NODE.format("let last = '$';\n  for (;;) { const a = await r.xread('BLOCK', 9, 'STREAMS', 's', last); last = a[0]; }"), 5),
    ],
    ids=["a variable", "in place", "a table", "ioredis"],
)
def test_a_reader_that_begins_at_the_end_is_told(tmp_path: Path, name: str, text: str, line: int) -> None:
    assert places(tmp_path, name, text) == [f"{name}:{line}"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", PYTHON.format("last = r.get('last') or '$'\n    r.xread({'a': last})")),
        ("a.py", PYTHON.format("last = '$'\n    if r.exists('last'):\n        last = r.get('last')\n    r.xread({'a': last})")),
        ("a.py", PYTHON.format("r.xread({'a': '0-0'})")),
        ("a.py", PYTHON.format("r.xadd('asked', {'a': 1})\n    r.xread({'answers': '$'}, block=9)")),
        ("a.py", PYTHON.format("r.xreadgroup('g', 'c', {'a': '>'})")),
        ("a.js", NODE.format("const last = (await r.get('last')) ?? '0';\n  await r.xread('BLOCK', 9, 'STREAMS', 's', last);")),
    ],
    ids=["kept or the end", "kept", "from the beginning", "asks and waits", "a group", "kept in Node"],
)
def test_one_that_knows_where_it_was_is_left_alone(tmp_path: Path, name: str, text: str) -> None:
    assert places(tmp_path, name, text) == []
