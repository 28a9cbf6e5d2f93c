"""Is it said what logs leave open, with the line that would show it, and nothing where they show it?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.facts.log_views import DeliveryUnseen
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_unseen import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def unseen(folder: Path, files: dict[str, list[str]]) -> list[DeliveryUnseen]:
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    eyes = Eyes(Target(base=folder, folders=(folder,)), KNOWN)
    return [
        fact
        for item in PROBE.look(eyes.target, eyes)
        if isinstance(fact := getattr(item, "fact", None), DeliveryUnseen)
    ]


def at(minute: int, second: float, text: str, level: str = "INFO") -> str:
    return f"2026-03-09 08:{minute:02d}:{second:06.3f} {level} {text}"


def emitted(n: int) -> str:
    return at(n, 1, f"emitted order.paid order=o{n + 100}")


def handled(n: int, level: str = "INFO") -> str:
    return at(n, 2, f"handled order.paid order=o{n + 100}", level)


def test_where_no_line_says_that_anything_is_handled_the_line_to_write_is_said(tmp_path: Path) -> None:
    (found,) = unseen(tmp_path, {"app.log": [emitted(n) for n in range(20)]})
    assert (found.event, found.what, found.count) == ("order.paid", "handled", 20)
    assert "level INFO: `handled order.paid id=" in found.log


def test_nothing_is_open_where_handling_is_written_down(tmp_path: Path) -> None:
    lines = [line for n in range(20) for line in (emitted(n), *([handled(n)] if n % 2 else []))]
    assert [one for one in unseen(tmp_path, {"app-1.log": lines}) if one.what == "handled"] == []


def test_an_emission_that_says_itself_that_nobody_heard_it_leaves_nothing_open(tmp_path: Path) -> None:
    lines = [at(n, 1, f"emit order.paid order=o{n + 100} -> false") for n in range(20)]
    assert unseen(tmp_path, {"app.log": lines}) == []


def test_a_log_that_ends_before_the_others_is_asked_for(tmp_path: Path) -> None:
    files = {"web-0.log": [emitted(n) for n in range(40)], "mail-1.log": [handled(n) for n in range(20)]}
    (found,) = unseen(tmp_path, files)
    assert (found.count, found.why) == (20, "the log of mail-1 ends before")
    assert found.log.startswith("Give the log of mail-1 up to")


def test_a_process_that_tells_less_is_told_apart(tmp_path: Path) -> None:
    mail = [handled(n, "DEBUG") if n < 20 else at(n, 5, "slow mail server", "WARN") for n in range(41)]
    (found,) = unseen(tmp_path, {"web-0.log": [emitted(n) for n in range(40)], "mail-1.log": mail})
    assert found.why == "handling is written at level DEBUG, and mail-1 writes no line of that level"
    assert found.log.endswith("or set its level to DEBUG")


def test_lines_that_name_no_process_are_asked_to(tmp_path: Path) -> None:
    lines = [line for n in range(20) for line in (emitted(n), *([handled(n)] if n % 2 else []))]
    (found,) = unseen(tmp_path, {"app.log": [*lines, at(21, 0, "alive")]})
    assert (found.what, found.count) == ("process", 10)
    assert found.log.startswith("Name the process")
