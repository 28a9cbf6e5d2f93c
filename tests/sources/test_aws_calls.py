"""The action that a call of AWS needs is known by its client and its method."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.aws_calls import aws_calls
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.py", "import boto3\nsqs = boto3.client('sqs')\ndef f():\n    sqs.send_message(QueueUrl=u)\n", ["sqs:SendMessage"]),
        ("a.js", "import { PublishCommand } from '@aws-sdk/client-sns';\nconst f = () => sns.send(new PublishCommand({}));\n", ["sns:Publish"]),
        ("a.py", "def f():\n    sqs.send_message(QueueUrl=u)\n", []),
        ("scripts/a.py", "import boto3\nsqs = boto3.client('sqs')\ndef f():\n    sqs.send_message(QueueUrl=u)\n", []),
    ],
)
def test_the_action(tmp_path: Path, name: str, text: str, told: list[str]) -> None:
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")
    assert [action for _, action in aws_calls(Eyes(Target(base=tmp_path, folders=(tmp_path,)), KNOWN).code)] == told
