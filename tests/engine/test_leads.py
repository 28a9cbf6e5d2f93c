"""Leads are told where nothing was found, and are never findings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from callcheck.cli import exit_status
from callcheck.engine.leads import CONFIDENCE, MOST, leads
from callcheck.model.confidence import LIKELY
from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.meeting import SubscriptionVolatile
from callcheck.model.facts.work import WorkHandedOff, WorkTaken
from callcheck.model.rule import Condition, Rule, Way
from callcheck.model.rulebook import Rulebook
from callcheck.model.target import Target
from callcheck.model.words import Basis, Strength
from callcheck.report.findings import findings
from callcheck.rulebooks import load_rules

NEVER = Way(when=(Condition("scale.tried"),))


def rule(cause: str, fact: str, prior: Strength = Strength.FAIR) -> Rule:
    return Rule(cause, "transport", "never", (NEVER,), leads=(Way(when=(Condition(fact),), prior=prior, title="look at {callcheck.event.name}"),))


def ledger() -> Ledger:
    facts = (SubscriptionVolatile("door", "mqtt", "javascript"), WorkHandedOff("mail", "celery", "celery", "python"), WorkTaken("mail", "celery", "celery", "python"))
    return Ledger([Evidence(fact, Basis.INFERRED, "test", Location("app.js", line)) for line, fact in enumerate(facts, 1)])


def test_those_that_lead_somewhere_more_often_come_first_and_few_are_told() -> None:
    rules = [rule("a", "work.taken", Strength.WEAK), rule("b", "work.handed_off"), rule("c", "subscription.volatile", Strength.STRONG), rule("d", "work.taken"), rule("e", "instances")]
    found = leads(rules, ledger())
    assert [each.rule.cause for each in found] == ["c", "b", "d"]
    assert len(found) == MOST
    assert found[0].title == "look at door"
    assert str(found[0].grounds[0].where) == "app.js:1"
    assert found[0].rule is rules[2]  # with its own ways, cures and all


def test_none_is_likely() -> None:
    assert max(CONFIDENCE.values()) < LIKELY / 2


def test_a_book_opens_only_the_rules_whose_leads_can_be_answered() -> None:
    book = Rulebook([rule("a", "work.taken"), rule("b", "instances")])
    facts = [each.fact for each in ledger().evidence]
    assert [each.cause for each in book.leading(facts)] == ["a"]
    assert book.speaking_of(facts) == []


def test_a_lead_is_no_finding_and_fails_no_gate() -> None:
    report = Report(tuple(leads([rule("a", "work.taken")], ledger())), ledger(), Target(Path()), "1", 0.0)
    assert report.diagnoses
    assert findings(report, lambda *_: []) == []
    assert exit_status.of(report, 0.0) is not exit_status.ExitStatus.LIKELY


def test_what_ships_names_what_its_leads_rest_on() -> None:
    told = [way for each in load_rules() for way in each.leads]
    assert len(told) > 8
    assert all(way.title and way.when for way in told)


WORKER = "from celery import Celery\napp = Celery('mail', broker='redis://broker')\n\n@app.task\ndef send(to):\n    print(to)\n"


@pytest.mark.parametrize(("files", "cause"), [({"requirements.txt": "celery==5.4.0\n", "worker.py": WORKER, "web.py": "from worker import send\n\ndef view(request):\n    send.delay(1)\n"}, "competing-consumers"), ({"a.py": "print(1)\n"}, "")])
def test_a_project_with_nothing_wrong_is_told_where_to_look(tmp_path: Path, files: dict[str, str], cause: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "callcheck", "diagnose", str(tmp_path)]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["diagnoses"]
    assert done.returncode == 0
    assert all(each["lead"] for each in found)
    assert (found[0]["cause"] if found else "") == cause
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert ("Worth a look" in said) is bool(cause)
    for machine in ("sarif", "github", "markdown"):
        out = subprocess.run([*command, "--format", machine], capture_output=True, text=True, check=False)
        assert out.returncode == 0
        assert ("Worth a look" in out.stdout) is (machine == "markdown" and bool(cause))
