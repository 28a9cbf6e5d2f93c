"""Does the map say who emits, who listens, over what, in which process, and what is broken?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from callcheck.model.delivery_map import BROKEN, OPEN, UNFED, UNHEARD, WHOLE, Channel, DeliveryMap
from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.pipeline import diagnose
from callcheck.report.map import delivery_map

FIXTURES = Path(__file__).parents[3] / "fixtures"


def channel(found: DeliveryMap, event: str) -> Channel:
    return next(each for each in found.channels if each.event == event)


def test_a_topic_joins_the_program_that_publishes_with_the_one_that_subscribes(shop: DeliveryMap) -> None:
    orders = channel(shop, "orders")
    assert (orders.carrier, orders.system, orders.state, orders.crosses) == ("broker", "redis", WHOLE, True)
    assert [(str(site.where), site.programs) for site in orders.emits] == [("src/web.js:10", ("web",))]
    assert [(str(site.where), site.programs) for site in orders.listens] == [("src/worker.js:4", ("worker",))]


def test_programs_come_with_their_processes_and_brokers_beside_them(shop: DeliveryMap) -> None:
    assert [(p.name, p.role, p.processes) for p in shop.programs] == [("web", "web", 3), ("worker", "worker", 1)]
    assert [(b.system, str(b.where)) for b in shop.brokers] == [("redis", "docker-compose.yml:2")]


def test_an_event_of_the_apps_own_that_nobody_listens_to_is_told_from_one_whose_listener_is_elsewhere(shop: DeliveryMap) -> None:
    assert channel(shop, "order.seen").state == UNHEARD
    assert channel(shop, "watch").state == OPEN, "its clients are not in this code"
    assert channel(shop, "packed").state == WHOLE


def test_listeners_in_tests_are_left_out_and_counted(shop: DeliveryMap) -> None:
    assert shop.tests == 1
    assert all(site.where is None or not site.where.path.startswith("test/") for site in shop.sites())


def test_what_is_broken_comes_first_with_its_cause(shop: DeliveryMap) -> None:
    first = shop.channels[0]
    assert (first.event, first.state) == ("connection", BROKEN)
    assert {each.cause for each in first.broken} == {"missing-adapter", "missing-sticky-sessions"}
    assert not shop.elsewhere


def test_no_key_holds_a_line_number_and_each_is_given_once(looked: Callable[..., Report], shop: DeliveryMap) -> None:
    from tests.report.map.conftest import SHOP  # type: ignore[import-not-found]

    moved = delivery_map(looked(**{"src/web.js": "\n\n// moved\n" + SHOP["src/web.js"], "src/bus.js": "// moved\n" + SHOP["src/bus.js"]}))
    assert {c.key for c in moved.channels} == {c.key for c in shop.channels}
    assert {s.key for s in moved.sites()} == {s.key for s in shop.sites()}
    assert len({c.key for c in shop.channels}) == len(shop.channels)


def test_the_two_ends_of_a_diagnosis_are_marked(sample: ModuleType) -> None:
    report = sample.full()
    report = replace(report, ledger=replace(report.ledger, evidence=[sample.listener(), sample.emission(), sample.instances()]))
    (found,) = delivery_map(report).channels
    assert found.state == BROKEN
    assert [[b.cause for b in site.breaks] for site in found.sites] == [["cross-process-delivery"]] * 2
    assert delivery_map(report, least=0.95).channels[0].state == WHOLE


def test_a_cause_without_a_place_is_told_apart(sample: ModuleType) -> None:
    report = sample.full()
    assert [each.cause for each in delivery_map(replace(report, ledger=Ledger())).elsewhere] == [each.rule.cause for each in report.diagnoses if each.confidence >= 0.5]


@pytest.mark.parametrize(
    ("listened", "emitted", "joined"),
    [
        ("plant/+/meter", "plant/7/meter", True),
        ("orders.#", "orders.eu.paid", True),
        ("orders.>", "orders.eu.paid", True),
        ("order.*", "order.paid", True),
        ("", "anything", True),
        ("orders.*.shipped", "orders.eu.*.shipped", True),
        ("c+", "c1", False),
        ("orders.#", "refunds.eu", False),
    ],
)
def test_a_name_that_stands_for_others_is_part_of_their_channels(sample: ModuleType, listened: str, emitted: str, joined: bool) -> None:
    report = replace(sample.report(), ledger=Ledger([sample.listener(event=listened), sample.emission(event=emitted)]))
    assert (len(delivery_map(report).channels) == 1) is joined


def test_a_listener_for_what_nobody_emits(sample: ModuleType) -> None:
    report = replace(sample.report(), ledger=Ledger([sample.listener()]))
    assert [each.state for each in delivery_map(report).channels] == [UNFED]


def test_an_object_that_cannot_be_followed_is_not_said_to_lack_anything(sample: ModuleType) -> None:
    heard: Evidence = sample.listener()
    heard = replace(heard, fact=replace(heard.fact, emitter=""))
    assert [each.state for each in delivery_map(replace(sample.report(), ledger=Ledger([heard]))).channels] == [OPEN]


@pytest.mark.parametrize("folder", sorted(FIXTURES.glob("*/*/broken"))[::14], ids=lambda folder: folder.parent.name)
def test_maps_of_the_fixtures_are_the_same_each_time_and_lose_no_diagnosis(folder: Path) -> None:
    report = diagnose(Target(folder, folders=(folder,))).report
    found = delivery_map(report)
    assert found == delivery_map(report)
    told = {b.cause for c in found.channels for b in c.broken} | {b.cause for p in found.programs for b in p.breaks} | {b.cause for b in found.elsewhere}
    assert told == {each.rule.cause for each in report.diagnoses if each.confidence >= 0.5}


def test_a_table_of_waiters_of_which_one_end_shows_is_not_said_to_lack_the_other(sample: ModuleType) -> None:
    fact = StateInMemory("clients", "src/server.ts:4", "connection", "typescript", "request", "request")
    parked = Evidence(fact, Basis.INFERRED, "shared_state", Location("src/server.ts", 4), because=(Evidence(fact, Basis.INFERRED, "shared_state", Location("src/server.ts", 9)),))
    (found,) = delivery_map(replace(sample.report(), ledger=Ledger([parked]))).channels
    assert (found.carrier, found.state, len(found.sites)) == ("waiters", OPEN, 1)
