"""Is a kind of line that ends at a reconnect stated?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_ends import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, *lines: str, name: str = "app.log") -> list[Evidence]:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, KNOWN)
    assert PROBE.skip(target, eyes) == ""
    return [item for item in PROBE.look(target, eyes) if isinstance(item, Evidence)]


def at(second: float, text: str) -> str:
    return f"2025-03-04 09:{int(second) // 60:02d}:{int(second) % 60:02d},{int(second * 1000) % 1000:03d} {text}"


def test_readings_that_end_with_the_connection_are_stated(tmp_path: Path) -> None:
    readings = [at(n * 10, f"INFO store: plant reading {n} kW") for n in range(30)]
    lost = [at(300, "WARNING link: disconnected (keep alive timeout)"), at(310, "INFO link: connected (Success)")]
    alive = [at(n * 10 + 3, f"INFO push: pushed {n}") for n in range(100)]
    more = [at(n * 10 + 4, f"INFO main: alive {n}") for n in range(100)]
    found = look(tmp_path, *sorted([*readings, *lost, *alive, *more]))
    assert [e.fact.attributes()["callcheck.stopped.after"] for e in found] == ["reconnect"]
    assert any(e.where and e.where.line == 92 for e in found[0].flat()) or found[0].where is not None


@pytest.mark.parametrize("lost", ["error 57P01 terminating connection due to administrator command", "server closed the connection unexpectedly", "the connection was terminated"])
def test_a_connection_that_its_server_ends_is_lost_in_that_server_s_words(tmp_path: Path, lost: str) -> None:
    told = [at(n * 10, f"INFO board: notification {n}") for n in range(30)]
    alive = [at(n * 10 + 3, f"INFO sales: ticket {n} sold") for n in range(100)]
    found = look(tmp_path, *sorted([*told, at(299, f"WARNING db: {lost}"), *alive]))
    assert [(e.fact.attributes()["callcheck.stopped.after"], e.where and e.where.line) for e in found] == [("reconnect", 61)]


def test_readings_that_go_on_are_not(tmp_path: Path) -> None:
    readings = [at(n * 10, f"INFO store: plant reading {n} kW") for n in range(100)]
    lost = [at(300, "WARNING link: disconnected (keep alive timeout)"), at(310, "INFO link: connected (Success)")]
    assert look(tmp_path, *sorted([*readings, *lost])) == []


def test_notifications_that_end_when_their_subscription_expires_are_stated_whenever_its_line_was_written(tmp_path: Path) -> None:
    made = at(0, "INFO graph: subscription created id=7f1c expires=2025-03-04T09:05:00Z")
    notified = [at(n * 10, f"INFO mail: notification {n} sorted") for n in range(1, 30)]
    alive = [at(n * 10 + 3, f"INFO web: inbox shown {n}") for n in range(100)]
    found = look(tmp_path, *sorted([made, *notified, *alive]))
    assert [(e.fact.attributes()["callcheck.stopped.after"], e.where and e.where.line) for e in found] == [("expiry", 1)]
    gone_on = [at(n * 10, f"INFO mail: notification {n} sorted") for n in range(30, 100)]
    assert look(tmp_path, *sorted([made, *notified, *gone_on, *alive])) == []


@pytest.mark.parametrize(("error", "shaped"), [("TypeError: kept() takes 2 positional arguments but 3 were given", True), ("RuntimeError: no room left", False)])
def test_what_ended_the_thread_is_known_to_be_about_the_payload_or_not(tmp_path: Path, error: str, shaped: bool) -> None:
    before = [at(n * 10, f"INFO store: plant reading {n} kW") for n in range(30)]
    died = ["Exception in thread Thread-3 (consume):", "Traceback (most recent call last):", '  File "/srv/hub/.venv/lib/python3.12/site-packages/feed/client.py", line 3, in _run', "    callback(", error]
    after = [at(n * 10 + 3, f"INFO push: pushed {n}") for n in range(30, 100)]
    pushed = [at(n * 10 + 3, f"INFO push: pushed {n}") for n in range(30)]
    found = look(tmp_path, *sorted([*before, *pushed]), *died, *after)
    assert [(e.fact.attributes()["callcheck.stopped.after"], e.fact.attributes()["callcheck.error.payload_shaped"]) for e in found] == [("exception", shaped)]


@pytest.mark.parametrize("lost", ["WARNING link: connection lost, writing down where we are", "ERROR link: Caught exception in on_disconnect: gone() takes 2 positional arguments but 4 were given"])
def test_the_end_of_a_thread_says_more_than_that_its_connection_is_lost(tmp_path: Path, lost: str) -> None:
    readings = [at(n * 10, f"INFO store: plant reading {n} kW") for n in range(30)]
    died = [at(299, lost), "Exception in thread Thread-3 (consume):", "Traceback (most recent call last):", '  File "/srv/hub/link.py", line 3, in run', "    mark(offset)", "OSError: [Errno 28] No space left on device"]
    pushed = [at(n * 10 + 3, f"INFO push: pushed {n}") for n in range(100)]
    found = look(tmp_path, *sorted([*readings, *pushed[:30]]), *died, *pushed[30:])
    assert [(e.fact.attributes()["callcheck.stopped.after"], e.where and e.where.line) for e in found] == [("exception", 62)]
