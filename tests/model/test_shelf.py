"""A shelf gives a project the frameworks that it can have to do with, as a row of them would, and opens no others."""

from __future__ import annotations

import pickle

import pytest

from callcheck.model.shelf import Shelf, spine, spines
from callcheck.sources.code.present import present
from tests.tools.shipped import shipped_knowledge

FRAMEWORKS = shipped_knowledge().frameworks


@pytest.mark.parametrize("outside", [frozenset(), frozenset({"events"}), frozenset({"celery.schedules"}), frozenset({"bullmq", "express"}), frozenset({"unheard-of"})])
def test_a_packed_shelf_gives_what_is_present(outside) -> None:
    shelf = pickle.loads(pickle.dumps(Shelf(FRAMEWORKS)))  # noqa: S301
    expected = [each.name for each in FRAMEWORKS if spine(each).present(outside) or (spine(each).strange and "unheard-of" in outside)]
    assert [each.name for each in present(shelf, outside)] == expected
    assert len(shelf._opened) == len(expected) < len(shelf)


def test_a_framework_is_present_by_its_packages_alone() -> None:
    named = {each.name: each for each in FRAMEWORKS}
    assert spine(named["bullmq"]).present({"bullmq"})
    assert not spine(named["bullmq"]).present({"express"})


def test_iterating_opens_all_in_their_order() -> None:
    shelf = pickle.loads(pickle.dumps(Shelf(FRAMEWORKS)))  # noqa: S301
    assert tuple(shelf) == tuple(FRAMEWORKS)
    assert len(spines(shelf)) == len(shelf)
