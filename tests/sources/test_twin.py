"""What is shared out among a process and its twins is done once, and all of it, whatever becomes of a twin."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from callcheck.sources import twin

needs_two = pytest.mark.skipif(not twin.possible(), reason="takes Linux, two processors, and no thread beside this one")


@needs_two
def test_each_number_is_taken_by_one_process() -> None:
    done = twin.shared(200, lambda numbers: [(os.getpid(), number) for number in numbers])
    assert len(done) > 1
    assert sorted(number for each in done for _, number in each) == list(range(200))
    assert {pid for each in done[1:] for pid, _ in each}.isdisjoint({os.getpid()})


def test_alone_it_takes_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin, "possible", lambda: False)
    assert twin.shared(3, list) == [[0, 1, 2]]


@needs_two
def test_what_a_dead_twin_took_is_done_again() -> None:
    here = os.getpid()

    def work(numbers: Iterator[int]) -> list[int]:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return list(numbers)

    assert twin.shared(50, work) == [list(range(50))]


@needs_two
def test_where_no_twin_is_to_be_had_nothing_is_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    asked: list[int] = []
    assert twin.shared(5, lambda numbers: [asked.append(number) for number in numbers]) == [[None] * 5]
    assert asked == [0, 1, 2, 3, 4]


@needs_two
def test_an_error_in_a_twin_is_met_here() -> None:
    here = os.getpid()

    def work(numbers: Iterator[int]) -> int:
        for number in numbers:
            if number == 17 or os.getpid() != here:
                raise OSError("gone")
        return 0

    with pytest.raises(OSError, match="gone"):
        twin.shared(50, work)
