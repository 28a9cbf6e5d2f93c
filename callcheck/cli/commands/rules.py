"""What `callcheck rules` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callcheck.cli.commands.options import Rules

app = typer.Typer(
    name="rules", help="The causes and frameworks that are known.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def rules_list(
    frameworks: Annotated[bool, typer.Option("--frameworks", help="The libraries instead of the causes.")] = False,
    platforms: Annotated[bool, typer.Option("--platforms", help="The formats of deployment files instead of the causes.")] = False,
    rules: Rules = None,
) -> int:
    """List the causes that can be named, or the frameworks or platforms that are known."""
    from callcheck.cli.rules import listed
    from callcheck.model.errors import UsageError

    if frameworks and platforms:
        raise UsageError("--frameworks and --platforms are two lists", "ask for one of them")
    return listed(rules or [], "frameworks" if frameworks else "platforms" if platforms else "causes")


@app.command("check")
def rules_check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Your rules; without it, those that came with callcheck.")
    ] = None,
) -> int:
    """Check rules and frameworks: their shape, their words, and whether the examples inside hold."""
    from callcheck.cli.rules import check

    return check(folder)
