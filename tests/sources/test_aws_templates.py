"""Which templates of AWS are read, and who says that one cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.probe import Probe
from callcheck.model.target import Target
from callcheck.probes import (
    authorizers,
    aws_routes,
    enveloped,
    event_buses,
    event_patterns,
    permissions,
    shared_mappings,
    stream_views,
)
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import templates
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
PROBES = [each.PROBE for each in (authorizers, aws_routes, enveloped, event_buses, event_patterns, permissions, shared_mappings, stream_views)]


def test_all_forms_are_read_but_none_of_examples(tmp_path: Path) -> None:
    for name in ("template.yaml", "serverless.yml", "out/app.template.json", "examples/template.yaml", "values.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"Resources": {}}')
    (tmp_path / "sam.yaml").write_text("- a list\n")
    found = [each for each in templates(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())) if not isinstance(each, Lost)]
    assert sorted(file.name for file, _ in found) == ["out/app.template.json", "serverless.yml", "template.yaml"]
    assert all("Resources" in document for _, document in found)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_each_probe_says_once_which_template_it_could_not_read(tmp_path: Path, probe: Probe) -> None:
    files = {"template.yaml": "Resources: [", "serverless.yml": "functions: {}\n", "a.py": "before = record['OldImage']\n"}
    assert [each.what for each in look_with(probe, KNOWN)(tmp_path, files) if isinstance(each, Lost)] == ["template.yaml"]


@pytest.mark.parametrize("probe", [authorizers.PROBE, aws_routes.PROBE, event_buses.PROBE, event_patterns.PROBE, permissions.PROBE], ids=lambda probe: probe.name)
def test_so_it_is_with_a_file_of_terraform(tmp_path: Path, probe: Probe) -> None:
    assert [each.what for each in look_with(probe, KNOWN)(tmp_path, {"main.tf": "\0"}) if isinstance(each, Lost)] == ["main.tf"]
