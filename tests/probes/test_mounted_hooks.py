"""A hook on localhost in a file that is mounted into a container is told, unless the container serves it itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.mounted_hooks import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

COMPOSE = """services:
  rtmp:
    image: ossrs/srs:5
    volumes:
      - %s
%s  api:
    build: .
    ports: ["3000:3000"]
"""
SHORT, LONG = "./srs.conf:/usr/local/srs/conf/stream.conf", "{type: bind, source: ./srs.conf, target: /conf}"
HOOK = "http_hooks {\n  enabled on;\n  on_publish http://localhost:3000/hooks/publish;\n}\n"


def said(tmp_path: Path, volume: str = SHORT, conf: str = HOOK, more: str = "") -> list[str]:
    found = look(tmp_path, {"compose.yaml": COMPOSE % (volume, more), "srs.conf": conf})
    return [f"{item.where} {item.because[0].where} {item.fact.why.rpartition('; ')[2]}" for item in found]


@pytest.mark.parametrize("volume", [SHORT, LONG], ids=["short", "long"])
def test_localhost_is_the_container_itself(tmp_path: Path, volume: str) -> None:
    assert said(tmp_path, volume) == ["srs.conf:3 compose.yaml:5 write api:3000"]


def test_a_url_below_a_heading_of_hooks_is_one(tmp_path: Path) -> None:
    assert said(tmp_path, conf="webhooks:\n  - url: http://127.0.0.1:3000/hooks\n") == ["srs.conf:2 compose.yaml:5 write api:3000"]


@pytest.mark.parametrize(
    ("volume", "conf", "more"),
    [
        (SHORT, HOOK.replace("localhost", "api"), ""),
        (SHORT, HOOK.replace("  on_publish", "# on_publish"), ""),
        (SHORT, HOOK + "listen 3000;\n", ""),
        (SHORT, HOOK, '    ports: ["3000:3000"]\n'),
        (SHORT, HOOK, "    network_mode: host\n"),
        (SHORT, HOOK, "    build: ./srs\n"),
        ("srs:/usr/local/srs/conf", HOOK, ""),
    ],
    ids=["by its name", "a remark", "it listens there", "its own port", "the host's network", "built here", "a named volume"],
)
def test_it_is_reached_or_it_cannot_be_told(tmp_path: Path, volume: str, conf: str, more: str) -> None:
    assert said(tmp_path, volume, conf, more) == []
