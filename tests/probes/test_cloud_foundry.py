"""Does a manifest of Cloud Foundry say its instances?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.cloud_foundry import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)

TEXT = """\
applications:
  - name: shop
    instances: 3
    command: gunicorn app:app
    env: {WEB_CONCURRENCY: 2}
    processes:
      - type: worker
        command: celery -A shop worker -c 4
      - {type: web, instances: 5}
"""


def test_apps_and_their_processes_are_read(tmp_path: Path) -> None:
    assert [line for line in told(look(tmp_path, {"manifest.yml": TEXT})) if line.startswith("instances.")] == [
        "instances.factor shop 2 @manifest.yml:5",
        "instances.factor shop 5 @manifest.yml:9",
        "instances.factor worker 4 @manifest.yml:8",
        "instances.factor worker 1 @manifest.yml:7",
    ]


def test_a_manifest_of_something_else_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"manifest.yml": "name: shop\ninstances: 3\n"}) == []
