"""What `callcheck mcp` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def mcp(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="What may be looked at: this folder and what lies in it, nothing else.")
    ] = Path("."),
) -> int:
    """Answer a coding agent over standard input and output (Model Context Protocol): diagnose, map, explain, rules.

    Read-only: nothing is run, written, or sent anywhere. Wants `pip install 'callcheck[mcp]'`.
    """
    from callcheck.cli.mcp import run

    return run(folder)
