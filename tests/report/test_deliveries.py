"""Is it drawn and written what the logs show of deliveries?"""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType

import jsonschema
import pytest

from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence
from callcheck.model.fact import Fact
from callcheck.model.facts.journeys import DeliveryFunnel
from callcheck.model.facts.log_views import BINS, DeliveryUnseen, InstanceTimeline
from callcheck.model.words import Basis
from callcheck.report import json_v1, terminal


def bins(*at: int) -> str:
    return " ".join("1" if n in at else "0" for n in range(BINS))


def facts() -> list[Fact]:
    funnel = DeliveryFunnel("job.done", 4, 400, 388, 97, 97, 97, 0, 291, 25, 3, 4)
    time = (1_741_078_800.0, 1_741_082_400.0)
    rows = [
        InstanceTimeline("web-0", *time, bins(0, 1), bins(2, 20, 21), bins(3, 22, 40, 59), bins(40), 2),
        InstanceTimeline("web-\x1b[31m1", *time, bins(0), bins(*range(5, 60, 5)), bins(), bins(), 2),
    ]
    return [
        funnel,
        *rows,
        DeliveryUnseen(
            "job.lost",
            "handled",
            12,
            "the log of web-2 ends before",
            "Give the log of web-2 up to the same time as the others",
        ),
    ]


def report(sample: ModuleType, *diagnoses: object) -> Report:
    made: Report = sample.report(*diagnoses)
    made.ledger.evidence += [Evidence(fact, Basis.OBSERVED, "logs") for fact in facts()]
    return made


@pytest.mark.parametrize(
    ("name", "width", "drawn"), [("deliveries-80.txt", 80, True), ("deliveries-ascii.txt", 60, False)]
)
def test_funnel_plot_and_what_is_left_open_read_as_expected(
    sample: ModuleType, expect: Callable[[str, str], None], name: str, width: int, drawn: bool
) -> None:
    text = terminal.render(report(sample, sample.diagnosed()), sample.lines, terminal.Style(width, drawn=drawn))
    part = text[text.index("  Deliveries in the logs") : text.index("  What was looked at")]
    assert max(map(len, part.splitlines())) <= width
    assert drawn or part.isascii()
    expect(part, name)


def test_without_a_diagnosis_only_what_is_left_open_is_said(sample: ModuleType) -> None:
    text = terminal.render(report(sample), sample.lines, terminal.Style(80))
    assert "Deliveries in the logs" not in text
    assert "What these logs cannot show" in text


def test_what_was_counted_in_a_recorded_run_is_not_said_of_logs(sample: ModuleType) -> None:
    made: Report = sample.report(sample.diagnosed())
    recorded = Evidence(facts()[0], Basis.OBSERVED, "recorded-deliveries")
    made.ledger.evidence.append(recorded)
    assert "Deliveries in the recorded run" in terminal.render(made, sample.lines, terminal.Style(80))
    made.ledger.evidence.append(Evidence(facts()[0], Basis.OBSERVED, "logs"))
    assert "Deliveries in the logs and the recorded run" in terminal.render(made, sample.lines, terminal.Style(80))


def test_the_plot_is_left_out_where_there_is_no_room_for_it(sample: ModuleType) -> None:
    text = terminal.render(report(sample, sample.diagnosed()), sample.lines, terminal.Style(24))
    assert "● handled" not in text
    assert "97 of" in text


def test_a_machine_gets_the_same(sample: ModuleType) -> None:
    document = json_v1.document(report(sample, sample.diagnosed()), sample.lines)
    jsonschema.validate(document, json.loads(json_v1.schema()), cls=jsonschema.Draft202012Validator)
    told = document["deliveries"]
    assert told["funnels"][0]["other_instance"] == {"handled": 0, "of": 291}
    assert "other instance 0 of 291" in told["funnels"][0]["message"]
    assert "one in 4 followed" in told["funnels"][0]["message"]
    assert told["timeline"]["instances"][1]["instance"] == "web-\\x1b[31m1"
    assert [sum(told["timeline"]["instances"][0][name]) for name in ("registered", "emitted", "handled", "failed")] == [
        2,
        3,
        4,
        1,
    ]
    assert told["unseen"][0]["log"].startswith("Give the log of web-2")
