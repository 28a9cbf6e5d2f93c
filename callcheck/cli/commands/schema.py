"""What `callcheck schema` takes."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="schema", help="The shapes of what is printed for machines.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("report")
def schema_report() -> int:
    """Print the JSON Schema of `diagnose --format json`."""
    from callcheck.cli.schema import report

    return report()


@app.command("map")
def schema_map() -> int:
    """Print the JSON Schema of `map --format json`."""
    from callcheck.cli.schema import map_

    return map_()


@app.command("scenario")
def schema_scenario() -> int:
    """Print the JSON Schema of the scenario files of `webhook`."""
    from callcheck.cli.schema import scenario

    return scenario()


@app.command("capture")
def schema_capture() -> int:
    """Print the JSON Schema of what is in the archive of `capture`."""
    from callcheck.cli.schema import capture

    return capture()
