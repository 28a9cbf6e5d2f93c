"""Are refused sessions stated, with who answers?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_sessions import PROBE
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


def request(second: int, sid: str, status: int, upstream: int) -> str:
    return f'1.2.3.4 - - [04/Mar/2025:09:00:{second:02d} +0000] "POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1" {status} 41 "-" "UA" upstream=10.0.0.{upstream}:3000'


def test_polls_that_land_elsewhere_are_stated(tmp_path: Path) -> None:
    lines = [
        line
        for n in range(5)
        for line in (request(n, f"sid{n}abcdefgh", 200, 1), request(n + 1, f"sid{n}abcdefgh", 400, 2))
    ]
    found = look(tmp_path, *lines)
    assert [
        (e.fact.attributes()["callcheck.count"], e.fact.attributes()["callcheck.instance.count"]) for e in found
    ] == [(5, 2)]


def test_accepted_sessions_are_not_worth_a_word(tmp_path: Path) -> None:
    assert look(tmp_path, *[request(n, f"sid{n}abcdefgh", 200, n % 2) for n in range(9)]) == []


def test_workers_of_one_server_are_local(tmp_path: Path) -> None:
    lines = [f"INFO:     Started server process [{pid}]" for pid in (8, 9)]
    lines += [
        at(n, f"WARNING mcp.server.sse: Could not find session for ID: cb7ed84c-8f2f-4c1a-9d1e-00000000000{n}")
        for n in range(4)
    ]
    facts = [e.fact.attributes() for e in look(tmp_path, *lines)]
    assert [(f["callcheck.realtime.layer"], f["callcheck.instance.local"]) for f in facts] == [("mcp-sse", True)]


def test_the_few_sessions_that_a_restart_leaves_behind_are_not_stated(tmp_path: Path) -> None:
    lines = [request(n % 60, f"sid{n:02d}abcdefgh", 200, 1) for n in range(50)]
    lines += [at(59, f"Invalid session old{n}abcdefgh") for n in range(3)]
    assert look(tmp_path, *lines) == []


def test_a_session_of_streamable_http_is_told_from_a_stream_of_sse(tmp_path: Path) -> None:
    lines = [at(n, f"INFO mcp: Rejected request with unknown or expired session ID: cb7ed84c8f2f4c1a9d1e00000000000{n}") for n in range(4)]
    assert [e.fact.attributes()["callcheck.realtime.layer"] for e in look(tmp_path, *lines)] == ["mcp"]


def bare(pods: str, unknown: int) -> list[str]:
    return [
        f'[pod/tools-6d9c7f8b5-{pods[n % len(pods)] * 5}/app] INFO: 10.0.0.{n}:4000 - "POST /mcp HTTP/1.1" {"404 Not Found" if n % 10 < unknown else "200 OK"}'
        for n in range(60)
    ]


@pytest.mark.parametrize(("pods", "unknown", "count"), [("abc", 5, 1), ("a", 5, 0), ("abc", 1, 0), ("abc", 10, 0)])
def test_what_a_server_of_mcp_answers_404_is_a_session_that_it_does_not_know(tmp_path: Path, pods: str, unknown: int, count: int) -> None:
    assert len(look(tmp_path, *bare(pods, unknown))) == count
