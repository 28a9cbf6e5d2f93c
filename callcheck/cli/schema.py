"""`callcheck schema`: which shape has `diagnose --format json`, which one `map --format json`, a scenario file, a capture?"""

from __future__ import annotations

from callcheck.cli import console
from callcheck.cli.exit_status import ExitStatus


def report() -> ExitStatus:
    """Print the JSON Schema of `callcheck/1`."""
    from callcheck.report import json_v1

    console.emit(json_v1.schema())
    return ExitStatus.NOTHING_LIKELY


def capture() -> ExitStatus:
    """Print the JSON Schema of what is in a capture."""
    from callcheck.report.capture import schema

    console.emit(schema())
    return ExitStatus.NOTHING_LIKELY


def map_() -> ExitStatus:
    """Print the JSON Schema of `callcheck.map/1` and `callcheck.map-diff/1`."""
    from callcheck.report.map import as_json

    console.emit(as_json.schema())
    return ExitStatus.NOTHING_LIKELY


def scenario() -> ExitStatus:
    """Print the JSON Schema of scenario files."""
    from callcheck.sources.scenario.shape import schema_text

    console.emit(schema_text())
    return ExitStatus.NOTHING_LIKELY
