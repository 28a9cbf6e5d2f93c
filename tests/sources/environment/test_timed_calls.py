"""Calls of paths are read from timers and scripts, with the method that they are made with."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.environment.timed_calls import timed_calls

JOB = 'resource "google_cloud_scheduler_job" "a" {{\n  http_target {{\n    uri = "{}"\n    {}\n  }}\n}}\n'
CRON = (
    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: a}}\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n"
    "          containers:\n            - {}\n"
)


def _calls(tmp_path, name: str, text: str) -> list[tuple[str, str]]:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    return [(call.method, call.path) for call in timed_calls(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()))]


@pytest.mark.parametrize(
    ("name", "text", "call"),
    [
        ("a.tf", JOB.format("${google_cloud_run_v2_service.api.uri}/jobs", ""), ("POST", "/jobs")),
        ("a.tf", JOB.format("https://api.example.com/jobs", 'http_method = "GET"'), ("GET", "/jobs")),
        ("a.sh", 'gcloud scheduler jobs create http x --uri "$URL/jobs" --http-method get\n', ("GET", "/jobs")),
        ("crontab", "0 6 * * * curl -fsS http://localhost:3000/jobs > /dev/null\n", ("GET", "/jobs")),
        ("a.sh", "curl -d '{}' http://localhost:3000/jobs\n", ("POST", "/jobs")),
        ("a.sh", "curl -XPUT http://localhost:3000/jobs\n", ("PUT", "/jobs")),
        ("a.sh", "curl -G -d a=1 http://localhost:3000/jobs\n", ("GET", "/jobs")),
        ("a.sh", "wget -q -O - --post-data '' http://localhost:3000/jobs\n", ("POST", "/jobs")),
        (".github/workflows/a.yml", 'jobs:\n  a:\n    steps:\n      - run: curl -X POST "${{ vars.URL }}/jobs"\n', ("POST", "/jobs")),
        ("a.yaml", CRON.format('{name: a, image: "curlimages/curl:8", args: ["-X", "POST", "http://api/jobs"]}'), ("POST", "/jobs")),
        ("a.yaml", CRON.format('{name: a, image: alpine, command: [sh, -c, "curl -f http://api/jobs"]}'), ("GET", "/jobs")),
    ],
)
def test_a_call(tmp_path, name: str, text: str, call: tuple[str, str]) -> None:
    assert _calls(tmp_path, name, text) == [call]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sh", "curl -X POST https://hooks.slack.com/services/T/B\n"),
        ("a.sh", "# curl -X POST http://localhost:3000/jobs\n"),
        ("a.tf", JOB.format("https://api.example.com/jobs", "http_method = data.x.y.method")),
        ("a.sh", "apt-get install -y curl wget\n"),
    ],
)
def test_silent(tmp_path, name: str, text: str) -> None:
    assert not _calls(tmp_path, name, text)
