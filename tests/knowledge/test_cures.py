"""A trap's own samples are its cure."""

from __future__ import annotations

import difflib
import functools
import json
from pathlib import Path

from callcheck import knowledge
from callcheck.knowledge.cures import Samples, cure, load, of_file
from callcheck.knowledge.read_yaml import read_yaml
from callcheck.model.facts.traps import LibraryTrap


@functools.cache
def _known() -> dict[tuple[str, str], Samples]:
    """The two samples of each trap by its framework and what it says."""
    files = sorted((knowledge.shipped() / "traps").glob("*.yaml"))
    frameworks = [read_yaml(path)["framework"] for path in files]
    return {(framework, why): samples for framework, path in zip(frameworks, files, strict=True) for why, samples in of_file(path).items()}


def test_every_trap_says_what_to_write_instead() -> None:
    wordy = [key for key, (before, after) in _known().items() if not before or not after]
    assert _known()
    assert not wordy


def test_the_cure_is_the_use_as_it_should_be() -> None:
    (framework, why), (before, after) = next(iter(_known().items()))
    fix = cure(LibraryTrap("late-registration", "strong", why, "f", framework, "python"), load([knowledge.shipped()], framework))
    assert (fix.snippets[0].before, fix.snippets[0].after) == (before, after)
    assert fix.title.lower() in why.lower()


def test_a_trap_of_the_users_own_that_is_not_found_still_has_its_advice() -> None:
    fix = cure(LibraryTrap("late-registration", "strong", "it is deaf; say so first", "f", "own", "python"), load([knowledge.shipped()], "own"))
    assert (fix.title, fix.snippets) == ("Say so first", ())


STATES = frozenset("nothing it this that the a an without here what by one never and so as only".split())
"""Words with which a statement begins; an advice begins with a verb."""


def test_a_trap_ends_with_an_advice_which_is_the_title_of_its_cure() -> None:
    said = {why: why.rpartition("; ")[2] for _, why in _known()}
    assert [why for why, advice in said.items() if advice == why or advice.split()[0] in STATES] == []


def test_the_counter_sample_of_a_trap_is_its_sample_repaired() -> None:
    assert [key for key, (before, after) in _known().items() if _kept(before, after) < 0.5] == []


def _kept(before: str, after: str) -> float:
    """How much of the shorter text stands in the longer one, in the same order."""
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / min(len(before), len(after))


def test_files_in_which_a_cure_changes_nothing_are_not_shown(tmp_path: Path) -> None:
    sample = "# file: a.py\nx = 1\n# file: b.py\ny = 2\n"
    trap = {"says": "why; set it", "sample": sample, "not_sample": sample.replace("y = 2", "y = 3")}
    (tmp_path / "traps").mkdir()
    (tmp_path / "traps" / "own.yaml").write_text(f"framework: own\ntraps: {json.dumps([trap])}\n")
    assert load([tmp_path], "own") == {"why; set it": ("y = 2", "y = 3")}
