"""Is it told which services of Cloud Run have no CPU between requests?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.cloud_run import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)

RUN = """\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: t, annotations: {run.googleapis.com/ingress: all}}
spec:
  template:
    metadata:
      annotations:
        autoscaling.knative.dev/maxScale: "1"
    spec:
      containers:
        - {image: "x/t:1", command: ["uvicorn", "a:b"]}
"""


def test_cloud_run_throttles_unless_told_otherwise(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"service.yaml": RUN})) == [
        "serverless.function t cloud-run @service.yaml:7",
        "service.run t a:b @service.yaml:11",
        "server.bound t @service.yaml:11",
        "instances.factor t 1 @service.yaml:11",
        "instances.factor t 1 @service.yaml:8",
    ]
    always = RUN.replace(
        "        autoscaling", '        run.googleapis.com/cpu-throttling: "false"\n        autoscaling'
    )
    assert not any("serverless" in line for line in told(look(tmp_path, {"service.yaml": always})))


ACTION = """\
jobs:
  ship:
    steps:
      - uses: google-github-actions/deploy-cloudrun@v2
        with:
          service: essays
          flags: %s
      - run: echo --no-cpu-throttling
"""
BUILD = "steps:\n- name: gcr.io/google.com/cloudsdktool/cloud-sdk\n  entrypoint: gcloud\n  args:\n  - run\n  - deploy\n  - essays\n  - --image=x\n"


@pytest.mark.parametrize(
    ("name", "text", "at"),
    [
        ("deploy.sh", "set -e\ngcloud run deploy essays \\\n  --source . \\\n  --min-instances 1\n", 2),
        ("deploy.sh", "gcloud beta run deploy --quiet --project shop essays --image x\n", 1),
        (".github/workflows/ship.yml", ACTION % "--min-instances=1", 4),
        ("cloudbuild.yaml", BUILD, 4),
    ],
)
def test_a_command_deploys_a_service_that_is_throttled(tmp_path: Path, name: str, text: str, at: int) -> None:
    assert told(look(tmp_path, {name: text})) == [f"serverless.function essays cloud-run @{name}:{at}"]


@pytest.mark.parametrize(
    "files",
    [
        {"deploy.sh": "gcloud run deploy essays --source . \\\n  --no-cpu-throttling\n"},
        {"deploy.sh": "gcloud run jobs deploy essays --source .\n"},
        {"deploy.sh": "# gcloud run deploy essays --source .\n"},
        {".github/workflows/ship.yml": ACTION % "--no-cpu-throttling"},
        {"cloudbuild.yaml": BUILD + "  - --no-cpu-throttling\n"},
        {"deploy.sh": "gcloud run deploy essays --image x\n", "main.tf": 'resource "google_cloud_run_v2_service" "essays" {}\n'},
    ],
)
def test_nothing_is_said_of_what_keeps_its_cpu(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(look(tmp_path, files)) == []


def test_a_command_says_what_is_started_and_in_how_many_processes(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"deploy.sh": "gcloud run deploy web --image x --command=gunicorn --args=--workers=4,app:app\n"}))
    assert "instances.factor web 4 @deploy.sh:1" in found
