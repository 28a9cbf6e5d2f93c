"""What `callcheck webhook` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callcheck.cli.commands.options import Color, Debug, ExitZero, Format, Output, Quiet, Verbose, given

app = typer.Typer()


@app.command()
def webhook(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO.yml", help="Which requests set callbacks off, and what is expected of these.")],
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="[TARGET]...", help="What to look at beside: the app's folder, a log, port:N, as of `diagnose`.")
    ] = None,
    public_url: Annotated[
        str, typer.Option("--public-url", metavar="URL", help="The address by which the app reaches the receiver: from a container, through a tunnel.")
    ] = "",
    yes_send: Annotated[
        bool, typer.Option("--yes-send", help="Send the triggers to other machines than this one, too; they have real effects there.")
    ] = False,
    longest: Annotated[str, typer.Option("--for", metavar="TIME", help="How long all of it may take at most.")] = "5m",
    format: Format = None,
    output: Output = None,
    exit_zero: ExitZero = False,
    color: Color = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Send requests to the running app, receive the callbacks that they set off, and say what became of each.

    Exits with 0 if all is as the scenario expects, 1 if not, 2 on a wrong call or scenario, 3 if the app does not answer.
    """
    from callcheck.cli.webhook import run, seconds
    from callcheck.sources.webhook.run import Terms

    said = given(format=format, output=output, exit_zero=exit_zero, color=color, quiet=quiet, verbose=verbose, debug=debug)
    return run(scenario, targets or (), Terms(yes_send, public_url, seconds(longest)), said)
