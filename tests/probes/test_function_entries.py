"""A function that a platform looks for under a name that its file lacks is told of; what may be exported otherwise is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.function_entries import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
SAM = "Resources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      Handler: %s\n"
CODE = "export const handler = async (event) => event;\n"
GOOGLE = 'resource "google_cloudfunctions2_function" "a" {\n  build_config {\n    entry_point = "%s"\n  }\n}\n'
REGISTERED = "import functions_framework\n\n@functions_framework.cloud_event\ndef make_thumb(event):\n    print(event)\n"


def places(folder: Path, files: dict[str, str]) -> list[str]:
    return [str(each.where) for each in look(folder, files) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("handler", "path", "text", "told"),
    [
        ("src/orders.main", "src/orders.js", CODE, ["template.yaml:6"]),
        ("src/orders.handler", "src/orders.js", CODE, []),
        ("orders.main", "functions/orders.py", "def handle(event, context):\n    return event\n", ["template.yaml:6"]),
        ("app.orders.handle", "app/orders.py", "def handle(event, context):\n    return event\n", []),
        ("src/orders.main", "src/orders.js", "export * from './every.js';\n", []),
        ("src/orders.main", "src/orders.js", "module.exports = make();\n", []),
        ("dist/orders.main", "src/orders.js", CODE, []),
    ],
)
def test_a_name_that_its_file_lacks_is_told_where_it_is_asked_for(tmp_path: Path, handler: str, path: str, text: str, told: list[str]) -> None:
    assert places(tmp_path, {"template.yaml": SAM % handler, path: text}) == told


def test_a_function_of_google_cloud_is_known_by_the_name_that_it_is_registered_under(tmp_path: Path) -> None:
    assert places(tmp_path / "other", {"main.tf": GOOGLE % "on_upload", "main.py": REGISTERED}) == ["main.tf:3"]
    assert places(tmp_path / "same", {"main.tf": GOOGLE % "make_thumb", "main.py": REGISTERED}) == []
    assert places(tmp_path / "elsewhere", {"main.tf": GOOGLE % "on_upload" + (GOOGLE % "make_thumb").replace('"a"', '"b"'), "main.py": REGISTERED}) == []


def test_it_is_told_by_a_command_too(tmp_path: Path) -> None:
    assert places(tmp_path, {"deploy.sh": "gcloud functions deploy thumbs --entry-point=onUpload\n", "main.py": REGISTERED}) == ["deploy.sh:1"]
