"""A trap's own samples are its cure."""

from __future__ import annotations

from callcheck import knowledge
from callcheck.knowledge.cures import cure, load
from callcheck.model.facts.traps import LibraryTrap

KNOWN = load([knowledge.shipped()])


def test_every_trap_says_what_to_write_instead() -> None:
    wordy = [key for key, (before, after) in KNOWN.items() if not before or not after]
    assert KNOWN
    assert not wordy


def test_the_cure_is_the_use_as_it_should_be() -> None:
    (framework, why), (before, after) = next(iter(KNOWN.items()))
    fix = cure(LibraryTrap("late-registration", "strong", why, "f", framework, "python"), KNOWN)
    assert (fix.snippets[0].before, fix.snippets[0].after) == (before, after)
    assert fix.title.lower() in why.lower()


def test_a_trap_of_the_users_own_that_is_not_found_still_has_its_advice() -> None:
    fix = cure(LibraryTrap("late-registration", "strong", "it is deaf; say so first", "f", "own", "python"), KNOWN)
    assert (fix.title, fix.snippets) == ("Say so first", ())
