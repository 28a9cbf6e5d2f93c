"""What `callcheck scale` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callcheck.cli.commands.options import Color, Debug, ExitZero, Format, Output, Quiet, Ready, Verbose, given

app = typer.Typer()


@app.command()
def scale(
    counts: Annotated[str, typer.Argument(metavar="1,2,4", help="With how many copies to try.")],
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- COMMAND...", help="How the app is started. `{n}` becomes the number of copies (gunicorn -w {n} app:app); without it, each copy is started with its own PORT, `{port}` in words."),
    ] = None,
    scenario: Annotated[Path, typer.Option("--scenario", metavar="FILE", help="The requests to send, as of `callcheck webhook`.")] = Path("callcheck-scenario.yml"),
    ready: Ready = None,
    format: Format = None,
    output: Output = None,
    exit_zero: ExitZero = False,
    color: Color = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Run the same scenario against one, two and four copies of the app, and say with how many it loses deliveries."""
    from callcheck.cli.scale import run
    from callcheck.model.errors import UsageError

    if not ready:
        raise UsageError("--ready is wanted: a URL that answers once the app can be used", "--ready http://127.0.0.1:3000/health")
    said = given(format=format, output=output, exit_zero=exit_zero, color=color, quiet=quiet, verbose=verbose, debug=debug)
    return run(counts, scenario, ready, tuple(command or ()), said)
