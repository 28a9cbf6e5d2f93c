"""`callcheck schema report` and `callcheck schema scenario`: which shape does `diagnose --format json` have, and which one a scenario file?"""

from __future__ import annotations

from callcheck.cli import console
from callcheck.cli.exit_status import ExitStatus


def report() -> ExitStatus:
    """Print the JSON Schema of `callcheck/1`."""
    from callcheck.report import json_v1

    console.emit(json_v1.schema())
    return ExitStatus.NOTHING_LIKELY


def scenario() -> ExitStatus:
    """Print the JSON Schema of scenario files."""
    from callcheck.sources.scenario.shape import schema_text

    console.emit(schema_text())
    return ExitStatus.NOTHING_LIKELY
