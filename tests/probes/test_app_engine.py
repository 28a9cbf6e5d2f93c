"""Does App Engine's scaling show?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.app_engine import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


@pytest.mark.parametrize(
    ("scaling", "said"),
    [
        ("manual_scaling:\n  instances: 1\n", "default 1 @app.yaml:3"),
        ("automatic_scaling:\n  max_instances: 5\n", "default 5 @app.yaml:3"),
        ("", "default 2+ @app.yaml:1"),
    ],
)
def test_automatic_scaling_is_the_default(tmp_path: Path, scaling: str, said: str) -> None:
    assert f"instances.factor {said}" in told(look(tmp_path, {"app.yaml": "runtime: nodejs20\n" + scaling}))


def test_another_tools_file_says_nothing(tmp_path: Path) -> None:
    assert not look(tmp_path, {"app.yaml": "kind: Deployment\n"})
