"""What `callcheck init` takes."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def init(
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; - prints it.")] = ".callcheck.yml",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> int:
    """Write a first .callcheck.yml for the folder you are in, from what is found there, with a comment on each setting."""
    from callcheck.cli.init import run

    return run(output, force)
