"""Is a name that is asked for in vain laid beside the one that goes out, and nothing where they differ or the names are right?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.logs.asked_names import kind_of
from tests.tools.shipped import shipped_logs


def mistaken(folder: Path, vain: str, sent: str, taken: str = "", count: int = 4) -> list[tuple[str, str]]:
    lines = [f"2026-03-04 09:{n:02d}:00 {text.format(n=n)}" for n in range(count) for text in (vain, sent, taken) if text]
    (folder / "app.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    return [(event, near) for event, _, near, _ in Eyes(target, Knowledge(logs=shipped_logs)).logs.summary.asked.mistaken()]


@pytest.mark.parametrize(
    ("vain", "sent"),
    [
        ('Ignoring unmatched topic "trails:{n}" in RangerWeb.UserSocket', "broadcast trail:{n} tree_down"),
        ("subscription refused: unknown channel sluices/{n}", "published sluice/{n} level=3"),
        ("kayak client asked, channel private-orders.{n} not found", "broadcasting to orders.{n} paid"),
        ("No route found for path 'ws/boards/{n}/'.", "group_send to room ws/board/{n}"),
    ],
)
def test_names_that_differ_by_their_spelling(tmp_path: Path, vain: str, sent: str) -> None:
    assert len(mistaken(tmp_path, vain, sent)) == 1


@pytest.mark.parametrize(
    ("vain", "sent", "taken", "count"),
    [
        ("unknown channel weather:{n}", "broadcast trail:{n} tree_down", "", 4),
        ("unknown channel trails:{n}", "broadcast trail:{n} tree_down", "", 1),
        ("unknown channel trail:{n}", "broadcast trail:{n} tree_down", "", 4),
        ("unknown channel trails:{n}", "broadcast trail:{n} tree_down", "client joined trails:{n}", 4),
    ],
)
def test_nothing_where_another_thing_is_asked_for_or_once_or_it_is_taken_on(tmp_path: Path, vain: str, sent: str, taken: str, count: int) -> None:
    assert mistaken(tmp_path, vain, sent, taken, count) == []


def test_what_tells_one_of_a_kind_from_another_is_left_out() -> None:
    assert [kind_of(name) for name in ("trails:8", "boards/east/7f3a91c2", "order.created", "https://a.example", "main.py")] == ["trails:*", "boards/east/*", "order.created", "", ""]
