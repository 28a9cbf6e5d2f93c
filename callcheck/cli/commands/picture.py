"""What `callcheck picture` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command(hidden=True)
def picture(
    target: Annotated[str, typer.Argument(metavar="TARGET")],
    out: Annotated[Path, typer.Argument(metavar="OUT.svg")],
    width: Annotated[int, typer.Option("--width")] = 92,
) -> int:
    """Draw the report of a real run as an SVG, for the README."""
    from callcheck.cli.picture import run

    return run(target, out, width)
