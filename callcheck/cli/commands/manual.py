"""What `callcheck manual` takes."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command(hidden=True)
def manual() -> int:
    """Print the manual page, made from the commands themselves: callcheck manual | man -l -"""
    from callcheck.cli.manual import run

    return run()
