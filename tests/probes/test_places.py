"""Files that a framework or platform does not load are stated, and others are left alone: each place with its two samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import rulebooks
from callcheck.model.knowledge import Framework, Knowledge, Place
from callcheck.model.target import Target
from callcheck.probes import deployed, places
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
PLACES = [(framework, place) for framework in KNOWN.frameworks for place in framework.places]
IDS = [f"{framework.name}-{place.effect}-{number}" for number, (framework, place) in enumerate(PLACES)]


def _said(folder: Path, place: Place, sample: str) -> set[str]:
    for part in sample.split("# file: ")[1:]:
        name, _, text = part.partition("\n")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    eyes = Eyes(Target(base=folder, folders=(folder,)), Knowledge(KNOWN.frameworks))
    probe = deployed.PROBE if place.files else places.PROBE
    return {item.fact.why for item in probe.look(eyes.target, eyes)}


@pytest.mark.parametrize(("framework", "place"), PLACES, ids=IDS)
def test_a_place_finds_its_sample_and_leaves_the_other_alone(tmp_path: Path, framework: Framework, place: Place) -> None:
    assert _said(tmp_path / "broken", place, place.sample) == {place.says}
    assert _said(tmp_path / "right", place, place.not_sample) == set()


def test_every_place_leads_to_a_cause() -> None:
    causes = {rule.cause for rule in rulebooks.load_rules()}
    assert {place.effect for _, place in PLACES} <= causes
    assert all(len(place.says) <= 160 for _, place in PLACES)


def test_the_files_of_a_deployment_have_a_mark_that_wakes_their_probe() -> None:
    asleep = [place.says for _, place in PLACES if place.files and not any(mark in place.sample for mark in deployed.PROBE.marks)]
    assert asleep == []
