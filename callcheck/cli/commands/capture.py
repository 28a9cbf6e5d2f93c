"""What `callcheck capture` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from callcheck.cli.commands.options import Debug, given

app = typer.Typer()


@app.command()
def capture(
    targets: Annotated[list[str] | None, typer.Argument(metavar="[TARGET]...", help="As of `diagnose`.")] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = "callcheck.ccb",
    limit: Annotated[str, typer.Option("--limit", metavar="SIZE", help="How large it may become: 500kB, 20MB; what is left out is said.")] = "5MB",
    as_: Annotated[str | None, typer.Option("--as", metavar="logs|source|config", help="What the files are, whatever they look like.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="TIME", help="Only log entries from then on, as of `diagnose`.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Only log entries up to then.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    debug: Debug = False,
) -> int:
    """Write facts, excerpts and counts into one archive without secrets and names, which `diagnose` reads on any machine.

    Nothing leaves this machine. Exits with 0 if it is written, 2 on a wrong call, 3 if nothing could be examined.
    """
    from callcheck.cli.capture import run, size

    return run(targets or (), output, size(limit), given(as_=as_, since=since, until=until, quiet=quiet, debug=debug))
