"""Is a process told that handles nothing any more while it lives, and none that is stopped, replaced or relieved?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.log_views import InstanceSilent
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_silences import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)
END = 5_400


def found(folder: Path, lines: list[str]) -> list[InstanceSilent]:
    (folder / "workers.log").write_text(
        "\n".join(sorted(lines, key=lambda line: line.partition("| ")[2])) + "\n", encoding="utf-8"
    )
    eyes = Eyes(Target(base=folder, folders=(folder,)), KNOWN)
    return [
        fact
        for item in PROBE.look(eyes.target, eyes)
        if isinstance(fact := getattr(item, "fact", None), InstanceSilent)
    ]


def at(second: float, instance: str, text: str, level: str = "INFO") -> str:
    minute, second = divmod(int(second), 60)
    return f"{instance:<10} | 2026-03-09 {8 + minute // 60:02d}:{minute % 60:02d}:{second:02d}.{minute % 7}00 {level} {text}"


def worker(name: str, begin: int, end: int, until: int = END, skew: int = 0, level: str = "INFO") -> list[str]:
    """Handles from `begin` to `end` every 20 s, and is asked for its health every 30 s as long as it lives."""
    handles = [
        at(second + skew, name, f"handled order.paid order=o{second}{name[-1]}77", level)
        for second in range(begin, end, 20)
    ]
    return [*handles, *(at(second + skew, name, "GET /healthz 200 1ms") for second in range(begin, until, 30))]


def test_a_process_that_only_answers_its_health_check_is_told_with_the_time(tmp_path: Path) -> None:
    (fact,) = found(tmp_path, [*worker("worker-1", 0, END), *worker("worker-2", 0, 2400), *worker("worker-3", 10, END)])
    assert (fact.instance, fact.since, fact.others, fact.before) == ("worker-2", "2026-03-09 08:39:40", 2, 120)
    assert 2900 < fact.seconds < 3000
    assert "2 others go on" in fact.says()


def test_clocks_that_differ_do_no_harm(tmp_path: Path) -> None:
    lines = [*worker("worker-1", 0, END, skew=900), *worker("worker-2", 0, 2400)]
    assert [fact.instance for fact in found(tmp_path, lines)] == ["worker-2"]
    assert found(tmp_path, [*worker("worker-1", 0, END, skew=900), *worker("worker-2", 0, END)]) == []


@pytest.mark.parametrize(
    "other",
    [
        worker("worker-2", 0, 2400, until=2430),
        [*worker("worker-2", 0, 2400, until=3600), at(2401, "worker-2", "SIGTERM received, draining")],
        worker("worker-2", 0, END - 100),
        [
            *worker("worker-2", 0, 2400),
            *(at(second, "worker-2", f"invoice.due handled invoice=i{second}") for second in range(2400, END, 20)),
        ],
        [line for line in worker("worker-2", 0, 2400) if "healthz" not in line or " 08:0" in line],
    ],
    ids=[
        "it is gone",
        "it was being stopped",
        "it handles to the end",
        "it handles other things now",
        "nothing shows that it lives",
    ],
)
def test_nothing_is_told_where(tmp_path: Path, other: list[str]) -> None:
    assert found(tmp_path, [*worker("worker-1", 0, END), *other]) == []


def test_who_hands_over_to_a_new_one_is_not_silent(tmp_path: Path) -> None:
    assert found(tmp_path, [*worker("worker-1", 0, 2400), *worker("worker-2", 2380, END)]) == []


def test_where_nobody_goes_on_there_may_be_no_work(tmp_path: Path) -> None:
    assert found(tmp_path, [*worker("worker-1", 0, 2400), *worker("worker-2", 0, 2400)]) == []


def test_a_process_that_no_longer_writes_lines_of_that_level_is_not_silent(tmp_path: Path) -> None:
    raised = [
        *worker("worker-2", 0, 2400, until=2400),
        *(at(second, "worker-2", f"slow disk {second}", "WARN") for second in range(2400, END, 30)),
    ]
    assert found(tmp_path, [*worker("worker-1", 0, END), *raised]) == []


def alone(until: int, extra: tuple[str, ...] = (), emits: bool = True) -> list[str]:
    """One worker, to which the web emits every 20 s, and which lives to the end."""
    lines = [at(second, "worker-1", "GET /healthz 200 1ms") for second in range(0, END, 30)]
    for second in range(0, END, 20):
        lines += [at(second, "web-1", f"emitted order.paid order=o{second}77")] if emits or second < until else []
        lines += [at(second + 1, "worker-1", f"handled order.paid order=o{second}77")] if second < until else []
    return [*lines, *extra]


def test_a_single_process_that_handles_nothing_of_what_is_emitted_yet_is_told(tmp_path: Path) -> None:
    (fact,) = found(tmp_path, alone(2400))
    assert (fact.instance, fact.subject, fact.before, fact.others, fact.due) == ("worker-1", "order.paid", 120, 0, 150)
    assert fact.says().endswith("it lives for 50 min yet, and 150 more are emitted")


@pytest.mark.parametrize(
    "lines",
    [
        alone(END),
        alone(2400, emits=False),
        alone(2400, (at(2402, "worker-1", "shutting down on SIGTERM"),)),
        alone(
            2400,
            tuple(
                at(second + 1, "worker-1", f"order=o{second}77 cannot be charged", "ERROR")
                for second in range(2400, END, 20)
            ),
        ),
        [
            line
            for line in alone(2400)
            if "worker-1" not in line or " 08:" in line.replace("08:4", "x").replace("08:5", "x")
        ],
    ],
    ids=[
        "it handles all",
        "nothing is emitted any more",
        "it was being stopped",
        "it fails",
        "nothing shows that it lives",
    ],
)
def test_a_single_process_is_not_told_where(tmp_path: Path, lines: list[str]) -> None:
    assert found(tmp_path, lines) == []


def test_a_process_that_was_stopped_before_shows_nothing_of_what_would_have_come(tmp_path: Path) -> None:
    stopped = [*worker("worker-1", 0, 1_200, until=1_200), at(1_210, "worker-1", "SIGTERM, closing server")]
    assert found(tmp_path, [*stopped, *worker("worker-2", 600, 2_400)]) == []


def sorter(until: int, lives: int = END, last: int = 90) -> list[str]:
    """In words that say nothing of handling: it sorts every 20 s, answers its health check, and what waits rises once it sorts no more."""
    lines = [at(second, "sorter-1", f"letter in its box letter=l{second}77") for second in range(0, until, 20)]
    lines += [at(second, "sorter-1", "GET /healthz 200 1ms") for second in range(0, lives, 30)]
    return [*lines, *(at(second, "gauge-1", f"group=sorters lag={max(0, min(last, (second - 2400) // 20))}") for second in range(5, END, 120))]


def test_a_process_whose_line_stays_away_since_the_lag_rises_is_told_whatever_it_says(tmp_path: Path) -> None:
    (fact,) = found(tmp_path, sorter(2400))
    assert (fact.instance, fact.before, fact.due) == ("sorter-1", 120, 90)


@pytest.mark.parametrize("lines", [sorter(END), sorter(2400, lives=2400), sorter(2400, last=2), sorter(1200)])
def test_a_lag_alone_or_a_process_that_ended_or_changed_before_is_not(tmp_path: Path, lines: list[str]) -> None:
    assert found(tmp_path, lines) == []


def labels(until: int, lives: int = END) -> list[str]:
    """A desk takes parcels in, and one printer's process makes a label for each, in words of their own."""
    lines = [at(second, "desk-1", f"parcel P{second}77 taken in") for second in range(0, END, 20)]
    lines += [at(second + 1, "labels-1", f"label for P{second}77 on printer 2") for second in range(0, until, 20)]
    return [*lines, *(at(second, "labels-1", "GET /healthz 200 1ms") for second in range(0, lives, 30))]


def test_one_that_does_nothing_more_of_what_another_hands_it_is_told_whatever_the_words(tmp_path: Path) -> None:
    assert [(fact.instance, fact.due > 50) for fact in found(tmp_path, labels(2400))] == [("labels-1", True)]
    assert found(tmp_path, labels(2400, lives=2400)) == []
    assert found(tmp_path, labels(END)) == []
