"""A picture is read that the stream of the table does not carry."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.probes.stream_views import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

SAM = "Resources:\n  Stock:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      StreamSpecification: {StreamViewType: %s}\n"
TERRAFORM = 'resource "aws_dynamodb_table" "stock" {\n  stream_enabled   = true\n  stream_view_type = "%s"\n}\n'
CDK = "new Table(this, 'Stock', { stream: StreamViewType.%s });\n"
PY = "def handler(event, context):\n    for record in event['Records']:\n        before = record['dynamodb']%s\n        print(before)\n"
TAKEN_APART = "export const handler = async ({ Records }) => {\n  for (const record of Records) {\n    const { OldImage, NewImage } = record.dynamodb;\n    if (OldImage) tell(OldImage, NewImage);\n  }\n};\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{each.fact.method} @{each.where}" for each in look(tmp_path, files) if not isinstance(each, Lost)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"template.yaml": SAM % "NEW_IMAGE", "a.py": PY % "['OldImage']"}, "OldImage @a.py:3"),
        ({"main.tf": TERRAFORM % "KEYS_ONLY", "a.py": PY % ".get('NewImage')"}, "NewImage @a.py:3"),
        ({"stack.ts": CDK % "NEW_IMAGE", "handler.mjs": TAKEN_APART}, "OldImage @handler.mjs:3"),
    ],
)
def test_a_picture_is_read_that_is_not_there(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"template.yaml": SAM % "NEW_AND_OLD_IMAGES", "a.py": PY % "['OldImage']"},
        {"main.tf": TERRAFORM % "OLD_IMAGE", "a.py": PY % "['OldImage']"},
        {"main.tf": TERRAFORM % "NEW_IMAGE", "a.mjs": "export const handler = async (e) => tell(e.Records[0].dynamodb.OldImage ?? e.Records[0].dynamodb.NewImage);\n"},
        {"a.tf": TERRAFORM % "NEW_IMAGE", "b.tf": TERRAFORM.replace("stock", "orders") % "OLD_IMAGE", "a.py": PY % "['OldImage']"},
        {"a.py": PY % "['OldImage']"},
    ],
)
def test_it_is_there_or_that_cannot_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
