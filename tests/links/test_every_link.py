"""Does a link read what it says, and is it left asleep only where it would state nothing?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import pipeline, registry
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.fact import Fact
from callcheck.model.noun import fields, replace
from callcheck.model.target import Target

ROOT = Path(__file__).parents[2]
FOLDERS = sorted((ROOT / "fixtures").glob("*/*/broken"))


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.parent.name)
def ledger(request: pytest.FixtureRequest) -> Ledger:
    return pipeline.diagnose(Target(request.param, folders=(request.param,))).report.ledger


def test_a_link_states_nothing_without_a_fact_of_each_kind_that_it_needs(ledger: Ledger) -> None:
    for listed in registry.links():
        for kind in listed.needs:
            without = replace(ledger, evidence=[item for item in ledger.evidence if item.fact.kind != kind])
            assert not list(listed.link.join(without)), f"{listed.name} without {kind}"


class Watched(Ledger):
    """A ledger that remembers which kinds were asked for."""

    def of(self, kind: type[Fact] | str) -> list[Evidence]:  # type: ignore[override]
        asked.add(kind if isinstance(kind, str) else kind.kind)
        return [item for item in self.evidence if item.fact.kind == (kind if isinstance(kind, str) else kind.kind)]


asked: set[str] = set()


def test_a_link_asks_for_no_kind_that_it_does_not_say_it_reads(ledger: Ledger) -> None:
    watched = Watched(**{each.name: getattr(ledger, each.name) for each in fields(ledger)})
    for listed in registry.links():
        asked.clear()
        list(listed.link.join(watched))
        assert asked <= listed.reads, listed.name
