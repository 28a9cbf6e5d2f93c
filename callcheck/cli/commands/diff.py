"""What `callcheck diff` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from callcheck.cli.commands.options import Color, Debug, ExitZero, Format, Output, given

app = typer.Typer()


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="GOOD", help="A capture, or a target of `diagnose`: of the system when it was well, or of one that is.")],
    after: Annotated[str, typer.Argument(metavar="BAD", help="The same of the one that is not.")],
    format: Format = None,
    output: Output = None,
    fail_on: Annotated[str | None, typer.Option("--fail-on", metavar="0-1", help="From which confidence on a cause counts. [default: 0.5]")] = None,
    exit_zero: ExitZero = False,
    color: Color = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="All that differs.")] = False,
    debug: Debug = False,
) -> int:
    """Say in what a sick run differs from a healthy one: causes that came, counts that moved, facts on one side alone.

    Exits with 0 if no likely cause came, 1 if one did, 2 on a wrong call, 3 if nothing could be examined.
    """
    from callcheck.cli.diff import run

    return run(before, after, given(format=format, output=output, fail_on=fail_on, exit_zero=exit_zero, color=color, verbose=verbose, debug=debug))
