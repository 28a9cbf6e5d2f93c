"""A rule file that is off fails when it is loaded, with its path and the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.engine.examples import problems, run
from callcheck.engine.load import load, read
from callcheck.model.errors import RuleError
from callcheck.model.words import Strength

GOOD = """\
cause: too-many
title: "{service.name} runs more than once"
per: [service.name]
when:
  - instances: {callcheck.instance.count: {gt: 1}}
prior: strong
contradicts:
  - {fact: {sticky.sessions: {}}, strength: decisive, because: "sessions stick"}
explain: "It runs more than once."
fix:
  - {title: Run it once, python: {before: "a", after: "b"}, check: "ps"}
examples:
  - {name: fires, given: [{instances: {callcheck.instance.count: 4}}], confidence: [0.5, 1.0]}
  - {name: silent, given: [{instances: {callcheck.instance.count: 1}}], confidence: [0.0, 0.3]}
"""


def write(folder: Path, text: str, name: str = "too-many", stage: str = "transport") -> Path:
    path = folder / "causes" / stage / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_rule_is_read_and_its_examples_hold(tmp_path: Path) -> None:
    rule = read(write(tmp_path, GOOD))
    assert (rule.cause, rule.stage, rule.ways[0].prior, rule.ways[0].per) == ("too-many", "transport", Strength.STRONG, ("service.name",))
    assert list(problems(rule)) == []
    assert [run(rule, example) > 0.5 for example in rule.examples] == [True, False]


def test_several_ways_share_what_stands_beside_them(tmp_path: Path) -> None:
    ways = "any:\n  - when: [{instances: {}}]\n  - {when: [{load.balanced: {}}], supports: [{fact: {instances: {}}, strength: weak}]}\n"
    text = GOOD.replace(GOOD[GOOD.index("per:") : GOOD.index("contradicts")], ways)
    first, second, *_ = read(write(tmp_path, text)).ways
    assert len(first.contradicts) == len(second.contradicts) == 1
    assert (len(first.supports), len(second.supports)) == (0, 1)


def test_every_rule_has_a_way_for_each_strength_of_a_trap_but_for_those_it_speaks_of_itself(tmp_path: Path) -> None:
    own = 'any:\n  - when: [{library.trap: {callcheck.trap.effect: too-many, callcheck.trap.strength: strong}}, {instances: {}}]\n    prior: weak\n'
    text = GOOD.replace(GOOD[GOOD.index("per:") : GOOD.index("contradicts")], own)
    first, *implied = read(write(tmp_path, text)).ways
    assert len(first.when) == 2
    assert [(way.when[0].tests[-1].value, way.prior.value) for way in implied] == [("fair", "fair"), ("hint", "weak")]


def test_a_users_rule_replaces_ours_of_the_same_cause(tmp_path: Path) -> None:
    write(tmp_path / "ours", GOOD)
    write(tmp_path / "theirs", GOOD.replace("more than once", "too often"))
    (rule,) = load([tmp_path / "ours", tmp_path / "theirs"])
    assert rule.title == "{service.name} runs too often"


def test_a_rule_carries_the_counts_that_were_measured_for_it(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert load([tmp_path])[0].precision.named == 0
    (tmp_path / "precision.yaml").write_text("causes:\n  too-many: {named: 12, right: 11}\n")
    measured = load([tmp_path])[0].precision
    assert (measured.named, measured.right) == (12, 11)


@pytest.mark.parametrize("text", ["causes: [a]", "no", "causes:\n  too-many: {named: many, right: 1}", "causes: {too-many: {named: 1}}"])
def test_counts_that_are_none_are_a_rule_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "precision.yaml").write_text(text)
    with pytest.raises(RuleError, match="precision.yaml"):
        load([tmp_path])


def test_a_folder_without_rules_has_none(tmp_path: Path) -> None:
    assert load([tmp_path]) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  - instances: {callcheck", "  - instanses: {callcheck", 5, "did you mean instances"),
        ("instances: {callcheck.instance.count: {gt", "instances: {callcheck.instance.cuont: {gt", 5, "has no attribute"),
        ("{gt: 1}", "{above: 1}", 5, "unknown comparison `above`"),
        ("{gt: 1}", "{gt: many}", 5, "wants a number"),
        ("{gt: 1}", "{gt: null}", 5, "wants a number"),
        ("{gt: 1}", "{in: 4}", 5, "wants a list"),
        ("{gt: 1}", "{matches: '(a+)+'}", 5, "nested repetition"),
        ("{gt: 1}", "{matches: '(a'}", 5, "not a regular expression"),
        ("prior: strong", "prior: huge", 6, "is no strength"),
        ("prior: strong", "priority: strong", 6, "unknown key `priority`"),
        ("cause: too-many", "cause: too-few", 1, "named after its file"),
        ("per: [service.name]", "per: service.name", 3, "is a list"),
        ("strength: decisive", "strenght: decisive", 8, "a clause has"),
        ("python: {before", "cobol: {before", 11, "maps a language"),
        ("confidence: [0.5, 1.0]", "confidence: 0.5", 13, "two numbers"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(RuleError, match=words) as caught:
        read(path)
    assert caught.value.path == str(path)
    if words != "a clause has":  # a clause is told by its text, which YAML has already taken apart
        assert caught.value.line == line


@pytest.mark.parametrize("text", ["", "[]", "a: [", "a: 2024-13-45", "\x00", "- 1"])
def test_a_file_that_is_no_rule_is_a_rule_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(RuleError):
        read(write(tmp_path, text))


def test_a_yaml_mistake_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        read(write(tmp_path, "cause: a\ntitle: [\n}\n"))
    assert caught.value.line == 3


def test_a_folder_that_is_no_stage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="must be a stage"):
        read(write(tmp_path, GOOD, stage="elsewhere"))


def test_a_rule_that_can_never_speak_is_reported(tmp_path: Path) -> None:
    rule = read(write(tmp_path, GOOD.replace("prior: strong", "prior: weak")))
    assert any("example `fires` gives" in problem for problem in problems(rule))
