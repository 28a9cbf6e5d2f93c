"""No search for a pattern of ours, or of a user's rules, goes on without end.

What may be endless is found out from the patterns alone (`model.endless`); what is suspected is tried on the worst of texts, in a process with a limit.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from callcheck.knowledge import frameworks
from callcheck.knowledge import patterns as written
from callcheck.knowledge.logs import own_boundaries
from callcheck.model.endless import endless
from callcheck.model.errors import RuleError
from tests.tools.patterns import hanging, of_modules, of_rules, unique

REMOVED = r"(?m)^class (\w+)\([\w.]*BaseModel\):\s*\n(?:[ \t]+[^\n]*\n)*?[ \t]+(?:From|Body)\s*:[\s\S]*\bdef \w+\([^)]*:\s*\1\s*[,)]"
"""The trap that searched a project for ever."""


@pytest.mark.skipif(sys.platform == "win32", reason="a search is ended by a limit of its process")
def test_no_pattern_of_ours_searches_without_end() -> None:
    suspects, searches = [], []
    for each in unique([*of_rules(), *of_modules()]):
        for text, flags in each.searched():
            found = endless(text, flags, anchored=each.anchored)
            if found is not None:
                suspects.append((each.origin, each.name, text, found.shown))
                searches.append((rf"\A(?:{text})" if each.anchored and not text.startswith("(?") else text, flags, (found.text, f"{found.text}\n(\n")))
    assert [suspects[number] for number in hanging(searches)] == []


@pytest.mark.parametrize(
    "pattern",
    [REMOVED, r"(a+)+b", r"(?:a|aa)*b", r"(\s*\w+)*x", r"\w+\s*\w+x", r"^\s*a?\s*b?\s*c", r"(?s)(\w+) = .*\w+\.on\(.*\1", r"x[^\n]{0,6000}y?[^\n]{0,6000}z"],
)
def test_a_pattern_that_searches_without_end_is_found(pattern: str) -> None:
    assert endless(pattern, re.MULTILINE) is not None


def test_the_worst_text_of_the_trap_that_was_removed_is_one() -> None:
    found = endless(REMOVED)
    assert found is not None
    assert list(hanging([(REMOVED, 0, (found.text,)), (r"a+b", 0, ("a" * 100,))], limit_s=1)) == [0]


@pytest.mark.parametrize(
    "pattern",
    [r"\b\w+\s*\(", r"(\w+)\.on", r"foo(?:\s*,\s*\w+)*\s*\)", r"(?:[ \t][^\n]*\n)*?[ \t]*x", r"\w{1,60}\.on\([^\n]{0,300}x", r"(?:[^\"\\]|\\.)*\"", r"(?<![\w.])\w+\s*=\s*\w+", r"\s*(?:,\s*)?(?:;\s*)?x", r"a[^\n]*"],
)
def test_one_that_comes_to_its_end_is_not(pattern: str) -> None:
    assert endless(pattern, re.MULTILINE) is None


def test_a_trap_of_a_user_that_searches_without_end_is_named(tmp_path: Path) -> None:
    (tmp_path / "frameworks").mkdir()
    (tmp_path / "traps").mkdir()
    (tmp_path / "frameworks" / "own.yaml").write_text("name: own\npackages: [own]\n", encoding="utf-8")
    trap = "framework: own\ntraps:\n  - {effect: missing-subscription, calls: [own.hear], says: so, where: {file: '(?:[ \\t]+[^\\n]*\\n)*x'}}\n"
    (tmp_path / "traps" / "own.yaml").write_text(trap, encoding="utf-8")
    with pytest.raises(RuleError, match=r"trap: missing-subscription: file: .* can search without end"):
        written.check(written.of_frameworks(frameworks.load([tmp_path])))


def test_a_marker_of_a_user_that_searches_without_end_is_named() -> None:
    with pytest.raises(RuleError, match="can search without end"):
        own_boundaries([("emitted", r"(?:\w+\s?)*done")], Path("stages"))
