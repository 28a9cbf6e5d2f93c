"""One probe that fails costs the user that probe's answer and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callcheck import collect, pipeline, registry
from callcheck.model.errors import NotPermitted, UsageError
from callcheck.model.evidence import Evidence, Ledger, Location, Looked, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import LoadBalanced, StickySessions
from callcheck.model.target import Target
from callcheck.model.words import Basis, Outcome


class False_:
    """A probe that does what it is told: raises, or states, or loses."""

    def __init__(self, name: str, does: Any, answers: type[Fact] = StickySessions, skips: str = "") -> None:
        self.name, self.does, self.skips = name, does, skips
        self.answers = frozenset({answers.kind})
        self.signs: tuple[Any, ...] = ()
        self.looks_at = None

    def skip(self, target: Target, eyes: Any) -> str:
        return self.skips

    def look(self, target: Target, eyes: Any) -> Iterator[Evidence | Lost]:
        if isinstance(self.does, Exception):
            raise self.does
        yield from self.does


STICKY = Evidence(StickySessions("cookie", "web"), Basis.DECLARED, "well", Location("nginx.conf", 3))
WELL = False_("well", [STICKY])


def diagnosed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *probes: Any, options: collect.Options = collect.Options()) -> Ledger:
    monkeypatch.setattr(pipeline, "probes", lambda: list(probes))
    monkeypatch.setattr(pipeline, "links", list)
    return pipeline.diagnose(Target(tmp_path, folders=(tmp_path,)), options).report.ledger


def look(ledger: Ledger, name: str) -> Looked:
    return next(look for look in ledger.looks if look.probe == name)


def test_a_bug_in_a_probe_becomes_a_blocked_look_and_the_rest_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bugs: list[str] = []
    told = collect.Options(on_bug=lambda name, error: bugs.append(f"{name}: {error!r}"))
    ledger = diagnosed(tmp_path, monkeypatch, False_("ill", ZeroDivisionError("by \x1b zero"), LoadBalanced), WELL, options=told)
    assert look(ledger, "ill").outcome is Outcome.BLOCKED
    assert look(ledger, "ill").why == "a bug in callcheck: ZeroDivisionError: by \\x1b zero"
    assert bugs == ["ill: ZeroDivisionError('by \\x1b zero')"]
    assert (look(ledger, "well").outcome, ledger.evidence) == (Outcome.DONE, [STICKY])


def test_a_source_that_cannot_be_read_is_a_blocked_look_and_no_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bugs: list[str] = []
    told = collect.Options(on_bug=lambda name, error: bugs.append(name))
    ledger = diagnosed(tmp_path, monkeypatch, False_("ill", NotPermitted("kept out")), WELL, options=told)
    assert (look(ledger, "ill").outcome, look(ledger, "ill").why, bugs) == (Outcome.BLOCKED, "kept out", [])
    assert not ledger.settled(StickySessions)
    assert ledger.evidence == [STICKY]


def test_a_lost_part_leaves_the_question_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = diagnosed(tmp_path, monkeypatch, False_("half", [STICKY, Lost("b.conf", "binary")]))
    assert (look(ledger, "half").outcome, look(ledger, "half").lost) == (Outcome.PART, (Lost("b.conf", "binary"),))
    assert not ledger.settled(StickySessions)


def test_a_probe_without_anything_to_look_at_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = diagnosed(tmp_path, monkeypatch, False_("idle", ZeroDivisionError(), skips="no compose file"))
    assert (look(ledger, "idle").outcome, look(ledger, "idle").why) == (Outcome.NOTHING, "no compose file")


def test_an_unknown_probe_is_a_misuse_that_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        collect.chosen(registry.probes(), collect.Options(probes=("pm3",)))
    assert "pm2" in caught.value.hint


def test_probes_are_chosen_and_left_out_by_name() -> None:
    assert [p.name for p in collect.chosen(registry.probes(), collect.Options(probes=("pm2",)))] == ["pm2"]
    assert "pm2" not in [p.name for p in collect.chosen(registry.probes(), collect.Options(skip=("pm2",)))]


def test_an_empty_folder_gives_no_cause(tmp_path: Path) -> None:
    assert pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report.diagnoses == ()
