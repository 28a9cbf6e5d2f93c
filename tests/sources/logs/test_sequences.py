"""Which numbers of a stream are said to be lost, and when is a hole none?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from callcheck.model.facts.log_events import SequenceGap
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_sequences import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
LOST = (17, 18, 31)


def log(said: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{who} | 2026-03-01T10:{n // 60:02d}:{n % 60:02d}.000Z INFO {text}\n" for n, (who, text) in enumerate(said))


def gaps(folder: Path, text: str) -> list[SequenceGap]:
    (folder / "app.log").write_text(text)
    eyes = Eyes(Target(base=folder, folders=(folder,)), Knowledge(logs=lambda: KNOWN))
    return [found.fact for found in PROBE.look(eyes.target, eyes) if hasattr(found, "fact") and isinstance(found.fact, SequenceGap)]


def stream(n: int, who: str = "api-1", lost: Iterable[int] = LOST, name: str = "channel=quotes ") -> list[tuple[str, str]]:
    return [] if n in lost else [(who, f"received tick {name}seq={n}")]


def sent(n: int, name: str = "channel=quotes ") -> tuple[str, str]:
    return "feed-1", f"published tick {name}seq={n}"


def test_numbers_that_were_sent_and_never_came_are_lost(tmp_path: Path) -> None:
    found = gaps(tmp_path, log([each for n in range(1, 61) for each in (sent(n), *stream(n))]))
    assert found == [SequenceGap("channel=quotes", 3, 60, True)]


def test_without_the_sender_the_stream_has_to_be_dense_elsewhere(tmp_path: Path) -> None:
    assert gaps(tmp_path, log([each for n in range(1, 101) for each in stream(n)])) == [SequenceGap("channel=quotes", 3, 100, False)]


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("whoever hears it skips most of it", [each for n in range(1, 200) for each in stream(n, lost=[n] if n % 3 else [])]),
        ("too few were heard to know", [each for n in range(10, 35) for each in stream(n)]),
        ("another process took them", [each for n in range(1, 101) for each in (sent(n), *(stream(n) or stream(n, "api-2", ())))]),
        ("work is shared", [each for n in range(1, 101) for each in (sent(n), *stream(n, f"api-{n % 3}", ()))]),
        ("nothing is missing", [each for n in range(1, 101) for each in (sent(n), *stream(n, lost=()))]),
        ("they came late", [each for n in range(1, 101) for each in (sent(n), *stream(n))] + [("api-1", f"received tick channel=quotes seq={n}") for n in LOST]),
        ("it is its own sender's buffer", [each for n in range(1, 101) for each in (sent(n), *[("feed-1", f"buffer at channel=quotes seq={n}")][: n not in LOST])]),
        ("the end is still on its way", [each for n in range(1, 101) for each in (sent(n), *stream(n, lost=range(90, 101)))]),
        ("what is missing was another event", [each for n in range(1, 101) for each in (sent(n) if n not in LOST else ("feed-1", f"published orders.paid seq={n}"), *stream(n))]),
        ("nobody hears that event", [each for n in range(1, 101) for each in ([("feed-1", f"published order.{'paid' if n in LOST else 'made'} seq={n}")] + [("api-1", f"received order.made seq={n}")][: n not in LOST])]),
        ("numbers begin anew for each run", [each for run in range(30) for n in range(1, 5) for each in stream(n, name=f"run=r{run} ", lost=())]),
    ],
)
def test_a_hole_is_none_where(tmp_path: Path, why: str, said: list[tuple[str, str]]) -> None:
    assert gaps(tmp_path, log(said)) == [], why


def test_where_each_process_hears_all_of_it_each_has_its_own_holes(tmp_path: Path) -> None:
    said = [each for n in range(1, 101) for each in (sent(n), *stream(n), *stream(n, "api-2", ()))]
    assert gaps(tmp_path, log(said)) == [SequenceGap("channel=quotes", 3, 200, True)]


def test_many_streams_are_told_as_one(tmp_path: Path) -> None:
    said = [each for room in range(8) for n in range(1, 11) for each in (sent(n, f"room=r{room} "), *stream(n, name=f"room=r{room} ", lost=[room + 2]))]
    assert gaps(tmp_path, log(said)) == [SequenceGap("room", 8, 80, True)]
