"""Is it said what would make several copies deliver all?"""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence
from callcheck.model.facts.observed import DeliveryStopped
from callcheck.model.scaled import Spread, Trial
from callcheck.model.words import Basis
from callcheck.probes.scales import summed
from callcheck.report import terminal
from callcheck.report.scaled import cures

TURN, STICKY = Trial(2, Spread.IN_TURN, 50, 8), Trial(2, Spread.STICKY, 50, 50)


def stop(fate: str = "other-process", system: str = "node.events", met: int = 8, heard: int = 8) -> DeliveryStopped:
    return DeliveryStopped("done:*", system, fate, 42, 50, 84, met, heard, 2, False, False, "", "", "", "javascript", "")


def report(sample: ModuleType, trials: tuple[Trial, ...], *stops: DeliveryStopped) -> Report:
    made: Report = sample.report()
    made.ledger.evidence += [Evidence(fact, Basis.OBSERVED, "probe") for fact in (summed(trials), *stops)]
    return replace(made, target=replace(made.target, scaled=trials))


@pytest.mark.parametrize(
    ("trials", "stops", "said"),
    [
        ((TURN, STICKY), (stop(),), ["Sticky sessions would cure it: with 2 copies, 50 of 50", "So would a broker between the copies: where both halves met in one process, 8 of 8 were heard."]),
        ((TURN, replace(STICKY, delivered=20)), (stop(),), ["Sticky sessions would not cure it: with 2 copies, 20 of 50", "A broker between the copies would cure it: where"]),
        ((replace(TURN, spread=Spread.OWN),), (stop(system="socket.io"),), ["An adapter between the copies would cure it"]),
        ((TURN,), (stop(), stop("threw")), []),
        ((TURN,), (stop(met=0, heard=0),), []),
        ((TURN,), (stop(met=9),), []),
        ((Trial(2, Spread.IN_TURN, 50, 50), STICKY), (), []),
    ],
)
def test_what_the_trials_come_to(sample: ModuleType, trials: tuple[Trial, ...], stops: tuple[DeliveryStopped, ...], said: list[str]) -> None:
    told = cures(report(sample, trials, *stops))
    assert len(told) == len(said) and all(line.startswith(begin) for line, begin in zip(told, said, strict=True)), told


def test_it_stands_below_the_table(sample: ModuleType) -> None:
    text = terminal.render(report(sample, (TURN, STICKY), stop()), sample.lines, terminal.Style(80))
    assert text.index("50 of 50") < text.index("Sticky sessions would cure it")
