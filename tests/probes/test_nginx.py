"""Does nginx say how it spreads requests?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.nginx import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_several_servers_without_affinity_are_balanced(tmp_path: Path) -> None:
    text = "upstream nodes {\n  server a:1;\n  server b:1;\n  server c:1 backup;\n}\n"
    assert told(look(tmp_path, {"nginx.conf": text})) == [
        "load.balanced nodes @nginx.conf:1",
        "instances.factor nodes 2 @nginx.conf:1",
        "balancer.pool nodes @nginx.conf:1",
    ]


def test_ip_hash_sticks(tmp_path: Path) -> None:
    text = "upstream nodes {\n  ip_hash;\n  server a:1;\n  server b:1;\n}\n"
    assert told(look(tmp_path, {"site.conf": text}))[0] == "sticky.sessions nodes ip @site.conf:2"


def test_a_commented_ip_hash_does_not_stick(tmp_path: Path) -> None:
    text = "upstream nodes {\n  # ip_hash;\n  server a:1;\n  server b:1;\n}\n"
    assert told(look(tmp_path, {"site.conf": text}))[0] == "load.balanced nodes @site.conf:1"


def test_one_server_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"nginx.conf": "upstream nodes {\n  server a:1;\n}\n"}) == []


@pytest.mark.parametrize("server", ["127.0.0.1:5000", "localhost:5000", "unix:/run/board.sock", "10.0.8.11:5000"])
def test_one_address_leaves_nothing_to_stick_to(tmp_path: Path, server: str) -> None:
    """What listens there may be several workers, between which nginx does not choose."""
    text = f"upstream board {{\n  ip_hash;\n  server {server};\n}}\n"
    assert look(tmp_path, {"nginx.conf": text}) == []
    assert told(look(tmp_path, {"nginx.conf": text.replace(server, "board:5000")})) == ["sticky.sessions board ip @nginx.conf:2"]
