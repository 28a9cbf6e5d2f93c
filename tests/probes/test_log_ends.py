"""Is a kind of line that ends at a reconnect stated?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.log_events import EventPaused, EventStopped
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


def level(second: float, text: str, thread: str = "scheduling-1", logger: str = "n.h.quay.Levels") -> str:
    return f"2025-03-04T09:{int(second) // 60:02d}:{int(second) % 60:02d}.{int(second * 1000) % 1000:03d}Z  INFO 1 --- [{thread:>15}] {logger:<40} : {text}"


def quay(during: str = "", thread: str = "scheduling-1") -> list[str]:
    """Levels every minute; from 20:00 on an archive is packed for 25 minutes, in which `during` tells what else comes."""
    levels = [level(n * 60, f"levels read sensors={n % 7}") for n in range(60) if not 20 < n < 45]
    packed = [level(20 * 60 + 1 + n * 290, f"{what} {n}", logger="n.h.quay.Archive", thread=thread) for n, what in enumerate(["packing began, volumes", *["volume packed"] * 4, "packing ended, volumes"])]
    other = [level(n * 60 + 5, f"mooring read {n}", thread=during) for n in range(60)] if during else []
    return sorted([*levels, *packed, *other])


def paused(folder: Path, lines: list[str]) -> list[EventPaused]:
    return [each.fact for each in look(folder, *lines) if isinstance(each.fact, EventPaused)]


def test_one_job_that_holds_the_thread_of_the_others_is_stated(tmp_path: Path) -> None:
    fact, *more = paused(tmp_path, quay())
    assert (fact.how, fact.by, fact.thread, more) == ("held", "packing began volumes", "scheduling-1", []) and 22 <= fact.missed <= 25


def test_a_pause_is_nobodys_who_works_on_another_thread(tmp_path: Path) -> None:
    assert paused(tmp_path, quay(thread="scheduling-2")) == []


def relay(busy: bool = True, waits: bool = True, goes_on: bool = False, often: bool = False) -> list[str]:
    """A relay that ticks every ten seconds and takes what the till sends; once it makes a statement for ninety seconds."""
    lines = []
    for n in range(60):
        held = busy and 30 <= n < 39
        lines += [] if held else [clock("relay-1", n * 10, f"tick open={n % 4}")]
        for sale in range(2):
            sent = n * 10 + 4 * sale + 1
            name = f"S{n}{sale}K"
            lines.append(clock("till-1", sent, f"sale {name} handed over"))
            taken = 391 + (sent - 300) / 100 if held and waits else sent + 0.02
            if not held or waits:
                lines.append(clock("relay-1", taken, f"sale {name} received"))
        lines += [clock("relay-1", n * 10 + 6, f"cache swept keys={n}")] if goes_on else []
        lines += [clock("relay-1", n * 10 + 7, "statement begun month=3")] if often and n % 7 == 0 else []
    lines += [clock("relay-1", 292, "statement begun month=3"), clock("relay-1", 390.5, "statement written month=3 pages=212")] if busy else []
    return sorted(lines, key=lambda line: line[12:36])


def clock(who: str, second: float, text: str) -> str:
    return f"{who:<10}| 2026-05-04T10:{int(second) // 60:02d}:{int(second) % 60:02d}.{int(second * 1000) % 1000:03d}Z INFO {text}"


def test_a_process_is_held_where_all_of_it_is_silent_and_what_others_send_waits(tmp_path: Path) -> None:
    fact, *more = paused(tmp_path, relay())
    assert (fact.how, fact.by, fact.thread, more) == ("held", "INFO statement begun", "", []) and 20 <= fact.missed <= 25


@pytest.mark.parametrize("how", [{"busy": False}, {"waits": False}, {"goes_on": True}, {"often": True}])
def test_a_process_is_not_held_where_nobody_waits_or_other_lines_go_on_or_the_work_is_usual(tmp_path: Path, how: dict[str, bool]) -> None:
    assert paused(tmp_path, relay(**how)) == []


def test_a_thread_on_which_other_lines_go_on_is_not_held(tmp_path: Path) -> None:
    assert paused(tmp_path, quay(during="scheduling-1")) == []
    assert len(paused(tmp_path, quay(during="scheduling-2"))) == 1


def test_what_another_thread_takes_over_does_not_pause(tmp_path: Path) -> None:
    taken = [level(n * 60, f"levels read sensors={n % 7}", thread="scheduling-2") for n in range(21, 45)]
    assert paused(tmp_path, sorted([*quay(), *taken])) == []


def test_work_that_comes_at_other_times_too_holds_nobody(tmp_path: Path) -> None:
    often = [level(n * 60 + 9, f"volume packed {n}", logger="n.h.quay.Archive") for n in (*range(20), *range(46, 59))]
    assert paused(tmp_path, sorted([*(line for line in quay() if "packing" not in line), *often])) == []


def test_lines_that_come_when_somebody_asks_are_not_due(tmp_path: Path) -> None:
    asked = [level(n * n * 3 % 3500, f"levels read sensors={n % 7}") for n in range(30) if not 1200 < n * n * 3 % 3500 < 2700]
    assert paused(tmp_path, sorted([*asked, *(line for line in quay() if "Archive" in line)])) == []


STOPS = [
    "proxy: App quay has excess capacity, autostopping machine 1781. 0 out of 1 machines left running",
    "workers have been inactive for more than 600 seconds (1741080000-1741079400)",
    "pool Quay was shutdown due to inactivity. Application Pool timeout was set to 10 minutes.",
]


@pytest.mark.parametrize("stop", STOPS)
def test_a_process_that_is_stopped_as_idle_misses_its_turns(tmp_path: Path, stop: str) -> None:
    ticks = [at(n * 60, f"INFO tides: tide table read rows={n}") for n in range(60) if not 20 < n < 50]
    fact, *more = paused(tmp_path, [*ticks[:21], at(1230, stop), at(2990, "INFO main: server started"), *ticks[21:]])
    assert (fact.how, more) == ("idle", []) and 27 <= fact.missed <= 32


def test_a_stop_with_which_nothing_stays_away_is_none(tmp_path: Path) -> None:
    ticks = [at(n * 60, f"INFO tides: tide table read rows={n}") for n in range(60)]
    assert paused(tmp_path, sorted([*ticks, at(1230, STOPS[0])])) == []
    gone = [at(n * 60, f"INFO tides: tide table read rows={n}") for n in range(60) if not 20 < n < 50]
    assert paused(tmp_path, sorted([*gone, at(3100, STOPS[0])])) == []


STREAM = """Exception in thread follow:
Traceback (most recent call last):
  File "/usr/local/lib/python3.12/threading.py", line 1075, in _bootstrap_inner
    self.run()
  File "/srv/quay/follow.py", line 21, in follow
    {code}
  File "/usr/local/lib/python3.12/site-packages/feed/stream.py", line 88, in read
    raise Gone(410)
