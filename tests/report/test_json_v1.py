"""Does a machine get what `callcheck/1` promises?"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import jsonschema
import pytest

from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Location
from callcheck.report import findings, json_v1
from callcheck.report.findings import Lines


def _fingerprint(diagnosed: Diagnosed, lines: Lines) -> str:
    return next(findings.of(diagnosed, lines)).fingerprint


def _check(document: object) -> None:
    schema = json.loads(json_v1.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)


def test_the_report_fits_its_schema_and_reads_as_expected(
    sample: ModuleType, expect: Callable[[str, str], None]
) -> None:
    text = json_v1.render(sample.full(), sample.lines)
    _check(json.loads(text))
    expect(text, "full.json")


def test_a_report_without_a_diagnosis_fits_too(sample: ModuleType) -> None:
    document = json_v1.document(sample.report(), sample.lines)
    _check(document)
    assert document["diagnoses"] == []


def test_the_schema_refuses_a_confidence_above_one(sample: ModuleType) -> None:
    document = json_v1.document(sample.full(), sample.lines)
    document["diagnoses"][0]["confidence"] = 1.5
    with pytest.raises(jsonschema.ValidationError):
        _check(document)


def test_the_fingerprint_outlives_moved_lines_and_not_changed_ones(sample: ModuleType) -> None:
    first = _fingerprint(sample.diagnosed(), sample.lines)
    moved = replace(sample.diagnosed(), grounds=(sample.listener(line=19),), supports=())
    unmoved = replace(sample.diagnosed(), grounds=(sample.listener(line=9),), supports=())

    def lower(path: str, start: int, end: int) -> list[str]:
        return sample.lines(path, start - 10, end - 10)

    assert _fingerprint(moved, lower) == _fingerprint(unmoved, sample.lines) == first
    assert _fingerprint(moved, lambda *_: ["bus.on('other', f)"]) != first


def test_what_was_not_looked_at_stands_apart_with_its_reason(sample: ModuleType) -> None:
    document = json_v1.document(sample.full(), sample.lines)
    assert {look["probe"]: look["why"] for look in document["not_looked"]}["pm2"] == "no ecosystem file"
    assert document["looked"][0]["lost"][0]["what"] == "src/vendor.min.js"


def test_nothing_from_outside_leaves_as_a_raw_control_character(sample: ModuleType) -> None:
    evil = "a\x1b[2J\x9b\u202e\ud800::error::x\n"
    heard = sample.listener(event=evil, path=f"src/{evil}.ts", excerpt=evil)
    poisoned = replace(sample.diagnosed(), title=evil, grounds=(heard,), supports=())
    text = json_v1.render(sample.report(poisoned), lambda *_: [evil])
    assert text.isascii()
    assert not [c for c in text if ord(c) < 32 and c != "\n"]
    _check(json.loads(text))


def test_a_figure_that_json_cannot_hold_becomes_a_word(sample: ModuleType) -> None:
    assert json_v1.plain(float("nan")) == "nan"


def test_a_place_without_a_line_has_no_excerpt(sample: ModuleType) -> None:
    heard = replace(sample.listener(), where=Location("src/server.ts"))
    assert json_v1.excerpt(heard, sample.lines) == ""
