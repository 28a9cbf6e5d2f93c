"""How long a queue hides what was taken from it is read wherever the queue is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.queue_hiding import hidings
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
QUEUE = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n%s}\n'
MAPPED = 'resource "aws_lambda_event_source_mapping" "jobs" {\n  event_source_arn = aws_sqs_queue.jobs.arn\n}\n'


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("main.tf", QUEUE % "  visibility_timeout_seconds = 60\n", [("jobs", 60, 3)]),
        ("main.tf", QUEUE % "", [("jobs", 30, 1)]),
        ("main.tf", QUEUE % "  visibility_timeout_seconds = var.hidden\n" + 'variable "hidden" {\n  default = 90\n}\n', [("jobs", 90, 6)]),
        ("main.tf", QUEUE % "" + MAPPED, []),
        ("main.tf", (QUEUE % "").replace('"jobs"', '"jobs_dead"'), []),
        ("template.yaml", "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: 45\n", [("Jobs", 45, 5)]),
        ("stack.ts", 'import * as sqs from "aws-cdk-lib/aws-sqs";\nnew sqs.Queue(this, "Jobs", {\n  visibilityTimeout: Duration.minutes(2),\n});\n', [("Jobs", 120, 3)]),
        ("infra.py", 'import pulumi_aws as aws\njobs = aws.sqs.Queue("jobs", visibility_timeout_seconds=hidden())\n', [("jobs", None, 2)]),
    ],
    ids=["of Terraform", "unsaid", "a variable", "of Lambda", "for dead letters", "of a template", "of CDK", "computed"],
)
def test_a_queue_of_the_apps_own_workers_tells_how_long(tmp_path: Path, name: str, text: str, told: list[tuple[str, int | None, int]]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = hidings(Eyes(Target(base=tmp_path, folders=(tmp_path,)), KNOWN))
    assert [(each.queue, each.seconds, each.line) for each in found] == told
