"""Are the cures of the rules valid code, in the languages of those who need them, and for grounds that a rule can have?"""

from __future__ import annotations

import json

import pytest
import tomllib
import yaml

from callcheck import rulebooks
from callcheck.engine.cures import fitting
from callcheck.model.diagnosis import Diagnosed
from callcheck.model.evidence import Evidence
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.facts.measured import WebhookMeasured
from callcheck.model.facts.upstream import UpstreamChecked
from callcheck.model.holes import named
from callcheck.model.rule import Fix, Rule, Snippet
from callcheck.model.words import Basis
from callcheck.sources.code import read_js, read_py

RULES = rulebooks.load_rules()
CURES = [(rule, fix) for rule in RULES for fix in rule.fix]
SNIPPETS = [
    pytest.param(snippet, side, id=f"{rule.cause}-{number}-{snippet.language}-{side}")
    for rule in RULES
    for number, fix in enumerate(rule.fix)
    for snippet in fix.snippets
    for side in ("before", "after")
]
ONE_LANGUAGE = {"receiver-garbage-collected": "signals and tasks that are held weakly are a matter of Python"}
BENEATH = {"instances.factor", "variable.set", "variable.read"}
"""Facts on which the grounds of a rule rest, without being named by it."""


@pytest.mark.parametrize(("snippet", "side"), SNIPPETS)
def test_a_cure_is_valid_code(snippet: Snippet, side: str) -> None:
    text = named(snippet.before if side == "before" else snippet.after, lambda attribute: "name")
    assert text.strip()
    match snippet.language:
        case "python":
            assert read_py.read(text, "cure.py").broken == []
        case "typescript":
            assert read_js.read(text, "cure.ts").broken == []
        case "yaml":
            yaml.safe_load(text)
        case "toml":
            tomllib.loads(text)
        case "json":
            json.loads(f"{{{text}}}")


@pytest.mark.parametrize(
    ("rule", "fix"), CURES, ids=[f"{rule.cause}-{number}" for number, (rule, _) in enumerate(CURES)]
)
def test_a_cure_is_for_grounds_that_its_rule_can_have(rule: Rule, fix: Fix) -> None:
    known = {condition.fact for way in rule.ways for condition in (*way.when, *(clause.condition for clause in way.supports))} | BENEATH
    assert {condition.fact for condition in fix.grounds} <= known


@pytest.mark.parametrize("rule", RULES, ids=[rule.cause for rule in RULES])
def test_a_cause_of_both_languages_has_cures_in_both(rule: Rule) -> None:
    said = {snippet.language for fix in rule.fix for snippet in fix.snippets}
    missing = {"python", "typescript"} - said
    assert not missing or rule.cause in ONE_LANGUAGE


@pytest.mark.parametrize(
    ("rule", "fix"), CURES, ids=[f"{rule.cause}-{number}" for number, (rule, _) in enumerate(CURES)]
)
def test_a_cure_is_short_and_says_how_its_effect_is_seen(rule: Rule, fix: Fix) -> None:
    assert fix.check
    assert all(len(side.splitlines()) <= 14 for snippet in fix.snippets for side in (snippet.before, snippet.after))
    assert len(fix.title) <= 120


@pytest.mark.parametrize(
    ("cause", "changed", "cure"),
    [
        ("callback-rejected", {"fate": "rejected", "status": 503}, "Send again what was answered with an error"),
        ("callback-rejected", {"fate": "mis-signed"}, "Sign the very bytes"),
        ("unreachable-callback-url", {"fate": "lost", "near": "/…/done"}, "Call the address as it was given"),
        ("unreachable-callback-url", {"fate": "lost", "noise": "tls"}, "Call the address with the scheme"),
        ("unreachable-callback-url", {"fate": "lost", "public": "nobody listens there"}, "Register an address"),
        ("payload-mismatch", {"fate": "mismatched", "why": "GET instead of POST"}, "Send it by the method that the receiver takes: GET instead of POST"),
        ("payload-mismatch", {"fate": "mismatched", "why": "`id` is missing"}, "Send what the receiver looks for, or look for what is sent: `id` is missing"),
    ],
)
def test_the_cure_for_a_measured_delivery_is_one_of_its_sender(cause: str, changed: dict[str, object], cure: str) -> None:
    told = {"scenario": "jobs", "fate": "lost", "why": "", "count": 4, "of": 4, "share": 1.0, "status": 0, "latency": 0.0, "attempts": 0, "arrived": True, "near": "", "public": "", "noise": "", "address": ""}
    found = Evidence(WebhookMeasured(**{**told, **changed}), Basis.OBSERVED, "scenarios")
    rule = next(rule for rule in RULES if rule.cause == cause)
    assert fitting(Diagnosed(rule, 0.8, "t", (found,)), [], [])[0].title.startswith(cure)


@pytest.mark.parametrize(
    ("cause", "outcome", "cure"),
    [
        ("upstream-unavailable", "tls", "Let the client trust whoever signed the certificate of api.test"),
        ("upstream-unavailable", "proxy", "Leave api.test out of what goes through the proxy"),
        ("upstream-unavailable", "overloaded", "Wait until the service has recovered"),
        ("upstream-unavailable", "refused", "Call an address that answers"),
        ("upstream-rejected", "redirected", "Give the client the whole address"),
        ("upstream-timeout", "timeout", "See where the connection to api.test hangs"),
        ("upstream-timeout", "ok", "Give the client more time than api.test takes"),
        ("upstream-auth", "auth", "Replace the key in OPENAI_API_KEY"),
    ],
)
def test_the_cure_for_an_api_that_was_asked_is_for_what_it_did(cause: str, outcome: str, cure: str) -> None:
    fact = UpstreamChecked("openai", "api.test", outcome, 0, 3.0, 1.0, outcome == "ok", -1, -1, "OPENAI_API_KEY", "")
    rule = next(rule for rule in RULES if rule.cause == cause)
    assert fitting(Diagnosed(rule, 0.8, "t", (Evidence(fact, Basis.OBSERVED, "upstreams"),)), [], [])[0].title.startswith(cure)


def test_the_default_channels_of_two_libraries_are_made_one() -> None:
    fact = EventNeverEmitted("socketio", "flask-socketio", "channels", "python")
    rule = next(rule for rule in RULES if rule.cause == "event-name-mismatch")
    first = fitting(Diagnosed(rule, 0.8, "t", (Evidence(fact, Basis.INFERRED, "layers"),)), ["python"], ["channels"])[0]
    assert 'channel="flask-socketio"' in first.snippets[0].after
