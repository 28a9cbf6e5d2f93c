"""What `callcheck schema` takes."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


def _names(incomplete: str) -> list[str]:
    from callcheck.cli.schema import SCHEMAS

    return [name for name in SCHEMAS if name.startswith(incomplete)]


@app.command()
def schema(
    name: Annotated[str, typer.Argument(metavar="NAME", help="report (of `diagnose --format json`), scenario (of `webhook`), capture, map (of `map --format json`), config (.callcheck.yml), rule, framework, traps, events, log-formats, log-signatures or log-boundaries.", autocompletion=_names)],
) -> int:
    """Print the JSON Schema of a file that is printed for machines, or read from you."""
    from callcheck.cli.schema import run

    return run(name)
