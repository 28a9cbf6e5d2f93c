"""Is the number of workers of each real server right, however they call themselves?"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from callcheck.sources.live import sockets
from callcheck.sources.live.processes import Group, Processes
from tests.tools import servers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the servers are run in process groups")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, servers.Server]]:
    """All servers at once, which takes as long as the slowest."""
    with servers.all_running(tmp_path_factory.mktemp("servers")) as table:
        yield table


def settled(server: servers.Server, by_port: bool) -> Group:
    """The one group of the server; a worker that is only just being forked is given ten seconds."""
    end = time.monotonic() + 10
    while True:
        groups = Processes().serving(server.port) if by_port else Processes().groups(server.pid)
        if len(groups[0].workers) == server.count or time.monotonic() > end:
            assert len(groups) == 1
            return groups[0]
        time.sleep(0.2)


@pytest.mark.parametrize("name", [server.name for server in servers.servers()])
def test_the_workers_are_counted_from_the_first_process_from_a_worker_and_from_the_port(
    running: dict[str, servers.Server], name: str
) -> None:
    server = running[name]
    if server.missing:
        pytest.skip(server.missing)
    group = settled(server, by_port=False)
    told = (group.server if server.server else "", len(group.workers), group.pool)
    assert told == (server.server, server.count, server.pool)
    assert (group.master == server.pid) is (server.pool in ("fork", "spawn", "cluster")), group
    assert Processes().groups(group.workers[-1]) == [group]
    if server.ports:
        assert settled(server, by_port=True) == group


def test_the_counts_are_right_too_where_the_system_does_not_tell_sockets_apart(running: dict[str, servers.Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "sys", SimpleNamespace(platform="darwin"))
    own, processes = [server for server in running.values() if not server.missing], Processes()
    groups = {server.name: processes.groups(server.pid)[0] for server in own}
    assert {name: len(group.workers) for name, group in groups.items()} == {server.name: server.count for server in own}
    assert {server.name: processes.look(groups[server.name]).ports for server in own} == {server.name: (server.port,) if server.port else () for server in own}


def test_all_apps_of_a_folder_are_found_each_once(running: dict[str, servers.Server]) -> None:
    own = [server for server in running.values() if not server.missing and server.name not in ("a script alone", "node alone")]
    wanted = sorted(server.count for server in own)
    folder = Path(Processes().table.folder(own[0].pid))
    end = time.monotonic() + 10
    while True:
        counts = sorted(count for group in Processes().within(folder) for count in (group.copies or (len(group.workers),)))
        if counts == wanted or time.monotonic() > end:
            break
        time.sleep(0.5)
    assert counts == wanted


def test_each_worker_with_a_socket_of_its_own_is_told_from_an_inherited_one(running: dict[str, servers.Server]) -> None:
    for name, own, handed in (("granian", True, False), ("gunicorn", False, False), ("node:cluster", False, True), ("node:cluster with shared sockets", False, False)):
        server = running[name]
        if not server.missing:
            processes = Processes()
            (group,) = processes.groups(server.pid)
            seen = processes.look(group)
            assert (bool(seen.own_sockets), seen.handed, seen.ports) == (own, handed, (server.port,)), name


def test_a_broker_is_known_by_its_program_whatever_its_port(running: dict[str, servers.Server]) -> None:
    server = running["celery prefork"]
    if server.missing:
        pytest.skip(server.missing)
    processes = Processes()
    (group,) = processes.groups(server.pid)
    assert [(broker.system, broker.by_program) for broker in processes.look(group).brokers] == [("redis", True)]
