"""Are counts told that only rise, and no others?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.journeys import CountGrows
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_counts import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, entries: list[dict[str, object]]) -> list[CountGrows]:
    text = "".join(
        json.dumps({"level": 30, "time": 1795420101321 + n, "hostname": "web-1"} | e) + "\n"
        for n, e in enumerate(entries)
    )
    (folder / "app.log").write_text(text, encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    found = [item for item in PROBE.look(target, Eyes(target, KNOWN)) if isinstance(item, Evidence)]
    return [item.fact for item in found if isinstance(item.fact, CountGrows)]


def test_listeners_that_only_rise_are_told(tmp_path: Path) -> None:
    (fact,) = look(tmp_path, [{"msg": "screen connected", "listenerCount": n} for n in range(2, 30)])
    assert (fact.of, fact.name, fact.first, fact.last) == ("listeners", "listenerCount", 2, 29)


def test_listeners_that_come_and_go_are_not(tmp_path: Path) -> None:
    assert look(tmp_path, [{"msg": "screen connected", "listenerCount": 2 + n % 9 + n // 9} for n in range(40)]) == []


def test_a_queue_that_nobody_takes_from_is_told_as_idle(tmp_path: Path) -> None:
    (fact,) = look(tmp_path, [{"msg": "job enqueued", "waiting": n, "active": 0} for n in range(1, 30)])
    assert (fact.of, fact.idle) == ("waiting", True)


def test_a_queue_that_drains_is_not_told(tmp_path: Path) -> None:
    assert look(tmp_path, [{"msg": "job enqueued", "waiting": n % 12, "active": 2} for n in range(60)]) == []


@pytest.mark.parametrize("name", ["req-{}", "job {}", "ticket #{}", "order/{}"])
def test_the_number_of_a_thing_that_waits_is_no_count(tmp_path: Path, name: str) -> None:
    assert look(tmp_path, [{"msg": f"GET /now {name.format(n)} waiting for the next message"} for n in range(1, 30)]) == []


@pytest.mark.parametrize("before", ["", "backlog: ", "jobs: "])
def test_a_number_that_stands_alone_counts_what_waits(tmp_path: Path, before: str) -> None:
    (fact,) = look(tmp_path, [{"msg": f"{before}{n} waiting"} for n in range(1, 30)])
    assert (fact.of, fact.last) == ("waiting", 29)
