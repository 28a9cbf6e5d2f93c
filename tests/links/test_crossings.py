"""An event that is emitted only in the processes of another unit is known, wherever the code is loaded."""

from __future__ import annotations

import pytest

from callcheck.links.crossings import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.words import Basis, Lifetime


def _listener(path: str, role: str = "module") -> Evidence:
    fact = ListenerRegistered("done", "bus.py:1", Lifetime.PROCESS, role, "pyee", "emitter", "python")
    return Evidence(fact, Basis.INFERRED, "test", Location(path, 3))


def _emission(path: str, role: str = "helper") -> Evidence:
    fact = EventEmitted("done", "bus.py:1", Lifetime.PROCESS, role, "pyee", "emitter", "python")
    return Evidence(fact, Basis.INFERRED, "test", Location(path, 5))


def _runs() -> list[Evidence]:
    return [
        Evidence(ServiceRun(name, "", "", role, "compose"), Basis.DECLARED, "test", service=name)
        for name, role in (("web", "web"), ("jobs", "worker"))
    ]


def _told(*evidence: Evidence, loaded: dict[str, set[str]]) -> list[str]:
    ledger = Ledger([*_runs(), *evidence], [], {path: frozenset(units) for path, units in loaded.items()})
    return [item.fact.says() for item in LINK.join(ledger)]


def test_a_listener_of_one_unit_and_an_emission_of_another() -> None:
    loaded = {"web.py": {"web"}, "jobs.py": {"jobs"}}
    assert _told(_listener("web.py"), _emission("jobs.py"), loaded=loaded) == ["done is listened to in web and emitted in jobs"]


def test_a_request_is_served_by_the_web_unit_and_a_job_by_the_worker_whoever_loads_the_file() -> None:
    loaded = {"web.py": {"web", "jobs"}, "tasks.py": {"web", "jobs"}}
    assert _told(_listener("web.py", "request"), _emission("tasks.py", "job"), loaded=loaded)


@pytest.mark.parametrize(
    "loaded",
    [
        {"web.py": {"web"}, "jobs.py": {"web", "jobs"}},
        {"web.py": {"web"}},
        {"jobs.py": {"jobs"}},
        {},
    ],
    ids=["one unit has both", "the emission may be anywhere", "the listener may be anywhere", "nothing is known"],
)
def test_silent_where_the_event_may_arrive(loaded: dict[str, set[str]]) -> None:
    assert not _told(_listener("web.py"), _emission("jobs.py"), loaded=loaded)


def test_silent_once_one_emission_is_in_reach() -> None:
    loaded = {"web.py": {"web"}, "jobs.py": {"jobs"}}
    assert not _told(_listener("web.py"), _emission("jobs.py"), _emission("web.py"), loaded=loaded)


def _waiter(path: str, parks: str = "request", wakes: str = "job") -> Evidence:
    fact = StateInMemory("waiting", "a:1", "future", "python", parks, wakes)
    ends = tuple(Evidence(fact, Basis.INFERRED, "test", Location(path, line)) for line in (4, 9))
    return Evidence(fact, Basis.INFERRED, "test", Location(path, 1), because=ends)


def test_a_waiter_of_a_request_that_a_job_is_to_wake() -> None:
    loaded = {"waiting.py": {"web", "jobs"}}
    assert _told(_waiter("waiting.py"), loaded=loaded) == ["waiting is listened to in web and emitted in jobs"]
    assert not _told(_waiter("waiting.py", wakes="request"), loaded=loaded)
