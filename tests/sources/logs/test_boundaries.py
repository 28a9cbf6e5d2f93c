"""Is it known from a line how far a delivery has come, and are the user's own markers stronger?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.knowledge import logs
from callcheck.model.errors import RuleError
from callcheck.model.log import Boundary, Place, Record
from callcheck.model.pattern import pattern
from callcheck.sources.logs.boundaries import Boundaries, Edge, event_of
from callcheck.sources.logs.view import View
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs().boundaries


def of(text: str, *own: tuple[str, str]) -> Edge | None:
    edges = Boundaries([*logs.own_boundaries(own, Path("x")), *KNOWN])
    return edges.of(View(Record(Place("a.log", 1, 1), text), 1))


@pytest.mark.parametrize(("text", "stage"), [("given and taken", "emitted"), ("taken as given", "handled"), ("given", "emitted")])
def test_of_several_words_the_leftmost_counts_and_at_one_place_the_one_of_the_earlier_stage(text: str, stage: str) -> None:
    known = [Boundary("handled", pattern("taken|given and")), Boundary("emitted", pattern("given"))]
    edge = Boundaries(known).of(View(Record(Place("a.log", 1, 1), text), 1))
    assert edge is not None
    assert edge.stage == stage


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("quote 7f3 asked, keeping the reply open", "registered"),
        ("approval received for 7f3, emitting approved", "emitted"),
        ("no waiter for ticket 7f3", "unknown"),
        ("client 7f3 disconnected", "closed"),
        ("frame 9 passed to viewer 3", "handled"),
        ("truck 7f3 called, truckCalled sent to group gate-3", "emitted"),
        ("bell 7f3 received, bellRung emitted to the room ward-2", "emitted"),
        ("truck 7f3 called, receipt sent to printer 4", "handled"),
        ("job 7f3 finished", "completed"),
        ("quote_listener_registered id=7f3", "registered"),
        ("callbackDelivered id=7f3", "handled"),
        ("courier has no socket here courier=c7", "unknown"),
    ],
)
def test_a_stage_is_known_by_common_words(text: str, stage: str) -> None:
    edge = of(text)
    assert edge is not None
    assert edge.stage == stage


@pytest.mark.parametrize("text", ["lookup relay.crew.svc on 10.0.0.10:53: no such host", "relay:8080: host not found", "unknown host relay.crew.svc", "open /run/7f3: no such file or directory"])
def test_a_name_that_the_network_or_the_machine_does_not_know_is_no_id_that_nobody_has(text: str) -> None:
    assert of(text) is None


@pytest.mark.parametrize("text", ["job 7f3 was not delivered", "no answer, called again id=7f3", "failed to emit done 7f3"])
def test_what_is_denied_has_not_come_so_far(text: str) -> None:
    assert of(text) is None


def test_a_marker_of_the_user_decides_and_gives_id_event_and_instance() -> None:
    written = r"verteilt (?P<event>\S+) nr=(?P<id>\d+) auf (?P<instance>\w+)"
    edge = of("verteilt rechnung.fertig nr=12 auf k3, delivered", ("published", written))
    assert edge == Edge("emitted", "rechnung.fertig", "12", "k3", written)


@pytest.mark.parametrize(
    ("stage", "text", "says"),
    [("emited", "x", "no stage"), ("emitted", "(", "regular expression"), ("emitted", "(a+)+", "nested")],
)
def test_a_wrong_marker_is_refused(stage: str, text: str, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        logs.own_boundaries([(stage, text)], Path("x"))


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("event out topic=invoice.settled id=7", "invoice.settled"),
        ("published parcel.lost parcel=Z1", "parcel.lost"),
        ("subscribed topic=farm/+/weight qos=1", "farm/+/weight"),
        ("server.to(driver:2214).emit ride:offer ride=61", "ride:offer"),
        ("io.to('r7').emit('seat.held', {id: 4})", "seat.held"),
        ("posted to hooks.partner.example", ""),
        ("File app/tasks.py failed", ""),
        ("server listening", ""),
    ],
)
def test_the_event_of_a_line_is_a_keyed_value_or_a_dotted_name(text: str, event: str) -> None:
    assert event_of(View(Record(Place("a.log", 1, 1), text))) == event


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("handler for parcel.delivered registered", "registered"),
        ("order.published listener attached id=7", "registered"),
        ("emit order.received id=7", "emitted"),
        ("parcel.delivered id=7", "handled"),
    ],
)
def test_words_within_the_events_own_name_count_only_where_there_are_no_others(text: str, stage: str) -> None:
    edge = of(text)
    assert edge is not None
    assert edge.stage == stage


@pytest.mark.parametrize(
    ("text", "event"),
    [("bakery.oven INFO loaf done loaf=7", ""), ("bakery.oven [WARNING] loaf.burnt loaf=7", "loaf.burnt"), ("loaf.burnt loaf=7", "loaf.burnt")],
)
def test_the_name_of_the_logger_before_the_level_is_no_event(text: str, event: str) -> None:
    assert event_of(View(Record(Place("a.log", 1, 1), text), 1)) == event
