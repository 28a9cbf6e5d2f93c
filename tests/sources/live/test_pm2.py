"""Are the apps of a real PM2 told apart and counted, by its own names?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.processes import PROBE
from callcheck.sources import Eyes
from callcheck.sources.live.processes import Group, Processes
from tests.tools import apps, node

ECOSYSTEM = """\
module.exports = {
  apps: [
    { name: "api", script: "server.js", instances: 3, exec_mode: "cluster", env: { PORT: "PORT" } },
    { name: "billing api", script: "titled.js", instances: 2, exec_mode: "cluster" },
    { name: "jobs", script: "idle.js" },
    { name: "twice", script: "idle.js", instances: 2, exec_mode: "fork" },
    { name: "python", script: "idle.py", interpreter: "python3" },
  ],
};
"""
SERVER = "require('http').createServer((q, r) => r.end('{}')).listen(+process.env.PORT, '127.0.0.1');\n"
RIGHT = {"api": (3, "cluster"), "billing-api": (2, "cluster"), "jobs": (1, "fork"), "twice": (2, "fork"), "python": (1, "fork")}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="PM2 is run in process groups")


@pytest.fixture(scope="module")
def pm2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, int]]:
    """PM2's home, the apps' folder, and the port of its first app."""
    if why := node.missing():
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("pm2")
    port = apps.free_port()
    files = {
        "ecosystem.config.cjs": ECOSYSTEM.replace('"PORT"', f'"{port}"'),
        "server.js": SERVER,
        "titled.js": "process.title = 'shop';\nsetInterval(() => {}, 1000);\n",
        "idle.js": "setInterval(() => {}, 1000);\n",
        "idle.py": "import time\ntime.sleep(600)\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    with apps.pm2(node.program("pm2"), folder, node.environment()) as home:
        apps.wait_until(apps.answers(port, "/"), "the app")
        apps.wait_until(lambda: _counts(_daemon(home)) == {name: many for name, (many, _) in RIGHT.items()}, "all apps")
        yield home, folder, port


def _daemon(home: Path) -> list[Group]:
    return Processes().groups(int((home / "pm2.pid").read_text()))


def _counts(groups: list[Group]) -> dict[str, int]:
    return {group.name: len(group.workers) for group in groups}


def test_the_daemon_gives_a_group_for_each_app_by_its_name(pm2: tuple[Path, Path, int]) -> None:
    home, _, _ = pm2
    assert {group.name: (len(group.workers), group.pool) for group in _daemon(home)} == RIGHT


def test_a_worker_gives_its_own_app_though_another_runs_the_same_script(pm2: tuple[Path, Path, int]) -> None:
    home, _, _ = pm2
    for name, (many, pool) in RIGHT.items():
        worker = int(next((home / "pids").glob(f"{name}-*.pid")).read_text())
        (group,) = Processes().groups(worker)
        assert (group.name, len(group.workers), group.pool) == (name, many, pool)


def test_a_port_gives_the_clusters_for_which_the_daemon_listens(pm2: tuple[Path, Path, int]) -> None:
    _, folder, port = pm2
    target = Target(folder, ports=(port,))
    lost = [item for item in PROBE.look(target, Eyes(target, Knowledge())) if isinstance(item, Lost)]
    assert [item.what for item in lost] == [f"port {port}"]
    assert {group.name for group in Processes().serving(port)} == {"api", "billing-api"}


def test_an_app_is_found_by_its_name_and_by_its_folder_whatever_its_title(pm2: tuple[Path, Path, int]) -> None:
    _, folder, _ = pm2
    assert [group.name for group in Processes().named("billing-api")] == ["billing-api"]
    assert _counts(Processes().within(folder)) == {name: many for name, (many, _) in RIGHT.items()}
