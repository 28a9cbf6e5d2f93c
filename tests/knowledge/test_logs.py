"""Are the known log formats and signatures well formed, and do they fit their own samples?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.knowledge import logs
from callcheck.model.errors import RuleError
from tests.tools.shipped import shipped_logs


def test_every_format_and_signature_fits_its_samples_and_no_other() -> None:
    assert list(logs.problems(shipped_logs())) == []


@pytest.mark.parametrize(
    ("folder", "text", "says"),
    [
        ("signatures", "name: x\nsignatures: [{signal: a, contains: []}]", "contains"),
        ("signatures", "name: x\nsignatures: [{signal: upstream, contains: [a], class: odd}]", "class"),
        ("signatures", "name: x\nsignatures: [{signal: a, contains: [a], pattern: '('}]", "regular expression"),
        ("signatures", "name: x\nsignatures: [{signal: a, contains: [a], pattern: '(a+)+'}]", "nested"),
        ("signatures", "name: x\nsignatures: [{signal: a, contians: [a]}]", "contians"),
        ("formats", "name: x\nformats: [{name: y, layer: outer, pattern: a}]", "layer"),
        ("formats", "name: x\nformats: [{name: y, layer: inner}]", "pattern"),
        ("formats", "- 1", "mapping"),
        ("formats", "name: [", "x.yaml"),
    ],
)
def test_a_broken_file_is_a_rule_error_that_says_what_is_wrong(
    tmp_path: Path, folder: str, text: str, says: str
) -> None:
    path = tmp_path / "logs" / folder / "x.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(RuleError, match=says):
        logs.load([tmp_path])


def test_a_later_folder_replaces_a_file_of_the_same_name(tmp_path: Path) -> None:
    for number, name in enumerate(("one", "two")):
        path = tmp_path / name / "logs" / "signatures" / "x.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(f"name: x\nsignatures: [{{signal: s{number}, contains: [a], sample: a}}]")
    known = logs.load([tmp_path / "one", tmp_path / "two"])
    assert [s.signal for s in known.signatures] == ["s1"]
