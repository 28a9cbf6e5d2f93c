"""A plain text reads as PyYAML reads it, to the line; any other is left to PyYAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callcheck.model.errors import Malformed
from callcheck.sources.documents.plain_yaml import read_plain
from callcheck.sources.documents.read_yaml import read_yaml

ROOT = Path(__file__).parents[2]
COMPOSE = """# what runs
services:
  api:
    build: .
    command: uvicorn app.main:app --workers 4   # four
    ports: ["8000:8000", '9000', 7]
    deploy: {replicas: 3, mode: "replicated"}
    environment:
    - A=1
    - name: B
      value: "on"
    -   key: x

        off:
  empty: {}
volumes: []
---
kind: List
"""


def _shape(value: Any) -> Any:
    """A document with all its lines, keys in order."""
    if isinstance(value, dict):
        return value.line, [(key, value.lines[key], _shape(held)) for key, held in value.items()]  # type: ignore[attr-defined]
    if isinstance(value, list):
        return value.line, value.lines, [_shape(held) for held in value]  # type: ignore[attr-defined]
    return type(value), value


def _as_pyyaml(text: str) -> None:
    plain = read_plain(text)
    if plain is not None:
        assert [_shape(document) for document in plain] == [_shape(document) for document in read_yaml(text)]


def test_a_compose_file_is_plain() -> None:
    assert read_plain(COMPOSE) is not None
    _as_pyyaml(COMPOSE)


@pytest.mark.parametrize("path", sorted(p.relative_to(ROOT).as_posix() for d in ("rules", "fixtures") for p in (ROOT / d).rglob("*.y*ml")))
def test_every_yaml_of_ours_reads_the_same(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    try:
        read_yaml(text)
    except Malformed:
        assert read_plain(text) is None
    _as_pyyaml(text)


WORDS = ["a", "b: ", "key: ", "k:", "- ", "-", "x", " ", "  ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\n---\n", "# c", " # c", "1", "0x1", "-1", "1.5"]
WORDS += ["true", "~", '"', "'", '"q"', "'s'", "[", "]", ", ", ",", "{", "}", "&a ", "*a", "!t ", "|", ">", "%", "@", "`", "?", "? ", ":", "\\", "é", "\t", "--", "..."]
WORDS += ["<<: ", "http://h:1/", "a b", "$X", "=", "[a, b]", "{a: 1}", "\u2028", "\r", "on", "null", "2020-01-01", "1:30"]


@settings(max_examples=3000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join))
@example("a: [b, ]")
@example("a: {b: 1,}")
@example("- - a")
@example("a:\n- b\n- c\nd: e")
@example("a: b\n c")
@example("---\n---\na: b")
@example("")
def test_whatever_is_taken_for_plain_reads_as_pyyaml_reads_it(text: str) -> None:
    try:
        read_yaml(text)
    except Malformed:
        assert read_plain(text) is None
    _as_pyyaml(text)


@pytest.mark.parametrize("text", ["a: |\n  b", "a: &x 1", "a: *x", "a: !t b", 'a: "\\n"', "a: [[1]]", "a: b\n  c", "? a\n: b", "a: b: c", "<<: {a: 1}", "word"])
def test_what_is_not_plain_is_left_alone(text: str) -> None:
    assert read_plain(text) is None
