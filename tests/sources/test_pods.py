"""Whose pods a selector picks: yes, no, or not to be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.manifests import collect
from callcheck.sources.manifests.pods import picks, whole

UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web%s}\nspec: {template: {metadata: {labels: {app: web, tier: front}}, spec: {containers: []}}}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web%s}\nspec: {selector: %s}\n"


@pytest.mark.parametrize(
    ("selector", "here", "there", "hole", "answer"),
    [
        ("{app: web}", "", "", "", True),
        ("{app: web, tier: front}", ", namespace: a", ", namespace: a", "", True),
        ("{app: web}", ", namespace: a", ", namespace: b", "", False),
        ("{app: web}", ", namespace: a", "", "", None),
        ("{app: shop}", "", "", "", False),
        ("{app: shop}", "", "", "# {{ labels }}\n", None),
    ],
)
def test_labels_and_namespace_decide(tmp_path: Path, selector: str, here: str, there: str, hole: str, answer: bool | None) -> None:
    (tmp_path / "unit.yaml").write_text(UNIT % there + hole)
    (tmp_path / "service.yaml").write_text(SERVICE % (here, selector))
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())
    found = collect(eyes)
    service, unit = found.of("Service")[0], found.of("Deployment")[0]
    assert picks(eyes, service, service.get("spec", "selector"), unit) is answer
    assert whole(eyes, unit) is not bool(hole)
