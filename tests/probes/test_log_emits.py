"""Are unheard emits and empty streams stated?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.log_events import EmitUnheard, RunsWithoutEvents
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_emits import PROBE
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


def test_an_emit_on_another_object_of_the_process_is_stated(tmp_path: Path) -> None:
    lines = [
        at(1, "[bus] id=4f1a on export.finished (mailer) total=1"),
        *[at(n, f"[bus] id=9c22 emit export.finished export={n} -> false") for n in range(2, 6)],
    ]
    found = look(tmp_path, *lines)
    assert [
        (e.fact.attributes()["callcheck.event.name"], e.fact.attributes()["callcheck.emitter.split"]) for e in found
    ] == [("export.finished", True)]


@pytest.mark.parametrize(("one", "other"), [("uid=7c10", "uid=e5d2"), ("uid=e5d2", "uid=7c10"), ("oid=4417f", "oid=4417e")])
def test_an_object_is_known_by_a_number_in_base_16_under_any_key(tmp_path: Path, one: str, other: str) -> None:
    lines = [at(1, f"hub {one} on hive.alarm by pager"), *[at(n, f"hub {other} emit hive.alarm hive={n} -> false") for n in range(2, 6)]]
    (fact,) = [e.fact for e in look(tmp_path, *lines) if isinstance(e.fact, EmitUnheard)]
    assert fact.split
    lines[0] = at(1, f"hub {other} on hive.alarm by pager")
    (fact,) = [e.fact for e in look(tmp_path, *lines) if isinstance(e.fact, EmitUnheard)]
    assert not fact.split


def test_an_emit_that_is_heard_is_not(tmp_path: Path) -> None:
    assert look(tmp_path, *[at(n, f"[bus] id=4f1a emit export.finished export={n} -> true") for n in range(6)]) == []


def test_streams_without_one_event_are_stated(tmp_path: Path) -> None:
    def closing(n: int, sent: int) -> str:
        return at(n, f"INFO relay: session=ab{n} closing stream events_sent={sent}")

    assert len(look(tmp_path, *[closing(n, 0) for n in range(5)])) == 1
    # The number of a run is none of its pieces.
    assert len(look(tmp_path, *[at(n, f"INFO relay: stream closed run=r-10{n} chunks relayed: 0") for n in range(5)])) == 1
    assert look(tmp_path, *[closing(n, n * 7) for n in range(5)]) == []


def test_an_emit_that_counts_its_listeners_is_split_from_the_object_that_has_them(tmp_path: Path) -> None:
    lines = ["[pod/kiosk-0/kiosk] ts=2026-03-09T08:00:00.000Z level=info msg=\"handler added\" hub=h1 event=ticket.printed"]
    lines += [
        f"[pod/kiosk-0/kiosk] ts=2026-03-09T08:{n:02d}:00.000Z level=info msg=\"firing ticket.printed\" hub=h2 ticket=t{n + 200} listeners=0"
        for n in range(9)
    ]
    (fact,) = [e.fact for e in look(tmp_path, *lines) if isinstance(e.fact, EmitUnheard)]
    assert (fact.event, fact.split, fact.count, fact.spent) == ("ticket.printed", True, 9, False)


def test_a_listener_that_heard_only_the_first_is_spent(tmp_path: Path) -> None:
    lines = [
        f"2026-03-09T08:{n:02d}:00.000Z emit weight.stable -> {'true' if n == 0 else 'false'} parcel=W{n + 5000}" for n in range(9)
    ]
    (fact,) = [e.fact for e in look(tmp_path, *lines) if isinstance(e.fact, EmitUnheard)]
    assert (fact.heard, fact.count, fact.spent) == (1, 8, True)


def inner_runs(plain: bool, counted: int) -> list[str]:
    calls = [at(60 * n + 1, f"call model=mini stream={not plain} question=71{n}") for n in range(4)]
    return [*calls, *(at(60 * n + 9, f"question 71{n} answered outer_events=31 inner_events={counted}") for n in range(4))]


def test_what_runs_inside_and_gives_no_event_is_told_beside_calls_without_streaming(tmp_path: Path) -> None:
    assert [item.fact for item in look(tmp_path, *inner_runs(plain=True, counted=0))] == [RunsWithoutEvents(4, "", False, "inner")]


def test_what_runs_inside_says_nothing_where_it_gives_events_or_all_calls_stream(tmp_path: Path) -> None:
    assert look(tmp_path, *inner_runs(plain=True, counted=7)) == []
    assert look(tmp_path, *inner_runs(plain=False, counted=0)) == []


def test_a_line_that_counts_nothing_inside_is_no_call_of_a_model(tmp_path: Path) -> None:
    assert look(tmp_path, *(at(30 * n, f"sync run finished parent=50{n:02d} child updates=0") for n in range(40))) == []


def asked(stream: bool, calls: int, listening: str = "token listener registered: on_llm_new_token") -> list[str]:
    options = {"json_data": {"messages": [{"content": "Be brief. " * 60}], "stream": stream}}
    request = f"DEBUG [openai._base_client] Request options: {options}"
    ends = [(60 * n + 1, request) for n in range(4)] + [(60 * n + 9, f"INFO [ask] on_llm_end conn=c71{n} completion_tokens=24{n} new_token_calls={calls}") for n in range(4)]
    return [at(0, f"INFO [ws] {listening}"), *(at(second, text) for second, text in sorted(ends))]


def test_requests_that_want_no_stream_and_count_no_token_are_plain_runs(tmp_path: Path) -> None:
    assert [item.fact for item in look(tmp_path, *asked(stream=False, calls=0))] == [RunsWithoutEvents(4, "", False, unasked=True)]
    assert [item.fact for item in look(tmp_path, *asked(stream=True, calls=0))] == [RunsWithoutEvents(4, "", True)]
    assert look(tmp_path, *asked(stream=False, calls=240)) == []


def test_an_event_by_the_word_behind_emit_is_known_with_the_bus_on_which_it_is_listened_to(tmp_path: Path) -> None:
    emits = [at(10 * n, f"INFO gate: emit boarded bus=q-2 id=t{n}7x listeners=0") for n in range(1, 6)]
    (fact,) = [e.fact for e in look(tmp_path, at(1, "INFO desk: listener attached to boarded bus=q-1"), *emits) if isinstance(e.fact, EmitUnheard)]
    assert (fact.event, fact.split) == ("boarded", True)


def test_an_emit_that_nobody_hears_although_its_process_waits_is_told_so(tmp_path: Path) -> None:
    unheard = [line for n in range(5) for line in (at(20 * n, f"INFO desk: waiting for fare.paid id=t{n}7x"), at(20 * n + 2, f"INFO till: emit('fare.paid') returned false id=t{n}7x"))]
    (fact,) = [e.fact for e in look(tmp_path, *unheard) if isinstance(e.fact, EmitUnheard)]
    assert (fact.split, fact.awaited, fact.count) == (False, True, 5)
    (fact,) = [e.fact for e in look(tmp_path, *unheard[1::2]) if isinstance(e.fact, EmitUnheard)]
    assert not fact.awaited


def test_answers_that_come_whole_are_told_where_somebody_waits_for_their_pieces(tmp_path: Path) -> None:
    run = [at(n, line) for n in range(4) for line in ("INFO sse: page waits for tokens", "INFO trace: on_llm_start", "INFO trace: on_llm_end")]
    (fact,) = [e.fact for e in look(tmp_path, *run) if isinstance(e.fact, RunsWithoutEvents)]
    assert fact.count == 4
    assert not [e for e in look(tmp_path, *run, at(9, "INFO trace: on_llm_new_token The")) if isinstance(e.fact, RunsWithoutEvents)]
    assert not [e for e in look(tmp_path, *(line for line in run if "waits" not in line)) if isinstance(e.fact, RunsWithoutEvents)]


@pytest.mark.parametrize(("listens", "handled", "count"), [("bus=q-1", "", 1), ("bus=q-2", "", 0), ("bus=q-1", "INFO desk: gate.boarded handled id=t{n}7x", 0), ("", "", 0)])
def test_a_listener_on_another_bus_than_that_of_all_emits_is_told_where_no_line_counts_who_hears(tmp_path: Path, listens: str, handled: str, count: int) -> None:
    lines = [at(1, f"INFO desk: listener attached to gate.boarded {listens}")]
    for n in range(1, 6):
        lines += [at(10 * n, f"INFO gate: emit gate.boarded bus=q-2 id=t{n}7x"), *([at(10 * n + 1, handled.format(n=n))] if handled else [])]
    assert [e.fact.split for e in look(tmp_path, *lines) if isinstance(e.fact, EmitUnheard)] == [True] * count
