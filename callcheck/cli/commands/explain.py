"""What `callcheck explain` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from callcheck.cli.commands.options import Rules, causes

app = typer.Typer()


@app.command()
def explain(
    cause: Annotated[str, typer.Argument(metavar="CAUSE", help="Such as late-registration.", autocompletion=causes)],
    rules: Rules = None,
    color: Annotated[str, typer.Option("--color", metavar="auto|always|never", help="Whether to colour.")] = "auto",
) -> int:
    """Explain a cause: what it is, how to tell, how to fix it and how to confirm that."""
    from callcheck.cli.explain import run

    return run(cause, rules or [], color)
