"""`callcheck schema report`: which shape does `diagnose --format json` have?"""

from __future__ import annotations

from callcheck.cli import console
from callcheck.cli.exit_status import ExitStatus
from callcheck.report import json_v1


def run() -> ExitStatus:
    """Print the JSON Schema of `callcheck/1`."""
    console.emit(json_v1.schema())
    return ExitStatus.NOTHING_LIKELY
