"""Dependencies of sensors, and what their sources call their events."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.argo_events import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

SOURCE = "apiVersion: argoproj.io/v1alpha1\nkind: EventSource\nmetadata:\n  name: github\nspec:\n  service: {ports: [{port: 12000}]}\n  webhook:\n    push: {endpoint: /push}\n"
SENSOR = "apiVersion: argoproj.io/v1alpha1\nkind: Sensor\nmetadata: {name: build}\nspec:\n  dependencies:\n    - name: a\n      eventSourceName: %s\n      eventName: %s\n"


@pytest.mark.parametrize(
    ("source", "event", "expected"),
    [
        ("github", "pushed", ["pushed push @sensor.yaml:8 source.yaml:8"]),
        ("git-hub", "push", ["git-hub github @sensor.yaml:7 source.yaml:4"]),
        ("github", "push", []),
        ("gitlab", "push", []),  # of another repository, for all that is known
        ("github", "{{ .Values.event }}", []),
    ],
)
def test_names_of_sources_and_events(tmp_path: Path, source: str, event: str, expected: list[str]) -> None:
    found = look(tmp_path, {"source.yaml": SOURCE, "sensor.yaml": SENSOR % (source, event)})
    assert [f"{item.fact.event} {item.fact.near} @{item.where} {item.because[0].where}" for item in found] == expected