feed.errors.Gone: 410"""


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("for change in feed.changes(since=mark):", "stream"),
        ("message = pubsub.get_message(timeout=30)", "stream"),
        ("channel.start_consuming()", "stream"),
        ("requests.post(HOOK, json=body)", "exception"),
        ("row = rows[change.id]", "exception"),
    ],
)
def test_the_stream_of_a_thread_that_fails_is_told_from_its_handler(tmp_path: Path, code: str, after: str) -> None:
    readings = [at(n * 10, f"INFO store: berth {n} changed") for n in range(30)]
    alive = [at(n * 10 + 3, f"INFO push: pushed {n}") for n in range(100)]
    lines = sorted([*readings, *alive])
    until = next(n for n, line in enumerate(lines) if line > at(300, ""))
    (found,) = [each.fact for each in look(tmp_path, *lines[:until], *STREAM.format(code=code).split("\n"), *lines[until:]) if isinstance(each.fact, EventStopped)]
    assert found.after == after


def test_a_thread_that_ends_in_a_quiet_time_ends_what_it_wrote(tmp_path: Path) -> None:
    """Nothing is asked for between 05:00 and 20:00, in which the thread ends."""
    asked = [at(n * 10, f"INFO desk: berth {n} asked for") for n in (*range(30), *range(120, 200))]
    given = [at(n * 10 + 2, f"INFO follow: berth {n} given") for n in range(30)]
    other = [at(n * 10 + 5, f"INFO beat: alive {n}") for n in range(200)]
    lines = sorted([*asked, *given, *other])
    until = next(n for n, line in enumerate(lines) if line > at(1100, ""))
    death = STREAM.format(code="for change in feed.changes(since=mark):").split("\n")
    (found,) = [each.fact for each in look(tmp_path, *lines[:until], *death, *lines[until:]) if isinstance(each.fact, EventStopped)]
    assert (found.after, found.before) == ("stream", 30)
    # Asked for all the time, it had ended long before.
    more = [at(n * 10, f"INFO desk: berth {n} asked for") for n in range(30, 120)]
    lines = sorted([*lines, *more])
    until = next(n for n, line in enumerate(lines) if line > at(1100, ""))
    assert [each for each in look(tmp_path, *lines[:until], *death, *lines[until:]) if isinstance(each.fact, EventStopped)] == []


def topics(until: int) -> list[str]:
    north = [at(n * 10, "INFO gauges: level filed topic=quay/north") for n in range(until)]
    south = [at(n * 10 + 2, "INFO gauges: level filed topic=quay/south") for n in range(60)]
    return sorted([*north, *south, at(299, "WARNING mqtt: broker connection lost"), at(301, "INFO mqtt: broker connected"), *[at(n * 10 + 3, "INFO web: page shown") for n in range(60)]])


def test_one_topic_that_falls_silent_at_a_reconnect_while_the_same_line_comes_of_another_is_stated(tmp_path: Path) -> None:
    assert [e.fact.attributes()["callcheck.stopped.after"] for e in look(tmp_path, *topics(30))] == ["reconnect"]
    assert look(tmp_path, *topics(60)) == []


@pytest.mark.parametrize("end", ["amqp: channel closed code=406", "kafka: consumer stopped", "pubsub: subscription was closed", "feed: exchange websocket closed code=1006", "chain: upstream socket dropped"])
def test_a_channel_or_consumer_that_ends_is_what_its_lines_end_with(tmp_path: Path, end: str) -> None:
    printed = [at(n * 10, f"INFO labels: label {n} printed") for n in range(30)]
    alive = [at(n * 10 + 3, "INFO amqp: still connected") for n in range(100)]
    assert [e.fact.attributes()["callcheck.stopped.after"] for e in look(tmp_path, *sorted([*printed, at(296, f"WARNING {end}"), *alive]))] == ["reconnect"]


@pytest.mark.parametrize(("ends", "said"), [("stopped leading", "leadership"), ("change stream closed", "reconnect"), ("pages open connected=14", "")])
def test_a_leadership_and_a_change_stream_end_and_a_count_of_clients_does_not(tmp_path: Path, ends: str, said: str) -> None:
    done = [at(n * 10, f"INFO quota: namespace {n} reconciled") for n in range(30)]
    alive = [at(n * 10 + 3, "INFO web: page shown") for n in range(100)]
    found = [e.fact.attributes()["callcheck.stopped.after"] for e in look(tmp_path, *sorted([*done, at(296, f"INFO quota: {ends}"), *alive]))]
    assert found == [said] * bool(said)


@pytest.mark.parametrize("before", [0, 6])
def test_connections_of_clients_that_come_while_the_lines_do_end_none_of_them(tmp_path: Path, before: int) -> None:
    shown = [at(n * 10, f"INFO board: arrival {n} shown") for n in range(30)]
    came = [at(n * 40 + 4, f"INFO hub: screen connected desk={n}") for n in range(before)]
    alive = [at(n * 10 + 3, "INFO web: page shown") for n in range(100)]
    found = look(tmp_path, *sorted([*shown, *came, at(296, "INFO hub: screen connected desk=7"), *alive]))
    assert [e.fact.attributes()["callcheck.stopped.after"] for e in found] == ["reconnect"] * (not before)
