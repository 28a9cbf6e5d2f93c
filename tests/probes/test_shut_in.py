"""A function that calls out of a network without a way is told where it is attached; not one that stays within, or goes by an endpoint."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.shut_in import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

NET = 'resource "aws_vpc" "v" {}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.v.id\n}\nresource "aws_lambda_function" "f" {\n  handler = "app.handler"\n  vpc_config {\n    subnet_ids = [aws_subnet.s.id]\n  }\n}\n'
ENDPOINT = 'resource "aws_vpc_endpoint" "e" {\n  service_name = "com.amazonaws.eu-west-1.%s"\n}\n'
MODEL = "from openai import OpenAI\nc = OpenAI()\ndef handler(event, context):\n    c.chat.completions.create(model='m')\n"
QUEUE = "import boto3\nsqs = boto3.client('sqs')\ndef handler(event, context):\n    sqs.send_message(QueueUrl='q', MessageBody='b')\n"


def told(folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    return [(str(each.where), str(each.because[0].where)) for each in look(folder, files) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": NET, "app.py": MODEL},
        {"main.tf": NET, "app.py": QUEUE},
        {"main.tf": NET + ENDPOINT % "sns", "app.py": QUEUE},
    ],
)
def test_calls_hang_that_leave_the_network(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(tmp_path, files) == [("main.tf:8", "app.py:4")]


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": NET + ENDPOINT % "sqs", "app.py": QUEUE},
        {"main.tf": NET + "resource \"aws_ecs_task_definition\" \"t\" {\n  container_definitions = jsonencode([{ name = \"a\", environment = [{ name = \"HTTPS_PROXY\", value = \"http://p\" }] }])\n}\n", "app.py": MODEL},
        {"main.tf": NET, "app.py": "def handler(event, context):\n    return 1\n", "other.py": MODEL.replace("handler", "main")},
    ],
)
def test_they_get_there_otherwise_or_are_not_made(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(tmp_path, files) == []
