"""What `callcheck observe` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callcheck.cli.commands.options import Color, Debug, Format, Output, Quiet, Ready, Verbose, given
from callcheck.cli.exit_status import ExitStatus

app = typer.Typer()


@app.command(context_settings={"ignore_unknown_options": False})
def observe(
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[-- COMMAND]...", help="How the app is started, as it is: -- npm start, -- gunicorn -w 4 app:app.")
    ] = None,
    read: Annotated[Path | None, typer.Option("--read", metavar="DIR", help="Run nothing: diagnose the recording in this folder, or a file of OpenTelemetry spans (OTLP in JSON lines).")] = None,
    record: Annotated[Path | None, typer.Option("--record", metavar="DIR", help="Keep the recording in this new or empty folder.")] = None,
    scenario: Annotated[Path | None, typer.Option("--scenario", metavar="FILE", help="Send these requests once the app is ready, and then stop it.")] = None,
    ready: Ready = None,
    seconds: Annotated[str | None, typer.Option("--for", metavar="TIME", help="End the app after 60s, 5m; without it, Ctrl-C does.")] = None,
    scaffold: Annotated[
        str | None, typer.Option("--scaffold", metavar="URL", help="Run nothing: print a first scenario for the app in this folder, which listens at URL.")
    ] = None,
    no_source: Annotated[bool, typer.Option("--no-source", help="Diagnose the recording alone, without the source in this folder.")] = False,
    own_pm2: Annotated[bool, typer.Option("--own-pm2", help="Let pm2 use its usual home and the daemon that runs there.")] = False,
    print_env: Annotated[
        str | None, typer.Option("--print-env", metavar="docker|kubernetes|systemd", help="Print the lines to add where callcheck cannot start the app.")
    ] = None,
    format: Format = None,
    output: Output = None,
    fail_on: Annotated[str | None, typer.Option("--fail-on", metavar="0-1", help="Exit with 1 from this confidence on. [default: 0.5]")] = None,
    color: Color = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
) -> int:
    """Run the app with our agents in its processes, and say where deliveries stop.

    Nothing in the project is changed, no payload is recorded, and nothing leaves this machine.
    """
    from callcheck.cli import observe as here

    if print_env:
        here.print_env(print_env)
        return ExitStatus.NOTHING_LIKELY
    if scaffold:
        here.scaffold(scaffold)
        return ExitStatus.NOTHING_LIKELY
    wanted = here.Wanted(tuple(command or ()), read, record, ready or "", here.duration(seconds), not no_source, scenario, own_pm2)
    said = given(format=format, output=output, fail_on=fail_on, color=color, quiet=quiet, verbose=verbose, debug=debug)
    return here.run(wanted, said)
