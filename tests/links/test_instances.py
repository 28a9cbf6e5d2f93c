"""Are a unit's factors multiplied, and only its own?"""

from __future__ import annotations

from callcheck.links.instances import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import BalancerPool, Instances, InstancesFactor, InstancesPossible, ServiceRun
from callcheck.model.words import Basis


def factor(
    count: int,
    level: str,
    service: str = "",
    system: str = "compose",
    at: str = "",
    *,
    least: bool = False,
    basis: Basis = Basis.DECLARED,
) -> Evidence:
    path, _, line = at.partition(":")
    where = Location(path, int(line)) if at else None
    return Evidence(InstancesFactor(count, least, level, system, service, ""), basis, "test", where, service=service)


def run(service: str, role: str = "web", command: str = "", system: str = "compose") -> Evidence:
    return Evidence(
        ServiceRun(service, command, "", role, system), Basis.DECLARED, "test", Location("f", 1), service=service
    )


def joined(*evidence: Evidence) -> dict[str, str]:
    """Service -> `count@line`, `+` where it is a least one."""
    found = {}
    for item in LINK.join(Ledger(evidence=list(evidence))):
        assert isinstance(item.fact, Instances)
        found[item.fact.service] = f"{item.fact.count}{'+' if item.fact.at_least else ''}@{item.where}"
    return found


def test_replicas_times_processes_stand_at_the_stronger_line() -> None:
    assert joined(
        run("api"), factor(3, "replicas", "api", at="a:1"), factor(2, "processes", "api", "uvicorn", "b:2")
    ) == {"api": "6@a:1"}


def test_one_replica_of_many_workers_stands_at_the_workers() -> None:
    assert joined(run("api"), factor(1, "replicas", "api", at="a:1"), factor(4, "processes", "api", "pm2", "b:2")) == {
        "api": "4@b:2"
    }


def test_one_of_each_is_one() -> None:
    assert joined(run("api"), factor(1, "replicas", "api", at="a:1"), factor(1, "processes", "api", "node", "b:2")) == {
        "api": "1@a:1"
    }


def test_unknown_replicas_make_it_a_least_count() -> None:
    assert joined(factor(4, "processes", "web", "gunicorn", "Procfile:1")) == {"web": "4+@Procfile:1"}


def test_services_stay_apart_and_brokers_do_not_count() -> None:
    found = joined(
        run("api"),
        run("worker", "worker"),
        run("redis", "broker"),
        *(factor(n, "replicas", s, at="c:1") for s, n in [("api", 1), ("worker", 2), ("redis", 3)]),
    )
    assert found == {"api": "1@c:1", "worker": "2@c:1"}


def test_the_same_place_is_counted_once() -> None:
    found = joined(
        run("api"),
        factor(3, "replicas", "api", at="c:1"),
        factor(2, "processes", "api", "gunicorn", "g:1"),
        factor(2, "processes", "", "gunicorn", "g:1"),
    )
    assert found == {"api": "6@c:1"}


def test_a_loose_factor_joins_the_only_unit_whose_command_is_not_known() -> None:
    assert joined(
        run("api"), factor(3, "replicas", "api", at="c:1"), factor(2, "processes", "", "gunicorn", "g:1")
    ) == {"api": "6@c:1"}


def test_a_loose_factor_does_not_join_a_unit_that_runs_something_else() -> None:
    assert joined(
        run("api", command="node a.js"),
        factor(3, "replicas", "api", at="c:1"),
        factor(2, "processes", "", "gunicorn", "g:1"),
    ) == {"api": "3@c:1"}


def test_observed_processes_win_over_declared_ones() -> None:
    found = joined(
        run("api"),
        factor(1, "replicas", "api", at="c:1"),
        factor(4, "processes", "api", "uvicorn", "d:1"),
        factor(2, "processes", "", basis=Basis.OBSERVED),
    )
    assert found == {"api": "2@None"}


def test_an_open_number_is_never_taken_for_one() -> None:
    possible = Evidence(
        InstancesPossible("WEB_CONCURRENCY", "gunicorn", "web", ""), Basis.DECLARED, "test", Location("Procfile", 1)
    )
    assert joined(run("web"), possible, factor(1, "replicas", "web", "heroku", "app.json:1")) == {}
    assert joined(run("web"), possible, factor(2, "replicas", "web", "heroku", "app.json:1")) == {
        "web": "2+@app.json:1"
    }


def test_pm2_within_a_container_multiplies_its_replicas() -> None:
    found = joined(
        run("box", command="pm2-runtime ecosystem.config.js"),
        factor(3, "replicas", "box", at="k:1"),
        run("api", system="pm2"),
        factor(2, "processes", "api", "pm2", "e:1"),
    )
    assert found["api"] == "6@k:1"


def test_the_balancers_own_name_is_no_unit_beside_others() -> None:
    assert joined(
        run("api"), factor(1, "replicas", "api", at="c:1"), factor(2, "replicas", "upstream", "nginx", "n:1")
    ) == {"api": "1@c:1"}
    assert joined(factor(2, "replicas", "upstream", "nginx", "n:1")) == {"upstream": "2@n:1"}


def test_units_of_one_pool_are_one_to_a_client() -> None:
    pool = Evidence(BalancerPool("node-a,node-b,10.0.0.1", "nginx", "app"), Basis.DECLARED, "test", Location("n", 4), service="app")
    units = [run("node-a"), factor(1, "replicas", "node-a", at="c:1"), run("node-b"), factor(1, "replicas", "node-b", at="c:2")]
    assert joined(*units, pool) == {"node-a": "2@n:4", "node-b": "2@n:4"}
    assert joined(*units[:2], pool) == {"node-a": "1@c:1"}


def test_nothing_says_nothing() -> None:
    assert joined() == {}


def test_instances_of_a_plan_are_those_of_the_one_app_on_it() -> None:
    plan = factor(3, "replicas", system="azure-app-service", at="p:1")
    own = (run("shop", system="azure-app-service"), factor(1, "processes", "shop", "node", at="s:2"))
    assert joined(plan, *own) == {"shop": "3@p:1"}
    assert joined(plan, *own, run("desk", system="azure-app-service"), factor(1, "processes", "desk", "node", at="d:2")) == {"shop": "1+@s:2", "desk": "1+@d:2"}
