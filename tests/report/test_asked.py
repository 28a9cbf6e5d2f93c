"""Is what the model APIs answered said, also where all is well?"""

from __future__ import annotations

import json
from types import ModuleType

import pytest

from callcheck.model.evidence import Evidence, Location, Looked
from callcheck.model.facts.upstream import UpstreamChecked
from callcheck.model.noun import replace
from callcheck.model.words import Basis, Outcome
from callcheck.report import html, json_v1
from callcheck.report.terminal import Style, render

WELL = UpstreamChecked("openai", "api.openai.com", "ok", 200, 0.4, 30.0, False, 2, 1, "OPENAI_API_KEY", "")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([WELL], ["api.openai.com took the key in OPENAI_API_KEY (200) after 0.40 s; 1 request left in the running period"]),
        ([replace(WELL, outcome="no-key", status=401, variable="", remaining=-1)], ["api.openai.com wants a key, and none was sent (401) after 0.40 s"]),
        ([], []),
    ],
)
def test_what_was_asked_is_said_in_each_format(sample: ModuleType, facts: list[UpstreamChecked], said: list[str]) -> None:
    plain = sample.report()
    report = replace(plain, target=replace(plain.target, online=True))
    report.ledger.looks.append(Looked("upstreams", frozenset({UpstreamChecked.kind}), Outcome.DONE))
    report.ledger.evidence.extend(Evidence(fact, Basis.OBSERVED, "upstreams", Location("app.py", 3)) for fact in facts)
    text, page = " ".join(render(report, sample.lines, Style(80)).split()), html.render(report, sample.lines)
    for each in said or ["No client of a model API stands in the code"]:
        assert each in text
        assert each in page
    assert [item["message"] for item in json.loads(json_v1.render(report, sample.lines))["asked"]] == said


def test_who_asked_nobody_is_told_of_nobody(sample: ModuleType) -> None:
    assert "What was asked" not in render(sample.report(), sample.lines, Style(80))
