"""Are known lines stated, once per subject, and left out where nothing is missing?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import rulebooks
from callcheck.model.evidence import Evidence
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_signals import PROBE
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


def told(found: list[Evidence]) -> list[tuple[object, object, object]]:
    attributes = [e.fact.attributes() for e in found]
    return [(a["callcheck.signal"], a["callcheck.subject"], a["callcheck.count"]) for a in attributes]


def test_an_unregistered_task_is_named(tmp_path: Path) -> None:
    assert told(
        look(tmp_path, "[2025-03-04 09:00:00,001: ERROR/MainProcess] Received unregistered task of type 'shop.remind'.")
    ) == [("task-unregistered", "shop.remind", 1)]


def test_a_message_that_one_of_two_agents_handles_is_not_unhandled(tmp_path: Path) -> None:
    calling = "INFO:autogen_core:Calling message handler for {} with message type Paid published by Unknown"
    unhandled = "INFO:autogen_core:Unhandled message: Paid(id=1)"
    assert look(tmp_path, calling.format("intake"), unhandled, calling.format("ledger")) == []
    assert told(look(tmp_path, calling.format("intake"), unhandled, calling.format("ledger"), unhandled)) == [
        ("unhandled-message", "Paid", 2)
    ]


def test_messages_that_nobody_is_handed_are_undelivered(tmp_path: Path) -> None:
    published = [at(n, f"INFO autogen_core Publishing message of type Paid to all subscribers: {{'bill': 'B-{n}01'}}") for n in range(1, 5)]
    assert told(look(tmp_path, *published)) == [("published-undelivered", "Paid", 4)]


def test_messages_on_which_the_app_works_on_are_delivered(tmp_path: Path) -> None:
    published = [at(n, f"INFO autogen_core Publishing message of type Paid to all subscribers: {{'bill': 'B-{n}01'}}") for n in range(1, 5)]
    further = [at(n + 0.5, f"INFO shop.{name} B-{n}01 {text}") for n in range(1, 5) for name, text in (("ledger", "booked"), ("mail", "thanks written"))]
    assert look(tmp_path, *sorted(published + further)) == []


def test_an_error_of_an_agent_shows_that_messages_are_delivered(tmp_path: Path) -> None:
    published = [at(n, f"INFO autogen_core Publishing message of type Paid to all subscribers: {{'bill': 'B-{n}01'}}") for n in range(1, 5)]
    assert look(tmp_path, *published, at(9, "ERROR autogen_core Error processing publish message for ledger/B-101")) == []


def test_an_agent_that_acts_unasked_shows_that_lines_are_missing(tmp_path: Path) -> None:
    published = [at(n, f"INFO autogen_core Publishing message of type Paid to all subscribers: {{'bill': 'B-{n}01'}}") for n in (1, 2)]
    booked = at(3, "INFO autogen_core Calling message handler for mailer with message type Booked published by ledger/B-101")
    called = at(0, "INFO autogen_core Calling message handler for ledger with message type Opened published by Unknown")
    assert look(tmp_path, *published, booked) == []
    assert told(look(tmp_path, called, *published, booked)) == [("published-unrouted", "Paid", 2)]


def test_a_consumer_that_comes_back_is_cured(tmp_path: Path) -> None:
    crash = at(1, "ERROR [Consumer] Crash: KafkaJSNumberOfRetriesExceeded: x")
    assert told(look(tmp_path, crash)) == [("consumer-stopped", "", 1)]
    assert look(tmp_path, crash, at(2, "ERROR [Consumer] Restarting the consumer in 8211ms")) == []


def test_listeners_on_an_abort_signal_are_no_leak(tmp_path: Path) -> None:
    warning = "(node:7) MaxListenersExceededWarning: Possible {} memory leak detected. 11 {} listeners added to [{}]. MaxListeners is 10."
    assert look(tmp_path, warning.format("EventTarget", "abort", "AbortSignal")) == []
    assert told(look(tmp_path, warning.format("EventEmitter", "done", "Bus"))) == [("max-listeners", "done", 1)]


def test_a_stranger_without_a_signature_is_no_cause_where_webhooks_are_taken(tmp_path: Path) -> None:
    taken = [at(n, 'INFO "POST /webhooks/pay HTTP/1.1" 200 2') for n in range(1, 40)]
    strangers = [at(n, "WARNING signature mismatch for POST /webhooks/pay") for n in (5, 15, 25)]
    assert told(look(tmp_path, *sorted(taken + strangers))) == []


def test_refusals_after_the_last_webhook_that_was_taken_count(tmp_path: Path) -> None:
    taken = [at(n, 'INFO "POST /webhooks/pay HTTP/1.1" 200 2') for n in range(1, 40)]
    refused = [at(n, "WARNING signature mismatch for POST /webhooks/pay") for n in (45, 50, 55)]
    assert [signal for signal, *_ in told(look(tmp_path, *taken, *refused))] == ["signature-refused"]


def test_a_line_that_says_by_itself_what_stops_counts_whatever_it_names_and_not_below_its_least(tmp_path: Path) -> None:
    refused = "WARNING django.request: Method Not Allowed (POST): /hooks/{}/"
    lines = [at(each, refused.format(each)) for each in range(3)]
    (found,) = look(tmp_path, *lines)
    assert (found.fact.attributes()["callcheck.trap.effect"], len(found.because)) == ("callback-rejected", 2)
    assert look(tmp_path, *lines[:2]) == []


def test_what_mends_such_a_line_later_takes_it_back(tmp_path: Path) -> None:
    alarm = "2025-03-04 09:00:01.000000+00:00 [warning] <0.41.0> memory resource limit alarm {} on node rabbit@mq-1"
    assert [type(each.fact).kind for each in look(tmp_path, alarm.format("set"))] == ["library.trap"]
    assert look(tmp_path, alarm.format("set"), alarm.format("cleared").replace(":01.", ":09.")) == []


def test_each_such_line_is_told_as_what_it_says(tmp_path: Path) -> None:
    meant = [sign for sign in KNOWN.logs().signatures if sign.means]
    silent = []
    for number, sign in enumerate(meant):
        folder = tmp_path / str(number)
        folder.mkdir()
        due = sign.means.due_s
        lines = [at(1, sign.samples[0]), at(2 + due, "INFO app page shown")] if due else [sign.samples[0]] * sign.means.least
        effects = {each.fact.attributes().get("callcheck.trap.effect") for each in look(folder, *lines)}
        if sign.means.effect not in effects:
            silent.append(sign.signal)
    assert silent == []
    assert {sign.means.effect for sign in meant} <= {rule.cause for rule in rulebooks.load_rules()}


@pytest.mark.parametrize("late", [False, True])
def test_an_answer_that_nobody_asked_for_is_told_from_one_that_comes_too_late(tmp_path: Path, late: bool) -> None:
    asked = "ERROR onerror Error: Received a response for an unknown message ID: {}", "ERROR tool failed: MCP error -32001: Request timed out"
    texts = [text for _ in range(4) for text in (reversed(asked) if late else asked)]
    lines = [f"2025-03-04 09:{n:02d}:00,000 {text}" for n, text in enumerate(texts)]
    signals = [e.fact.attributes()["callcheck.signal"] for e in look(tmp_path, *lines) if e.fact.kind == "log.signal"]
    assert signals == ["answer-unknown-late" if late else "answer-unknown"]


def handled(kind: str, *seconds: int) -> list[str]:
    return [at(second, f"INFO {kind} {7000 + second} handled") for second in seconds]


FORCED = at(100, "ERROR broker says CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'")


def test_a_consumer_of_which_all_work_goes_on_came_back_whatever_its_library_says(tmp_path: Path) -> None:
    before = handled("order", 10, 30, 50, 70, 90)
    assert look(tmp_path, *before, FORCED, *handled("order", *range(130, 300, 20))) == []
    assert {e.fact.kind for e in look(tmp_path, *before, FORCED, *[at(second, "INFO GET /plans 200") for second in range(130, 300, 20)])} == {"library.trap", "log.signal"}


def test_a_consumer_is_not_back_where_others_of_its_process_go_on_or_only_what_it_held_is_handled(tmp_path: Path) -> None:
    refunds, orders = handled("refund", 12, 32, 52, 72, 92), handled("order", 10, 30, 50, 70, 90)
    assert look(tmp_path, *sorted([*refunds, *orders]), FORCED, *handled("order", *range(130, 300, 20))) != []
    assert look(tmp_path, *orders, FORCED, *handled("order", 104, 108), *[at(second, "INFO GET /plans 200") for second in range(130, 400, 20)]) != []


QUEUED = "[ActiveJob] Enqueued {}Job (Job ID: {}) to Sidekiq({}){} with arguments: 1"
BEGUN = "pid=1 tid=gkl class={}Job jid=7d{}ab INFO: start"
PERFORMED = "[ActiveJob] [StockJob] Performing {}Job (Job ID: {}) from SolidQueue(default)"


def jobs(begun: str, *, later: str = "", also: str = "Stock", queue: str = "mailers", count: int = 6) -> list[str]:
    """Two kinds of jobs are queued, `begun` says how those of the one kind are begun."""
    return [
        at(60 * n + second, text)
        for n in range(count)
        for second, text in ((0, QUEUED.format("Stock", n, "default", "")), (1, QUEUED.format("Mail", 70 + n, queue, later)), (2, begun.format(also, n)))
    ]


@pytest.mark.parametrize("begun", [BEGUN, PERFORMED])
def test_jobs_of_one_class_that_are_never_begun_while_others_are_wait_in_a_queue_without_a_worker(tmp_path: Path, begun: str) -> None:
    assert told(look(tmp_path, *jobs(begun))) == [("job-untaken", "MailJob", 6)]


def test_jobs_are_not_untaken_that_wait_for_a_time_are_few_or_stand_beside_none_that_is_begun(tmp_path: Path) -> None:
    assert look(tmp_path, *jobs(BEGUN, later=" at 2025-03-09 07:00:00 UTC")) == []
    assert look(tmp_path, *jobs(BEGUN, count=4)) == []
    assert look(tmp_path, *jobs(BEGUN, also="ActiveJob::QueueAdapters::SidekiqAdapter::Wrapper")) == []
    assert look(tmp_path, *jobs(BEGUN), at(900, BEGUN.format("Mail", 70))) == []


BROKER = "INFO 1 --- [main] o.s.m.s.b.SimpleBrokerMessageHandler : BrokerAvailabilityEvent[available=true, SimpleBrokerMessageHandler [DefaultSubscriptionRegistry@255ceeee]]"


@pytest.mark.parametrize(
    ("other", "begin", "strength"),
    [("board-2", 5, "strong"), ("board-2", 840, "if-many"), ("menu-1", 5, "if-many")],
)
def test_what_fails_where_several_processes_run_is_so_where_the_log_shows_two_of_one_service_side_by_side(tmp_path: Path, other: str, begin: int, strength: str) -> None:
    lines = [f"{who:<8} | {at(start + n * 30, text)}" for who, start in (("board-1", 0), (other, begin)) for n, text in enumerate([BROKER, *["INFO 1 --- [main] a.t.Pages : page shown"] * 29])]
    (trap,) = [e.fact.attributes() for e in look(tmp_path, *lines) if e.fact.kind == "library.trap"]
    assert (trap["callcheck.trap.effect"], trap["callcheck.trap.strength"]) == ("missing-adapter", strength)


WAITING = "INFO:     Waiting for application startup."


def test_what_is_begun_and_never_ready_is_told_once_the_log_has_gone_on_for_long_enough(tmp_path: Path) -> None:
    readings = [at(15 * n, f"INFO feed reading {n} taken in") for n in range(1, 10)]
    told_ = [e.fact.attributes()["callcheck.trap.effect"] for e in look(tmp_path, at(1, WAITING), *readings)]
    assert told_ == ["runtime-not-started"]
    assert look(tmp_path, at(1, WAITING), *readings[:4]) == []
    assert look(tmp_path, at(1, WAITING), at(2, "INFO:     Application startup complete."), *readings) == []
    assert look(tmp_path, WAITING, *readings) == []


NEST = "[Nest] 1  - 03/04/2025, 9:00:{:02d} AM     LOG [{}] {}"


@pytest.mark.parametrize(
    ("made", "started", "left"),
    [
        (2, ["Nest application successfully started"], [("application-unstarted", "", 1)]),
        (2, ["Nest application successfully started", "Nest microservice successfully started"], []),
        (1, ["Nest microservice successfully started", "Nest application successfully started"], []),
    ],
)
def test_what_is_made_is_to_say_that_it_has_started_one_for_one(tmp_path: Path, made: int, started: list[str], left: list[object]) -> None:
    lines = [NEST.format(n, "NestFactory", "Starting Nest application...") for n in range(made)] + [NEST.format(9, "NestApplication", text) for text in started]
    assert told(look(tmp_path, *lines)) == left


STANDBY = "  Scheduler class: 'org.quartz.core.QuartzScheduler' - running locally.\n  NOT STARTED.\n  Currently in standby mode."


@pytest.mark.parametrize(
    ("started", "left"),
    [
        (["Starting Quartz Scheduler now", "Scheduler tides_$_NON_CLUSTERED started."], ["permits"]),
        (["Scheduler tides_$_NON_CLUSTERED started.", "Will start Quartz Scheduler [permits] in 30 seconds"], []),
        (["Starting Quartz Scheduler now"], []),
    ],
)
def test_a_scheduler_is_started_by_the_line_that_names_it(tmp_path: Path, started: list[str], left: list[str]) -> None:
    made = [at(n, f"INFO QuartzScheduler: Scheduler meta-data: Quartz Scheduler (v2.3.2) '{name}' with instanceId 'NON_CLUSTERED'\n{STANDBY}") for n, name in enumerate(("tides", "permits"))]
    found = look(tmp_path, *made, *(at(9 + n, f"INFO QuartzScheduler: {text}") for n, text in enumerate(started)))
    assert [e.fact.attributes()["code.function.name"] for e in found if e.fact.kind == "library.trap"] == left


REJOINING = "WARN kafkajs: [Runner] The group is rebalancing, re-joining"


def test_a_group_that_is_put_together_anew_in_a_loop_is_told_from_a_deployment(tmp_path: Path) -> None:
    assert [name for name, *_ in told(look(tmp_path, *[at(50 * n, REJOINING) for n in range(8)]))] == ["rebalancing-loop"]
    assert [name for name, *_ in told(look(tmp_path, *[at(2 * n, REJOINING) for n in range(8)]))] == ["rebalancing"]
    assert [name for name, *_ in told(look(tmp_path, at(0, REJOINING), at(600, REJOINING)))] == ["rebalancing"]


COLLECTED = "ERROR asyncio: Task was destroyed but it is pending!"


def test_a_task_that_is_collected_in_the_midst_of_service_is_told_from_one_that_its_loop_leaves(tmp_path: Path) -> None:
    work = [at(10 * n, "INFO desk: fare told") for n in range(9)]
    assert [name for name, *_ in told(look(tmp_path, *work[:4], at(31, COLLECTED), *work[4:]))] == ["task-destroyed-in-service"]
    assert [name for name, *_ in told(look(tmp_path, *work, at(81, COLLECTED)))] == ["task-destroyed-pending"]
    again = [at(32, "INFO main: server started on port 80"), *work[4:]]
    assert [name for name, *_ in told(look(tmp_path, *work[:4], at(31, COLLECTED), *again))] == ["task-destroyed-pending"]


def test_a_port_that_is_taken_once_is_made_good_by_the_process_under_its_closer_name(tmp_path: Path) -> None:
    taken = ["api-1  | Error: listen EADDRINUSE: address already in use :::80", "api-1  |     at Server.setupListenHandle (node:net:1817:16)"]
    up = 'api-1  | {"level":30,"time":1772614800000,"pid":7,"hostname":"h1","msg":"listening on port 80"}'
    assert told_traps(look(tmp_path, *taken, *["api-1  | up"] * 3)) == 1
    assert told_traps(look(tmp_path, *taken, up, *["api-1  | up"] * 3)) == 0


def told_traps(found: list[Evidence]) -> int:
    return sum(e.fact.kind == "library.trap" for e in found)


@pytest.mark.parametrize(("group", "stated"), [("prices", True), ("bills", False)])
def test_a_consumer_is_not_cured_by_the_return_of_another_group_s(tmp_path: Path, group: str, stated: bool) -> None:
    crash = '2026-05-04T10:00:00Z ERROR [Consumer] Crash: KafkaJSGroupCoordinatorNotFound: Failed to find group coordinator {"groupId":"bills"}'
    joined = f'2026-05-04T10:00:30Z INFO [ConsumerGroup] Consumer has joined the group {{"groupId":"{group}"}}'
    assert ("consumer-stopped" in {signal for signal, *_ in told(look(tmp_path, crash, joined))}) == stated
