"""The formats for other programs: valid for who reads them, and safe whatever stands in names and logs."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcheck.model.evidence import Location
from callcheck.model.noun import replace
from callcheck.report import github, gitlab, junit, markdown, sarif
from callcheck.report.findings import findings

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text())
"""Of OASIS (github.com/oasis-tcs/sarif-spec, sarif-2.1/schema)."""
HOSTILE = ["a\n::error::b", "::add-mask::x", "##[group]x", "%0A::error::", "a,line=7:x", "\x1b[2J", "\u202eevil", "<script>alert(1)</script>", "]]>", "`x`", "```", "|", "\ud800", "\x00", "&amp;", "a\r\n::set-output::"]


def renamed(sample: ModuleType, text: str) -> Any:
    """The report with one text as file name, event, excerpt and title, as a probe would never let it through."""
    one = sample.diagnosed()
    grounds = tuple(replace(item, where=replace(item.where or Location("x", 3), path=text), excerpt=text, label=text) for item in one.grounds)
    return sample.report(replace(one, title=text, grounds=grounds))


def test_sarif_is_valid(sample: ModuleType, expect: Callable[[str, str], None]) -> None:
    text = sarif.render(sample.full(), sample.lines)
    document = json.loads(text)
    jsonschema.Draft4Validator(SCHEMA).validate(document) if "draft-04" in SCHEMA["$schema"] else jsonschema.validate(document, SCHEMA)
    expect(text, "full.sarif")


def test_a_result_has_what_github_uses(sample: ModuleType) -> None:
    run = json.loads(sarif.render(sample.full(), sample.lines))["runs"][0]
    first = run["results"][0]
    place = first["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("src/server.ts", 9)
    assert re.fullmatch(r"[0-9a-f]{1,16}:1", first["partialFingerprints"]["primaryLocationLineHash"])
    steps = [step["location"]["physicalLocation"]["region"]["startLine"] for step in first["codeFlows"][0]["threadFlows"][0]["locations"]]
    assert steps[:3] == [9, 9, 13]
    rule = run["tool"]["driver"]["rules"][first["ruleIndex"]]
    assert rule["id"] == first["ruleId"]
    assert rule["properties"]["precision"] == "medium" and "security-severity" not in rule["properties"]
    assert "after:" in rule["help"]["markdown"]


def test_a_log_line_is_no_place_of_a_result(sample: ModuleType) -> None:
    joined = replace(sample.failing(), others=(sample.listener(),), grounds=(*sample.failing().grounds, sample.listener()))
    first = json.loads(sarif.render(sample.report(joined), sample.lines))["runs"][0]["results"][0]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/server.ts"
    assert "KeyError" in first["message"]["text"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_keep_every_format_in_shape(sample: ModuleType, text: str) -> None:
    report = renamed(sample, text)
    document = json.loads(sarif.render(report, sample.lines))
    jsonschema.Draft4Validator(SCHEMA).validate(document) if "draft-04" in SCHEMA["$schema"] else jsonschema.validate(document, SCHEMA)
    json.loads(gitlab.render(report, sample.lines))
    ElementTree.fromstring(junit.render(report, sample.lines).encode("utf-8", "replace"))
    told = markdown.render(report, sample.lines)
    assert "<script>" not in re.sub(r"(`+)(?:(?!\1).)*\1", "", told, flags=re.S)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_no_text_can_begin_a_command_of_a_runner(name: str, message: str) -> None:
    line = f"::error file={github.escaped(name, in_property=True)},line=1::{github.escaped(message)}"
    assert "\n" not in line and "\r" not in line
    properties, _, rest = line[len("::error ") :].partition("::")
    assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "line"]
    back = rest.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    assert back == message


def test_ten_annotations_are_given_and_the_rest_is_counted(sample: ModuleType) -> None:
    others = tuple(sample.listener(line=number + 1) for number in range(13))
    told = github.render(sample.report(replace(sample.diagnosed(), others=others)), sample.lines).splitlines()
    count = len(findings(sample.report(replace(sample.diagnosed(), others=others)), sample.lines))
    assert [line.split()[0] for line in told] == ["::error"] * 10 + ["::notice"]
    assert f"::{count - 10} further findings" in told[-1]


def test_gitlab_knows_each_issue_by_one_fingerprint(sample: ModuleType) -> None:
    others = tuple(sample.listener(line=number, path="src/other.ts") for number in (3, 4))
    issues = json.loads(gitlab.render(sample.report(replace(sample.diagnosed(), others=others)), sample.lines))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 3
    assert {issue["severity"] for issue in issues} == {"major"}


def test_junit_tells_findings_probes_that_were_kept_out_and_those_without_input(sample: ModuleType) -> None:
    suite = ElementTree.fromstring(junit.render(sample.full(), sample.lines))
    assert (suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("2", "2", "2")
    (kept_out,) = (case for case in suite.iter("testcase") if case.get("name") == "processes")
    assert kept_out.find("error") is not None


def test_markdown(sample: ModuleType, expect: Callable[[str, str], None]) -> None:
    expect(markdown.render(sample.full(), sample.lines), "full.md")


def test_nothing_found_is_said(sample: ModuleType) -> None:
    empty = sample.report()
    assert "Nothing likely was found." in markdown.render(empty, sample.lines)
    assert github.render(empty, sample.lines) == ""
    assert json.loads(gitlab.render(empty, sample.lines)) == []
    document = json.loads(sarif.render(empty, sample.lines))
    assert document["runs"][0]["results"] == []
