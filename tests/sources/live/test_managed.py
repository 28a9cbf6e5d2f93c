"""Is what PM2, Compose and kubectl list read as they print it, and nothing of the environment kept?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.errors import Malformed
from callcheck.sources.live.managed import Managed, by_app, compose_list, inspected, moment, objects, pm2_list, pods

CAPTURES = Path(__file__).parents[3] / "fixtures" / "captures"


def read(name: str) -> str:
    return (CAPTURES / name).read_text(encoding="utf-8")


def counted(found: list[Managed]) -> dict[str, tuple[int, str, int]]:
    """By app: how many are up, the states of the others, and all restarts."""
    return {app: (sum(i.up for i in items), ",".join(i.state for i in items if not i.up), sum(i.restarts for i in items)) for app, items in by_app(found)}


def test_pm2s_list_gives_names_states_and_restarts() -> None:
    found = pm2_list(read("pm2-6.0/jlist.json"))
    assert counted(found) == {"api": (3, "", 0), "billing api": (2, "", 0), "jobs": (1, "", 2), "crasher": (0, "errored", 1), "stopped": (0, "stopped", 0)}
    assert {item.pool for item in found if item.app in ("api", "billing api")} == {"cluster"}
    assert next(item.command for item in found if item.app == "jobs") == "node /srv/shop/worker.js"
    assert all(item.started > 1_700_000_000 for item in found if item.up)


def test_nothing_of_an_apps_environment_is_kept() -> None:
    text = read("pm2-6.0/jlist.json")
    assert "hunter2hunter2" in text
    assert "hunter2" not in repr(pm2_list(text))


def test_notices_before_pm2s_list_are_passed_over() -> None:
    text = ">>>> In-memory PM2 is out-of-date, do:\n>>>> $ pm2 update\n" + read("pm2-6.0/jlist.json")
    assert len(pm2_list(text)) == 8


def test_composes_list_is_read_by_lines_and_as_the_array_that_it_was_before_2_21() -> None:
    text = read("docker-compose-2.26/ps.jsonl")
    found = compose_list(text)
    assert counted(found) == {"api": (3, "", -3), "mailer": (0, "exited", -1), "redis": (1, "", -1), "worker": (1, "", -1)}
    assert (found[0].name, found[0].ports, found[0].image) == ("shop-api-1", (3000,), "shop/api:1.4")
    assert compose_list(f"[{','.join(text.splitlines())}]") == found


def test_inspection_gives_pid_restarts_and_start_by_the_short_id() -> None:
    told = inspected(read("docker-compose-2.26/inspect.txt"))
    listed = compose_list(read("docker-compose-2.26/ps.jsonl"))
    assert {item.app: told[item.id][1] for item in listed} == {"api": 0, "mailer": 3, "redis": 0, "worker": 0}
    assert {item.app for item in listed if told[item.id][0] == 0} == {"mailer"}


def test_pods_are_up_when_ready_and_say_why_not() -> None:
    found = pods(objects(read("kubectl-1.32/pods.json")), "web")
    assert [(item.id, item.up, item.restarts) for item in found] == [("web-7d4b9c6f5-2xkqp", True, 0), ("web-7d4b9c6f5-9hzvl", True, 2), ("web-7d4b9c6f5-m4tcd", False, 7)]
    assert found[-1].state == "CrashLoopBackOff, last ended by OOMKilled"


def test_one_object_and_a_list_and_nothing_are_objects() -> None:
    assert [item["kind"] for item in objects(read("kubectl-1.32/workload.json"))] == ["Deployment"]
    assert [item["kind"] for item in objects('{"kind": "Pod"}')] == ["Pod"]
    assert objects("") == []


@pytest.mark.parametrize("text", ["", "no JSON", "{", "{}", '"x"', "[" * 100_000])
def test_what_is_no_list_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        pm2_list(text)


@pytest.mark.parametrize("text", ["no JSON", "3", "null", '{"a": ' * 50_000])
def test_what_is_no_object_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        objects(text)
    with pytest.raises(Malformed):
        compose_list(text)


def test_times_are_read_and_dockers_zero_time_is_none() -> None:
    assert moment("2026-11-26T01:13:05.888489478Z") == 1795655585.0
    assert (moment("0001-01-01T00:00:00Z"), moment("soon")) == (0.0, 0.0)
