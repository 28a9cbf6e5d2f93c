"""Deployment files in shapes that their formats allow and few people write: the counts are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes import compose, nginx, procfile, scale_commands
from tests.tools.deployed import look_with, told

CASES = {
    "an included file of Compose": (
        compose.PROBE,
        {"compose.yml": "include:\n  - {path: [parts/api.yml]}\n", "parts/api.yml": "x-d: &d {deploy: {replicas: 4}}\nservices:\n  api: {<<: *d, image: x, command: [node, a.js]}\n"},
        "instances.factor api 4 @parts/api.yml:1",
    ),
    "an upstream of nginx on one line": (nginx.PROBE, {"nginx.conf": "upstream a { server 10.0.0.1:80; server 10.0.0.2:80; }\n"}, "instances.factor a 2 @nginx.conf:1"),
    "a settings file of hypercorn": (procfile.PROBE, {"Procfile": "web: hypercorn -c h.toml a:app\n", "h.toml": 'bind = "0.0.0.0:80"\nworkers = 3\n'}, "instances.factor web 3 @h.toml:2"),
    "a loop over a systemd template": (scale_commands.PROBE, {"install.sh": "for i in 1 2 3; do systemctl enable --now a@$i; done\n"}, "instances.factor a 3 @install.sh:1"),
    "a sequence over a systemd template": (scale_commands.PROBE, {"install.sh": "for n in $(seq 1 5); do systemctl start a@${n}.service; done\n"}, "instances.factor a 5 @install.sh:1"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_count_is_read(tmp_path: Path, case: str) -> None:
    probe, files, expected = CASES[case]
    assert expected in told(look_with(probe)(tmp_path, files))


def test_a_loop_over_what_is_not_known_says_no_number(tmp_path: Path) -> None:
    found = told(look_with(scale_commands.PROBE)(tmp_path, {"install.sh": "for i in $PORTS; do systemctl start a@$i; done\n"}))
    assert not [line for line in found if line.startswith("instances.factor")]
