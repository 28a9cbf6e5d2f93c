"""Does render.yaml say its services?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.render import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_services_and_their_numbers_are_read(tmp_path: Path) -> None:
    text = """\
services:
  - type: web
    name: api
    startCommand: gunicorn -w ${WEB_CONCURRENCY:-2} a:b
    numInstances: 3
  - type: worker
    name: jobs
    startCommand: rq worker
  - type: keyvalue
    name: cache
"""
    assert told(look(tmp_path, {"render.yaml": text})) == [
        "service.run api a:b @render.yaml:3",
        "server.trait api sync-workers @render.yaml:4",
        "instances.factor api 2 @render.yaml:4",
        "instances.factor api 3 @render.yaml:5",
        "service.run jobs @render.yaml:7",
        "instances.factor jobs 1 @render.yaml:8",
        "instances.factor jobs 1 @render.yaml:7",
        "service.run cache @render.yaml:10",
    ]


def test_a_group_of_variables_is_given_to_who_takes_it_in(tmp_path: Path) -> None:
    text = """\
services:
  - type: web
    name: shop
    startCommand: gunicorn app:app
    envVars:
      - fromGroup: web
envVarGroups:
  - name: web
    envVars:
      - {key: WEB_CONCURRENCY, value: 4}
"""
    assert "instances.factor shop 4 @render.yaml:10" in told(look(tmp_path, {"render.yaml": text}))
    own = text.replace("      - fromGroup: web\n", "      - fromGroup: web\n      - {key: WEB_CONCURRENCY, value: 1}\n")
    assert "instances.factor shop 1 @render.yaml:7" in told(look(tmp_path, {"render.yaml": own}))
