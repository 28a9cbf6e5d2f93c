"""Are repeated deliveries and late acknowledgements stated?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.logs import LateAck
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_repeats import PROBE
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


TASK = "[2025-03-04 {}:00:00,001: INFO/MainProcess] Task shop.remind[{:08d}-0000-4000-8000-00000000abcd] received"


def test_a_task_that_is_handed_out_again_is_stated(tmp_path: Path) -> None:
    found = look(tmp_path, *[TASK.format(f"{hour:02d}", n) for hour in (9, 10, 11) for n in range(4)])
    assert [
        (e.fact.attributes()["callcheck.repeat.how"], e.fact.attributes()["callcheck.count.most"]) for e in found
    ] == [("redelivered", 3)]


def test_tasks_that_come_once_are_not(tmp_path: Path) -> None:
    assert look(tmp_path, *[TASK.format("09", n) for n in range(40)]) == []


def test_a_sender_that_tries_again_shows_a_late_answer(tmp_path: Path) -> None:
    line = '2023-01-26T14:06:{:02d}.858Z\td108f7e1-82b7-464c-a1f0-57b21f687ed{}\tINFO\t{{"event_id":"Ev0H7PZQ{}X","x-slack-retry-num":{},"x-slack-retry-reason":{}}}'
    lines = [
        line.format(n * 8 + k * 4, k, n, f'"{k}"' if k else "null", '"http_timeout"' if k else "null")
        for n in range(4)
        for k in (0, 1)
    ]
    kinds = {e.fact.kind: e.fact.attributes() for e in look(tmp_path, *lines)}
    assert kinds["delivery.late"]["callcheck.count"] == 4
    assert kinds["delivery.repeated"]["callcheck.repeat.how"] == "retried"


def test_events_that_the_receiver_knows_already_are_no_repetition(tmp_path: Path) -> None:
    lines = []
    for n in range(6):
        key = f"event_id=evt_1Qabcdefg{n}77"
        lines += [at(n * 60, f"INFO webhook received {key}"), at(n * 60 + 20, f"INFO webhook received {key}")]
        lines.append(at(n * 60 + 21, f"INFO already processed, skipping {key}"))
    assert look(tmp_path, *lines) == []


def test_several_messages_of_one_session_are_no_repetition(tmp_path: Path) -> None:
    lines = [at(n, f"INFO message received session=4f1e2d3c5b6a7980{n % 4}") for n in range(1, 40)]
    assert look(tmp_path, *lines) == []


def each_hour(text: str, instances: int, **more: str) -> list[str]:
    return [f"{n}|app  | 2025-03-04 {hour:02d}:00:00.0{n}0 {text.format(n=7000 + hour)}" for hour in (9, 10, 11) for n in range(instances)]


def hows(found: list[Evidence]) -> list[str]:
    return [str(e.fact.attributes()["callcheck.repeat.how"]) for e in found]


def test_what_each_instance_does_at_the_same_hour_is_a_fan_out(tmp_path: Path) -> None:
    assert hows(look(tmp_path, *each_hour("[mail] reminder to guest {n} sent", 3))) == ["fan-out"]
    assert hows(look(tmp_path, *each_hour("[cron] nightly cleanup started", 3))) == ["fan-out"]


def test_what_one_instance_does_or_each_for_its_own_clients_is_none(tmp_path: Path) -> None:
    assert look(tmp_path, *each_hour("[mail] reminder to guest {n} sent", 1)) == []
    assert look(tmp_path, *each_hour("[ws] update {n} sent to 14 clients", 3)) == []
    claims = ["1|app  | 2025-03-04 09:00:00.070 [cron] nightly cleanup skipped, another instance has the lock"]
    assert look(tmp_path, *each_hour("[cron] nightly cleanup started", 3), *claims) == []


def mailed(*workers: int, of: str = "club") -> list[str]:
    """What each worker does at each of four times, with a number that the mail server gives each message."""
    return [
        at(n * 600 + k / 10, f"[{worker}] INFO clubs.digest: digest mailed {of}={520 + n} Message-ID: <{worker}{n}77ab@mail.example>")
        for n in range(4)
        for k, worker in enumerate(workers)
    ]


def test_what_each_worker_does_is_repeated_though_it_is_numbered_anew_each_time(tmp_path: Path) -> None:
    (found,) = look(tmp_path, *mailed(31, 32))
    assert (found.fact.attributes()["callcheck.repeat.how"], found.fact.attributes()["callcheck.count"]) == ("fan-out", 4)


def test_what_one_worker_does_is_not(tmp_path: Path) -> None:
    assert look(tmp_path, *mailed(31)) == []


def booked(*workers: int, customers: int = 4, share: bool = False) -> list[str]:
    """What the workers book for each customer, under a number of its own each time; `share`: each books another part."""
    return [
        at(n + k / 10, f"[{worker}] INFO parcels: pickup {5100 + 10 * n + k} booked for depot=d-{210 + n}")
        for n in range(customers)
        for k, worker in enumerate(workers)
        if not share or k in (n % len(workers), (n + 1) % len(workers))
    ]


def test_what_is_made_anew_in_each_process_is_repeated_for_whom_it_is_made(tmp_path: Path) -> None:
    (found,) = look(tmp_path, *booked(31, 32, 33))
    assert (found.fact.attributes()["callcheck.repeat.how"], found.fact.attributes()["callcheck.count"]) == ("fan-out", 4)
    assert look(tmp_path, *booked(31)) == []
    assert look(tmp_path, *booked(31, 32, 33, share=True)) == []


def test_an_event_s_name_in_the_lines_of_two_services_repeats_nothing(tmp_path: Path) -> None:
    lines = [f"{who}-1  | {at(20 * n + k, 'INFO TicketCreated')} ticket={4410 + n}" for n in range(6) for k, who in enumerate(("desk", "notes"))]
    assert look(tmp_path, *lines) == []


INVOKED = ["START RequestId: {0} Version: $LATEST", "[INFO]\t{1}Z\t{0}\tquote event received"]


@pytest.mark.parametrize("started", [True, False])
def test_an_invocation_that_lambda_starts_anew_failed_before(tmp_path: Path, started: bool) -> None:
    request = "7eb9ac9d-befb-4ea8-bb3b-9e0882fa092{}"
    lines = [
        text.format(request.format(n), f"2025-03-04T09:{10 * n + minute:02d}:{second:02d}.000")
        for n in range(4)
        for minute in (0, 2)
        for second, text in enumerate(INVOKED)
        if started or second
    ]
    assert bool(look(tmp_path, *lines)) is not started


def reminded(*counts: int) -> list[str]:
    """What two pods say of the reminders that they mail, four times."""
    return [
        f"[pod/vet-7c9d8b6f5-{pod}/vet] 2025-03-04T09:{n * 15:02d}:01.{100 + k}Z INFO reminders: {count} mails sent"
        for n in range(4)
        for k, (pod, count) in enumerate(zip(("2xk9p", "m7wqd"), counts, strict=False))
    ]


def test_what_all_mail_at_the_same_times_is_repeated_where_each_has_as_many(tmp_path: Path) -> None:
    (found,) = look(tmp_path, *reminded(4, 4))
    assert (found.fact.attributes()["callcheck.repeat.how"], found.fact.attributes()["callcheck.count"]) == ("fan-out", 4)


def test_those_that_share_the_work_or_do_it_alone_repeat_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, *reminded(4, 3)) == []
    assert look(tmp_path, *reminded(4)) == []


def test_attempts_to_hand_an_event_on_are_no_repetition_of_it(tmp_path: Path) -> None:
    lines = []
    for n in range(5):
        key, url = f"event_id=evt_1Qhijklmn{n}88", "url=https://in.example/hooks"
        for k in (1, 2, 3):
            lines += [at(n * 90 + 9 * k, f"INFO sending {key} {url} attempt={k}"), at(n * 90 + 9 * k + 2, f"WARNING delivery failed {key} {url}: certificate has expired")]
    assert look(tmp_path, *lines) == []


def test_an_event_that_is_handled_again_is_one_whatever_its_kind_is_called(tmp_path: Path) -> None:
    lines = [at(n * 90 + k * 40, f"INFO handling charge.failed event_id=evt_1Qopqrstu{n}99") for n in range(5) for k in (0, 1)]
    (found,) = look(tmp_path, *lines)
    assert found.fact.attributes()["callcheck.repeat.how"] == "redelivered"


@pytest.mark.parametrize(("took", "how"), [("12031ms", ["late"]), ("180ms", [])])
def test_what_was_answered_after_seconds_and_came_again_was_answered_late(tmp_path: Path, took: str, how: list[str]) -> None:
    lines = []
    for n in range(5):
        key = f"delivery=0450631fe{n}"
        lines += [at(n * 60, f"INFO gate: delivery received {key}"), at(n * 60 + 12, f"INFO gate: POST /hooks/mail 200 {took} {key}"), at(n * 60 + 15, f"INFO gate: delivery received {key}")]
    assert ["late" for item in look(tmp_path, *lines) if isinstance(item.fact, LateAck)] == how


def sent_by_three(who: str) -> list[str]:
    """One event in each of three processes, each time."""
    return [f"{n}|app  | 2025-03-04 09:{event:02d}:00.0{n}0 sent berth.changed to {who.format(n=n, of=event % 4)} id={41200 + event}" for event in range(24) for n in range(3)]


def test_what_goes_to_each_receiver_where_he_is_connected_is_no_fan_out(tmp_path: Path) -> None:
    assert look(tmp_path, *sent_by_three("c-{n}{of}")) == []


def test_what_goes_to_one_receiver_from_each_process_is(tmp_path: Path) -> None:
    assert hows(look(tmp_path, *sent_by_three("c-7{of}"))) == ["fan-out"]
