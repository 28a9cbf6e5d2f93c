"""Does nginx say how it spreads requests?"""

from __future__ import annotations

from pathlib import Path

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
