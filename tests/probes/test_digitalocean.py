"""Does an app spec say its containers?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.digitalocean import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("    instance_count: 3\n", "web 3 @.do/app.yaml:4"),
        ("    autoscaling:\n      max_instance_count: 6\n", "web 6 @.do/app.yaml:5"),
        ("", "web 1 @.do/app.yaml:2"),
    ],
)
def test_the_count_is_the_components(tmp_path: Path, keys: str, said: str) -> None:
    text = "services:\n  - name: web\n    run_command: npm start\n" + keys
    assert f"instances.factor {said}" in told(look(tmp_path, {".do/app.yaml": text}))
