"""Two runs are compared by what they say, not by where and of whom they say it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from callcheck.engine.differ import compare
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.evidence import Evidence, Ledger, Location, Looked
from callcheck.model.facts.deployment import Instances
from callcheck.model.facts.journeys import DeliveryFunnel
from callcheck.model.facts.logs import LogSignal
from callcheck.model.rule import Rule
from callcheck.model.target import Target
from callcheck.model.words import Basis, Outcome


def funnel(handled: int, emitted: int = 100, line: int = 3) -> Evidence:
    fact = DeliveryFunnel("order.paid", 0, 0, emitted, handled, 0, 0, 0, 0, 100 * handled // emitted, 0, 1)
    return Evidence(fact, Basis.OBSERVED, "log_journeys", Location("app.log", line))


def signal(subject: str, count: int = 3, path: str = "app.log", line: int = 7) -> Evidence:
    return Evidence(LogSignal("redis-lost", subject, "redis", "", count, 1), Basis.OBSERVED, "log_signals", Location(path, line))


def instances(count: int) -> Evidence:
    return Evidence(Instances(count, False, "web"), Basis.DECLARED, "instances", Location("k8s/web.yaml", 6), service="web")


def report(*evidence: Evidence, causes: Sequence[tuple[str, float, tuple[Evidence, ...]]] = (), kinds: Sequence[str] = ("log.signal",)) -> Report:
    found = tuple(Diagnosed(Rule(cause, "transport", cause, ()), sure, f"{cause} here", grounds) for cause, sure, grounds in causes)
    return Report(found, Ledger(list(evidence), [Looked("all", frozenset(kinds), Outcome.DONE)]), Target(Path(".")), "0", 0.0)


def test_moved_lines_other_pods_and_logs_of_another_length_are_no_difference() -> None:
    before = report(funnel(99, 100, 3), signal("lost 10.0.0.3 on web-7d9f8c6b54-x2x1z at 12", 100))
    after = report(funnel(109, 110, 90), signal("lost 10.9.9.9 on web-5c8f7b9d64-9kq7w at 480", 110, "app-2.log", 70))
    found = compare(before, after)
    assert (found.turns, found.moves, found.lone) == ((), (), ())


def test_what_a_cause_that_came_stands_on_is_told_first() -> None:
    crossed = signal("cluster", 40)
    before = report(instances(1), signal("b", 5), funnel(100))
    after = report(instances(4), crossed, funnel(30), causes=[("cross-process-delivery", 0.9, (crossed,))])
    found = compare(before, after)
    assert [(turn.cause, turn.before, turn.after) for turn in found.turns] == [("cross-process-delivery", 0.0, 0.9)]
    assert [(each.item.fact.attributes()["callcheck.subject"], each.after) for each in found.lone] == [("cluster", True), ("b", False)]
    assert {(move.attribute, move.before, move.after) for move in found.moves} == {
        ("callcheck.instance.count", 1, 4), ("callcheck.count.handled", 100, 30), ("callcheck.share.handled", 100, 30),
    }  # fmt: skip
    assert next(move.unit for move in found.moves if "share" in move.attribute) == "%"


def test_a_cause_that_went_is_told_and_one_that_hardly_moved_is_not() -> None:
    before = report(causes=[("lossy-pubsub", 0.8, ()), ("listener-leak", 0.60, ())])
    after = report(causes=[("listener-leak", 0.62, ())])
    assert [(turn.cause, turn.after) for turn in compare(before, after).turns] == [("lossy-pubsub", 0.0)]


def test_what_one_side_was_not_looked_at_for_is_said_to_be_so() -> None:
    found = compare(report(kinds=["instances"]), report(signal("x")))
    assert [each.looked for each in found.lone] == [False]
    assert [each.looked for each in compare(report(), report(signal("x"))).lone] == [True]


def test_the_same_files_in_another_folder_are_the_same() -> None:
    def in_folder(folder: str, count: int) -> Report:
        each = instances(count)
        return report(Evidence(each.fact, each.basis, each.probe, Location(f"{folder}/k8s/web.yaml", 6), service="web"))

    found = compare(in_folder("good", 1), in_folder("bad/deep", 1))
    assert (found.moves, found.lone) == ((), ())
    assert [(move.before, move.after) for move in compare(in_folder("good", 1), in_folder("bad", 4)).moves] == [(1, 4)]
