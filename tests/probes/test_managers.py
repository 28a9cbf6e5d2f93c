"""Is what PM2 and Compose list stated, and nothing done but asking?"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from callcheck.model.errors import NotFound
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.deployment import InstancesFactor, LoadBalanced, ServiceRun
from callcheck.model.facts.live import ProcessesRun
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.probes.managers import PROBE
from callcheck.sources import Eyes
from tests.tools import apps, node
from tests.tools.stand_in import StandIn

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a stand-in is a script with a first line of its own")


def look(folder: Path, *managers: tuple[str, str]) -> tuple[list[Evidence], list[Lost]]:
    target = Target(folder, managers=managers)
    found = list(PROBE.look(target, Eyes(target, Knowledge())))
    return [item for item in found if isinstance(item, Evidence)], [item for item in found if isinstance(item, Lost)]


def runs(found: list[Evidence]) -> dict[str, ProcessesRun]:
    return {item.fact.service: item.fact for item in found if isinstance(item.fact, ProcessesRun)}


def factors(found: list[Evidence]) -> list[tuple[str, str, int, Basis]]:
    return [(item.fact.service, item.fact.level, item.fact.count, item.basis) for item in found if isinstance(item.fact, InstancesFactor)]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is first on the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    return tmp_path / "bin"


def test_a_real_pm2_gives_its_apps_with_restarts_and_what_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if why := node.missing():
        pytest.skip(why)
    (tmp_path / "idle.js").write_text("setInterval(() => {}, 1000);\n")
    (tmp_path / "crash.js").write_text("process.exit(1);\n")
    (tmp_path / "ecosystem.config.cjs").write_text(
        "module.exports = { apps: [{ name: 'api', script: 'idle.js', instances: 2, env: { SECRET_KEY: 'hunter2hunter2' } },"
        "{ name: 'crasher', script: 'crash.js', max_restarts: 3, min_uptime: 5000 }] };\n"
    )
    with apps.pm2(node.program("pm2"), tmp_path, node.environment()) as home:
        monkeypatch.setenv("PM2_HOME", str(home))
        monkeypatch.setenv("PATH", str(Path(node.program("pm2")).parent), prepend=os.pathsep)
        apps.wait_until(lambda: runs(look(tmp_path, ("pm2", ""))[0])["crasher"].down == "1 errored", "PM2 gives up")
        found, _ = look(tmp_path, ("pm2", ""))
        (one, _) = look(tmp_path, ("pm2", "crasher"))
    told = runs(found)
    assert (told["api"].count, told["api"].pool, told["api"].restarts, told["api"].entry) == (2, "cluster", 0, "idle.js")
    assert told["crasher"].count == 0
    assert told["crasher"].restarts > 0
    assert factors(found) == [("api", "processes", 2, Basis.OBSERVED)]
    assert [item.fact.service for item in found if isinstance(item.fact, LoadBalanced)] == ["api"]
    assert list(runs(one)) == ["crasher"]
    assert "hunter2" not in repr(found)


def test_without_a_daemon_pm2_is_not_called_since_it_would_start_one(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pm2 = StandIn(path, "pm2", ("", "file", "/dev/null"))
    monkeypatch.setenv("PM2_HOME", str(tmp_path / "home"))
    with pytest.raises(NotFound, match="daemon does not run"):
        look(tmp_path, ("pm2", ""))
    assert pm2.calls == []


def test_composes_services_are_counted_by_their_running_containers(path: Path, tmp_path: Path) -> None:
    captures = CAPTURES / "docker-compose-2.26"
    docker = StandIn(path, "docker", ("compose ps", "file", str(captures / "ps.jsonl")), ("inspect", "file", str(captures / "inspect.txt")))
    found, lost = look(tmp_path, ("compose", str(tmp_path)))
    told = runs(found)
    assert {name: (run.count, run.restarts, run.down) for name, run in told.items()} == {"api": (3, 0, ""), "mailer": (0, 3, "1 exited"), "redis": (1, 0, ""), "worker": (1, 0, "")}
    assert told["api"].ids == "shop-api-1, shop-api-2, shop-api-3"
    replicas = [factor for factor in factors(found) if factor[1] == "replicas"]  # where the capture was made, its processes are seen too
    assert replicas == [(name, "replicas", many, Basis.OBSERVED) for name, many in (("api", 3), ("redis", 1), ("worker", 1))]
    assert {item.fact.service: item.fact.role for item in found if isinstance(item.fact, ServiceRun)}["worker"] == "worker"
    assert lost == []
    assert [words[:2] for words in docker.calls] == [["compose", "ps"], ["inspect", "--format"]]
    assert not any("Env" in word for words in docker.calls for word in words)


def test_what_one_manager_refuses_is_lost_beside_what_another_tells(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captures = CAPTURES / "docker-compose-2.26"
    StandIn(path, "docker", ("compose ps", "file", str(captures / "ps.jsonl")), ("inspect", "file", str(captures / "inspect.txt")))
    monkeypatch.setenv("PM2_HOME", str(tmp_path / "home"))
    found, lost = look(tmp_path, ("pm2", "api"), ("compose", str(tmp_path)))
    assert len(runs(found)) == 4
    assert [(item.what, item.why) for item in lost] == [("pm2:api", "PM2's daemon does not run for this user")]
