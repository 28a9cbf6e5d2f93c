"""Triggers of Knative whose broker or attribute nobody has, and those that get their events."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.knative_triggers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
BROKER = "apiVersion: eventing.knative.dev/v1\nkind: Broker\nmetadata: {name: shop, namespace: shop}\n---\n"
TRIGGER = "apiVersion: eventing.knative.dev/v1\nkind: Trigger\nmetadata: {name: a, namespace: shop}\nspec:\n  broker: %s\n  filter:\n    attributes: {%s}\n"
SENDS = "from cloudevents.http import CloudEvent\ndef paid(order, where):\n    return CloudEvent({'type': 'paid', 'source': %s, 'region': 'north'}, order)\n"


def said(folder: Path, yaml: str, source: str = "'/orders'") -> list[str]:
    return [str(each.where) for each in look(folder, {"a.yaml": yaml, "a.py": SENDS % source}) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("yaml", "place"),
    [
        (BROKER + TRIGGER % ("default", ""), "a.yaml:9"),
        (BROKER + (TRIGGER % ("shop", "")).replace("namespace: shop", "namespace: mail"), "a.yaml:9"),
        (TRIGGER % ("shop", "type: paid, source: /shop"), "a.yaml:7"),
        (TRIGGER % ("shop", "type: paid, region: south"), "a.yaml:7"),
        (TRIGGER % ("shop", "type: paid, tenant: a"), "a.yaml:7"),
    ],
)
def test_a_trigger_that_gets_nothing(tmp_path: Path, yaml: str, place: str) -> None:
    assert said(tmp_path, yaml) == [place]


@pytest.mark.parametrize(
    ("yaml", "source"),
    [
        (BROKER + TRIGGER % ("shop", "type: paid, source: /orders"), "'/orders'"),
        (TRIGGER % ("default", "type: paid"), "'/orders'"),
        (TRIGGER % ("shop", "type: paid, source: /shop"), "where"),
        (TRIGGER % ("shop", "type: dev.knative.sources.ping, source: /shop"), "'/orders'"),
        (TRIGGER % ("shop", "source: /shop"), "'/orders'"),
    ],
)
def test_a_trigger_that_may_get_its_events(tmp_path: Path, yaml: str, source: str) -> None:
    assert said(tmp_path, yaml, source) == []
