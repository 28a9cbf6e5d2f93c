"""What a variable is set to names the resource, in whatever language the deployment is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.named_resources import named_by
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("main.tf", "environment {\n  variables = {\n    INBOX = aws_sqs_queue.orders.url\n  }\n}\n", {"orders"}),
        ("main.tf", 'environment = [\n  {\n    name  = "INBOX"\n    value = aws_sqs_queue.orders[0].id\n  },\n]\n', {"orders"}),
        ("main.tf", 'a = [{ name = "INBOX", value = aws_sqs_queue.orders.url }]\nb = [{ name = "INBOX", value = aws_sqs_queue.mails.url }]\n', {"orders", "mails"}),
        ("main.tf", 'INBOX = "orders"\nOTHER = aws_sqs_queue.orders.url\n', set()),
        ("template.yaml", "Variables:\n  INBOX: !Ref Orders\n", {"Orders"}),
        ("template.yaml", "Environment:\n  - Name: INBOX\n    Value: !GetAtt Orders.QueueUrl\n", {"Orders"}),
        ("serverless.yml", "environment:\n  INBOX: { Ref: Orders }\n", {"Orders"}),
        ("stack.ts", 'import "aws-cdk-lib";\nnew Function(this, "F", { environment: { INBOX: this.orders.queueUrl } });\n', {"orders"}),
        ("stack.py", 'import aws_cdk\nfn.add_environment("INBOX", orders.queue_url)\n', {"orders"}),
        ("infra.py", 'import pulumi_aws as aws\nenv = {"INBOX": orders.url}\n', {"orders"}),
        ("main.py", "import os\nINBOX = settings.orders.url\n", set()),
    ],
)
def test_the_resource_is_known_by_its_name(tmp_path: Path, name: str, text: str, told: set[str]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert named_by(Eyes(Target(base=tmp_path, folders=(tmp_path,)), KNOWN), "INBOX") == told
