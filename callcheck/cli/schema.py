"""`callcheck schema NAME`: which shape do the files have that we print for machines, or read from people?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from callcheck.cli import console
from callcheck.cli.exit_status import ExitStatus
from callcheck.model.errors import UsageError
from callcheck.model.printable import clean


def _report() -> str:
    from callcheck.report import json_v1

    return json_v1.schema()


def _capture() -> str:
    from callcheck.report.capture import schema

    return schema()


def _map() -> str:
    from callcheck.report.map import as_json

    return as_json.schema()


def _scenario() -> str:
    from callcheck.sources.scenario.shape import schema_text

    return schema_text()


def _config() -> str:
    from callcheck.cli import settings

    return _text("config", "Settings of callcheck: .callcheck.yml", settings.schema())


def _rule() -> str:
    from callcheck.engine import shape

    return _text("rule", "A cause that callcheck can name: causes/STAGE/CAUSE.yaml", shape.rule())


def _shape(name: str, title: str, shape: str) -> Callable[[], str]:
    def text() -> str:
        from callcheck.knowledge import shapes

        return _text(name, title, getattr(shapes, shape)())

    return text


def _text(name: str, title: str, schema: dict[str, Any]) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:callcheck:{name}", "title": title}
    return json.dumps({**head, **schema}, indent=1) + "\n"


SCHEMAS: dict[str, Callable[[], str]] = {
    "report": _report,
    "scenario": _scenario,
    "capture": _capture,
    "map": _map,
    "config": _config,
    "rule": _rule,
    "framework": _shape("framework", "A library as callcheck knows it: frameworks/NAME.yaml", "framework"),
    "traps": _shape("traps", "Uses that a library is known to let down: traps/NAME.yaml", "traps"),
    "events": _shape("events", "The events that objects of a library really emit: events/NAME.yaml", "emitters"),
    "log-formats": _shape("log-formats", "How log lines are written: logs/formats/NAME.yaml", "log_formats"),
    "log-signatures": _shape("log-signatures", "By which lines failures are known: logs/signatures/NAME.yaml", "log_signatures"),
    "log-boundaries": _shape("log-boundaries", "By which words a line says how far a delivery has come: logs/boundaries/NAME.yaml", "log_boundaries"),
}


def run(name: str) -> ExitStatus:
    """Print the JSON Schema of that name. Raises UsageError."""
    if name not in SCHEMAS:
        raise UsageError(f"no schema is called {clean(name, 60)}", f"known: {', '.join(SCHEMAS)}")
    console.emit(SCHEMAS[name]())
    return ExitStatus.NOTHING_LIKELY
