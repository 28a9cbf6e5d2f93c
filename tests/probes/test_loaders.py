"""Patterns and lists by which handlers are loaded, and what they find."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.knowledge import load, shipped
from callcheck.probes.loaders import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE, load([shipped()]))
MAIN = "import { globSync } from 'glob';\nfor (const file of globSync('%s')) await import(file);\n"


@pytest.mark.parametrize("found", ["dist/hooks/*.js", "hooks/**/*.{ts,js}", "src/hooks/*"])
def test_a_pattern_that_finds_the_files_is_no_matter(tmp_path: Path, found: str) -> None:
    assert look(tmp_path, {"src/main.ts": MAIN % found, "src/hooks/paid.ts": "export default () => {};\n"}) == []


def test_a_pattern_that_finds_no_file_is_told(tmp_path: Path) -> None:
    (item,) = look(tmp_path, {"src/main.ts": MAIN % "src/listeners/*.ts", "src/hooks/paid.ts": "export default () => {};\n"})
    assert (item.fact.attributes()["callcheck.receiver.name"], item.where.line) == ("src/listeners/*.ts", 2)


@pytest.mark.parametrize("data", ["starter/**/package.json", "docs/*.mdx", "schema/**/*.graphql"])
def test_a_pattern_of_data_brings_in_no_handlers(tmp_path: Path, data: str) -> None:
    assert look(tmp_path, {"src/main.ts": MAIN % data}) == []
