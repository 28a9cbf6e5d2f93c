"""Are what files say and what runs laid beside one another, and is the right one gone by?"""

from __future__ import annotations

from callcheck.links.differences import LINK
from callcheck.links.instances import LINK as INSTANCES
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import Instances, InstancesFactor, ServiceRun
from callcheck.model.facts.live import CountsDiffer, ProcessesRun
from callcheck.model.words import Basis


def told(count: int, service: str, server: str = "gunicorn", entry: str = "app:app", role: str = "web", least: bool = False) -> list[Evidence]:
    """A unit of a Procfile."""
    where = Location("Procfile", 1)
    return [
        Evidence(ServiceRun(service, "", entry, role, "procfile", server=server), Basis.DECLARED, "test", where),
        Evidence(InstancesFactor(count, least, "processes", server, service, f"-w {count}"), Basis.DECLARED, "test", where),
    ]


def seen(count: int, server: str = "gunicorn", entry: str = "app:app", role: str = "web", asked: bool = True, ids: str = "7") -> list[Evidence]:
    """What runs."""
    ran = Evidence(ProcessesRun(count, "", server, entry, role, "fork", ids, "8000", "", -1, 1, 1, asked), Basis.OBSERVED, "test")
    return [ran, Evidence(InstancesFactor(count, False, "processes", server, "", ""), Basis.OBSERVED, "test", because=(ran,))]


def joined(*parts: list[Evidence]) -> tuple[dict[str, int], list[tuple[str, int, int, str]]]:
    """Service -> instances, and the differences as service, declared, observed, which is gone by."""
    ledger = Ledger(evidence=[item for part in parts for item in part])
    counts = {item.fact.service: item.fact.count for item in INSTANCES.join(ledger) if isinstance(item.fact, Instances)}
    differing = [item.fact for item in LINK.join(ledger) if isinstance(item.fact, CountsDiffer)]
    return counts, [(fact.service, fact.declared, fact.observed, fact.counts) for fact in differing]


def test_what_runs_goes_before_what_the_file_says_and_the_difference_is_stated() -> None:
    assert joined(told(1, "web"), seen(4)) == ({"web": 4}, [("web", 1, 4, "observed")])
    assert joined(told(4, "web"), seen(1)) == ({"web": 1}, [("web", 4, 1, "observed")])


def test_the_same_number_is_no_difference() -> None:
    assert joined(told(4, "web"), seen(4)) == ({"web": 4}, [])
    assert joined(told(2, "web", least=True), seen(4)) == ({"web": 4}, [])


def test_a_developers_own_process_raises_a_number_and_does_not_lower_it() -> None:
    assert joined(told(4, "web"), seen(1, asked=False)) == ({"web": 4}, [("web", 4, 1, "declared")])
    assert joined(told(1, "web"), seen(4, asked=False)) == ({"web": 4}, [("web", 1, 4, "observed")])


def test_each_app_that_runs_is_laid_beside_its_own_unit() -> None:
    web, worker = told(1, "web"), told(2, "worker", "celery", "tasks", "worker")
    counts, differing = joined(web, worker, seen(4, ids="1"), seen(8, "celery", "tasks", "worker", ids="2"))
    assert counts == {"web": 4, "worker": 8}
    assert sorted(differing) == [("web", 1, 4, "observed"), ("worker", 2, 8, "observed")]


def test_a_worker_that_runs_is_not_taken_for_the_only_web_unit() -> None:
    counts, differing = joined(told(1, "web"), seen(8, "celery", "tasks", "worker"))
    assert (counts, differing) == ({"web": 1, "": 8}, [])


def test_without_files_each_app_that_runs_counts_for_itself() -> None:
    ledger = Ledger(evidence=[*seen(2, ids="1"), *seen(8, "celery", "tasks", "worker", ids="2")])
    found = [(item.fact.count, item.fact.role) for item in INSTANCES.join(ledger) if isinstance(item.fact, Instances)]
    assert found == [(2, "web"), (8, "worker")]
