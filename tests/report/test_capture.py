"""An archive is small, the same each time, and holds what a report shows without telling whose system it is."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from callcheck.model.captured import MEMBERS
from callcheck.model.evidence import Ledger, Looked
from callcheck.model.noun import replace
from callcheck.model.pseudonyms import alike
from callcheck.model.target import Target
from callcheck.model.words import Outcome
from callcheck.pipeline import Run, diagnose
from callcheck.report import capture, json_v1, terminal

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
CASES = [FIXTURES / case / "broken" for case in ("causes/listener-removed-1", "causes/wrong-instance-1", "deploy/charity-payment-events", "deploy/unreachable-callback-url-render", "extra/missing-adapter-socketio", "guide/report-callback")]
CASES += sorted(FIXTURES.glob("logs/*/broken"))[::4]


def looked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(folder)
    return diagnose(Target(folder, folders=(folder,)))


def captured(done: Run, to: Path, most: int = 5_000_000) -> Run:
    written = capture.write(done.report, done.eyes.lines, True, most)
    assert written is not None
    (to / "x.ccb").write_bytes(written.data)
    return diagnose(Target(to, ("x.ccb",), captures=(to / "x.ccb",)))


def members(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert tuple(archive.namelist()) == MEMBERS
        texts = {name: archive.read(name).decode() for name in MEMBERS[1:]}
    return {name: [json.loads(line) for line in text.splitlines()] if name.endswith("l") else json.loads(text) for name, text in texts.items()}


def told(run: Run) -> Any:
    """The JSON report, with tokens for names on either side; a text that was cut off may end a word earlier."""

    def plain(held: Any) -> Any:
        if isinstance(held, dict):
            return {name: plain(each) for name, each in held.items() if name not in ("fingerprint", "targets")}
        if isinstance(held, list):
            return [plain(each) for each in held]
        return alike(held)[:150] if isinstance(held, str) else held

    return plain(json_v1.document(run.report, run.eyes.lines))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_the_diagnosis_of_a_capture_is_that_of_the_files(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = looked(case, monkeypatch)
    again = captured(done, tmp_path)
    assert told(again) == told(done)
    assert not again.eyes.tree.files


def test_a_person_sees_the_same_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = looked(FIXTURES / "guide" / "report-callback" / "broken", monkeypatch)
    again = captured(done, tmp_path)
    direct, read = (terminal.render(replace(run.report, took_s=0.0), run.eyes.lines, terminal.Style(verbose=True)) for run in (done, again))
    assert read == direct


def test_two_captures_of_the_same_files_are_the_same_bytes_and_fit_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = FIXTURES / "guide" / "report-callback" / "broken"
    one, two = (capture.write(done.report, done.eyes.lines, True, 5_000_000) for done in (looked(folder, monkeypatch), looked(folder, monkeypatch)))
    assert one is not None and two is not None
    assert one.data == two.data
    schema = json.loads(capture.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(members(one.data), schema, cls=jsonschema.Draft202012Validator)


def test_names_of_systems_and_people_are_tokens_and_names_of_code_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "web-7d9f8c6b54-x2x1z.log").write_text(
        "".join(f"2026-03-09T08:{n:02}:00Z ERROR OpenAI call for user=carla.b session=9f2c1d0b7a8c6e5f from 203.0.113.9 to http://llm.acme-corp.com:8080/v1 failed: connect ECONNREFUSED 10.1.2.3:8080\n" for n in range(20))
    )
    (app / "bus.js").write_text('const { EventEmitter } = require("events");\nconst bus = new EventEmitter(); // carla@acme-corp.com\nmodule.exports = () => bus.emit("order.paid");\n')
    done = looked(app, monkeypatch)
    written = capture.write(done.report, done.eyes.lines, True, 5_000_000)
    assert written is not None
    text = json.dumps(members(written.data))
    for name in ("carla", "acme-corp", "203.0.113.9", "10.1.2.3", "9f2c1d0b7a8c6e5f", "x2x1z", str(tmp_path)):
        assert name not in text
    for name in ("bus.js", "order.paid", "pod-1.log", "ECONNREFUSED"):
        assert name in text
    assert written.names["pod"] == 1


def test_what_does_not_fit_is_left_out_and_said_and_an_absence_is_not_read_out_of_it(sample: ModuleType, tmp_path: Path) -> None:
    full = sample.full()
    many = [sample.listener(line=9, event=f"event.{number * number * 7919 % 100003:x}", excerpt=f"bus.on({number * 31 % 9973})") for number in range(1500)]
    ledger = Ledger([*many, *full.ledger.evidence], [Looked("listeners", frozenset({"listener.registered"}), Outcome.DONE)])
    report = replace(full, ledger=ledger)
    whole, small = (capture.write(report, sample.lines, True, most) for most in (5_000_000, 12_000))
    assert whole is not None and small is not None
    assert len(small.data) <= 12_000 < len(whole.data)
    assert small.facts + small.dropped == whole.facts
    assert members(small.data)["manifest.json"]["left_out"] == {"listener.registered": small.dropped}
    (tmp_path / "x.ccb").write_bytes(small.data)
    again = diagnose(Target(tmp_path, ("x.ccb",), captures=(tmp_path / "x.ccb",)))
    assert ledger.settled("listener.registered")
    assert not again.report.ledger.settled("listener.registered")
    assert any(look.probe == "capture" and f"{small.dropped} facts" in look.why for look in again.report.ledger.looks)
    # What the diagnoses stand on is in it, however many other facts come before.
    assert {"delivery.in_memory"} <= set(members(small.data)["manifest.json"]["facts"]) or not full.ledger.of("delivery.in_memory")
    assert capture.write(report, sample.lines, True, 500) is None
