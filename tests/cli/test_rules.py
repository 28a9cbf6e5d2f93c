"""Can a user see what is known, and check rules of their own?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from callcheck import knowledge
from callcheck.knowledge import events
from tests.tools.shipped import shipped_knowledge

GOOD = """cause: lost-parcel
title: "{callcheck.event.name} is lost"
when: [{listener.registered: {}}]
prior: strong
explain: "A parcel."
examples:
  - {name: fires, given: [{listener.registered: {}}], confidence: [0.5, 1.0]}
  - {name: silent, given: [], confidence: [0.0, 0.3]}
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine" / "causes" / "transport" / "lost-parcel.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD)
    return path


def test_every_cause_is_listed_in_a_line(callcheck, tmp_path: Path) -> None:
    lines = callcheck("rules", "list", cwd=tmp_path).stdout.splitlines()
    found = next(line for line in lines if line.startswith("cross-process-delivery "))
    assert found.split()[1] == "transport"
    assert found.endswith("callcheck")


def test_own_rules_are_listed_with_their_file(callcheck, mine: Path, tmp_path: Path) -> None:
    out = callcheck("rules", "list", "--rules", "mine", cwd=tmp_path).stdout
    found = next(line for line in out.splitlines() if line.startswith("lost-parcel "))
    assert found.endswith("mine/causes/transport/lost-parcel.yaml")


def test_every_framework_is_listed_with_the_versions_checked_and_its_number_of_patterns(callcheck, tmp_path: Path) -> None:
    rows = callcheck("rules", "list", "--frameworks", cwd=tmp_path).stdout.splitlines()
    for known in shipped_knowledge().frameworks:
        row = next(line for line in rows if line.startswith(f"{known.name} "))
        assert re.search(rf"\b{len(known.idioms)} patterns?\b", row), row
        assert re.search(r"\bchecked \S", row) and "not checked" not in row, row


def test_every_format_of_deployment_files_is_listed_with_its_default(callcheck, tmp_path: Path) -> None:
    done = callcheck("rules", "list", "--platforms", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert next(line for line in done.stdout.splitlines() if line.startswith("Render ")).endswith(" 1 instance")
    assert callcheck("rules", "list", "--platforms", "--frameworks", cwd=tmp_path).returncode == 2


def test_every_table_of_events_is_listed_with_the_versions_checked(callcheck, tmp_path: Path) -> None:
    rows = callcheck("rules", "list", "--frameworks", cwd=tmp_path).stdout.splitlines()
    stems = {Path(emitter.origin).stem for emitter in events.load([knowledge.shipped()])}
    found = {stem: next(line for line in rows if line.startswith(f"events/{stem} ")) for stem in stems}
    assert all(re.search(r"\b[1-9]\d* event names?\b.*\bchecked (?:\S+ \d|documentation of .*\d)", row) for row in found.values()), found


def test_our_own_rules_are_in_order(callcheck, tmp_path: Path) -> None:
    done = callcheck("rules", "check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_good_rule_of_the_users_own_is_in_order(callcheck, mine: Path, tmp_path: Path) -> None:
    done = callcheck("rules", "check", "mine", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "listener.registered: {}",
            "listner.registered: {}",
            ":3: unknown fact listner.registered; did you mean listener.registered?",
        ),
        (
            "listener.registered: {}",
            "listener.registered: {callcheck.colour: red}",
            "has no attribute callcheck.colour",
        ),
        ("[0.5, 1.0]", "[0.99, 1.0]", ":7: example `fires` gives"),
        ("confidence: [0.5, 1.0]", "confidence: [0.0, 1.0]", "no example fires"),
        ("callcheck.event.name", "callcheck.event.nam", ":2: no fact has the attribute callcheck.event.nam"),
        ("prior: strong", "yields_to: [nowhere]", ":4: `yields_to` names nowhere"),
        ("prior: strong", "explained_by: [nowhere]", ":4: `explained_by` names nowhere"),
        ("prior: strong", "prior: huge", "is no strength"),
        ("explain:", "explain: [", "not readable as YAML"),
        ("cause: lost-parcel", "cause: found-parcel", ":1: the cause must be named after its file"),
        ("[0.5, 1.0]", "0.5", ":7: `confidence`"),
    ],
)
def test_a_bad_rule_is_named_with_its_line(
    callcheck, mine: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    mine.write_text(GOOD.replace(old, new))
    done = callcheck("rules", "check", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.startswith("mine/causes/transport/lost-parcel.yaml")
    assert said in done.stdout
    assert "Traceback" not in done.stderr


def test_one_bad_rule_does_not_hide_another(callcheck, mine: Path, tmp_path: Path) -> None:
    mine.write_text("- no rule")
    mine.with_name("other-parcel.yaml").write_text("cause: 7")
    assert len(callcheck("rules", "check", "mine", cwd=tmp_path).stdout.splitlines()) == 2


def test_a_bad_framework_is_named(callcheck, tmp_path: Path) -> None:
    (tmp_path / "mine" / "frameworks").mkdir(parents=True)
    (tmp_path / "mine" / "frameworks" / "bus.yaml").write_text("title: no name\n")
    done = callcheck("rules", "check", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "mine/frameworks/bus.yaml" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("framework: nobody\ntraps: []\n", "no framework is called nobody"),
        ("framework: celery\ntraps:\n  - {effect: late-registration, says: why, calls: [celery.x], along: [\"&{pattern none-such}\"], sample: x}\n", "no pattern is called none-such"),
        ("framework: celery\ntraps: [\n", "bus.yaml:3: "),
    ],
)
def test_a_bad_trap_is_named(callcheck, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "mine" / "traps").mkdir(parents=True)
    (tmp_path / "mine" / "traps" / "bus.yaml").write_text(text)
    done = callcheck("rules", "check", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "mine/traps/bus.yaml" in done.stdout
    assert said in done.stdout


@pytest.mark.parametrize("folder", [".", "nowhere"])
def test_a_folder_without_rules_is_a_wrong_call(callcheck, tmp_path: Path, folder: str) -> None:
    assert callcheck("rules", "check", folder, cwd=tmp_path).returncode == 2


def test_a_rule_of_the_users_own_diagnoses(callcheck, mine: Path, app: Path, tmp_path: Path) -> None:
    done = callcheck("diagnose", "app", "--rules", "mine", "-v", cwd=tmp_path)
    assert "lost-parcel" in done.stdout


def test_a_broken_rule_of_the_users_own_ends_a_diagnosis_with_2(
    callcheck, mine: Path, app: Path, tmp_path: Path
) -> None:
    mine.write_text("cause: [")
    done = callcheck("diagnose", "app", "--rules", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "lost-parcel.yaml" in done.stderr
