"""Services that Traefik does not reach, or leaves out, and those that it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.traefik_labels import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
RULE = "- traefik.http.routers.pay.rule=Host(`pay.example`)"


def compose(labels: list[str], networks: str = "[back, edge]", made: str = "{edge: {external: true}, back: {}}", proxy: str = "networks: [edge]", more: str = "") -> str:
    lines = "\n".join(f"      {each}" for each in labels)
    return f"services:\n  traefik:\n    image: traefik:v3.1\n    {proxy}\n  pay:\n    build: .\n    labels:\n{lines}\n    networks: {networks}\n{more}networks: {made}\n"


def said(folder: Path, text: str, **files: str) -> list[str]:
    return [f"{each.where}" for each in look(folder, {"compose.yaml": text, **files}) if isinstance(each, Evidence)]


FLAGS = "command: [--providers.docker=true, --providers.docker.exposedbydefault=false, '--entrypoints.web.address=:80']\n    networks: [edge]"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (compose([RULE]), 9),
        (compose([RULE], "[back]"), 9),
        (compose([RULE, "- traefik.docker.network=edge"], made="{edge: {}, back: {}}"), 9),
        (compose([RULE, "- traefik.docker.network=back"], made="{edge: {external: true}, back: {name: back}}"), 9),
        (compose([RULE], proxy=FLAGS, networks="[edge]"), 9),
        (compose([RULE, "- traefik.enable=true", "- traefik.http.routers.pay.entrypoints=websecure"], proxy=FLAGS, networks="[edge]"), 11),
    ],
)
def test_a_service_that_traefik_does_not_reach_is_told_of(tmp_path: Path, text: str, line: int) -> None:
    assert said(tmp_path, text) == [f"compose.yaml:{line}"]


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (compose([RULE, "- traefik.docker.network=edge"]), {}),
        (compose([RULE], "[edge]"), {}),
        (compose([RULE], proxy="networks: [edge, back]"), {}),
        (compose([RULE], proxy="network_mode: host"), {}),
        (compose([RULE], made="{edge: {external: true}, back: {name: '${BACK}'}}"), {}),
        (compose([RULE], proxy="networks: [edge]\n    command: [--providers.docker.network=edge]"), {}),
        (compose([RULE]), {"traefik.yml": "providers:\n  docker:\n    network: edge\n"}),
        (compose(["- traefik.enable=false", RULE]), {}),
        (compose(["- com.example.a=b"]), {}),
        (compose([RULE, "- traefik.enable=true", "- traefik.http.routers.pay.entrypoints=web"], proxy=FLAGS, networks="[edge]"), {}),
        (compose([RULE, "- traefik.docker.network=shop_edge"], made="{edge: {}, back: {}}", more="name: shop\n"), {}),
        # Without a name it is the folder's, which a checkout may call anything, or that of `-p shop`.
        (compose([RULE, "- traefik.docker.network=shop_edge"], made="{edge: {}, back: {}}"), {}),
    ],
)
def test_a_service_that_traefik_reaches_is_left_alone(tmp_path: Path, text: str, files: dict[str, str]) -> None:
    assert said(tmp_path, text, **files) == []


def test_networks_of_two_files_are_one_by_their_name_in_docker(tmp_path: Path) -> None:
    proxy = "services:\n  traefik:\n    image: traefik:v3.1\n    networks: [edge]\nnetworks: {edge: {name: edge}}\n"
    app = "services:\n  pay:\n    build: .\n    labels: {traefik.http.routers.pay.rule: Host(`a`)%s}\n    networks: [back, edge]\nnetworks: {edge: {external: true}, back: {}}\n"
    assert said(tmp_path / "a", app % "", **{"proxy/compose.yaml": proxy}) == ["compose.yaml:5"]
    assert said(tmp_path / "b", app % ", traefik.docker.network: edge", **{"proxy/compose.yaml": proxy}) == []


def test_what_an_override_adds_to_the_proxy_is_the_proxys(tmp_path: Path) -> None:
    base = "services:\n  edge:\n    image: traefik:v3.2\n    command: [--providers.docker, --providers.docker.exposedbydefault=false, '--entrypoints.web.address=:80']\n  pay:\n    build: .\n"
    more = "services:\n  edge:\n    command: [--providers.docker, --providers.docker.exposedbydefault=false, '--entrypoints.web.address=:80', '--entrypoints.tls.address=:443']\n  pay:\n    labels:\n"
    labels = "      - traefik.http.routers.pay.rule=Host(`pay.example`)\n      - traefik.http.routers.pay.entrypoints=tls\n"
    enabled = base + "    labels: [traefik.enable=true]\n"
    assert said(tmp_path, enabled, **{"compose.live.yaml": more + labels}) == []
    assert said(tmp_path, base, **{"compose.live.yaml": more + labels}) == ["compose.live.yaml:6"]
    assert said(tmp_path, enabled, **{"compose.live.yaml": more + labels.replace("=tls", "=secure")}) == ["compose.live.yaml:7"]
