"""What is known of a process of the app, whenever it is looked at."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from callcheck.sources.observe.app import App

_RUNS = 25
"""Of as many apps that are looked at while they end, some are met without their program: about one in ten on two cores."""


def test_a_process_that_is_just_ending_is_still_what_it_was(tmp_path: Path) -> None:
    for _ in range(_RUNS):
        # Giving back much memory takes long enough to be met by a look.
        app = App([sys.executable, "-I", "-c", "held = bytearray(200_000_000)"], os.environ, tmp_path)
        while app.status is None:
            app.look()
        assert [each.runtime for each in app.members] == ["python"]
        assert app.members[0].command[1] == "-I"
