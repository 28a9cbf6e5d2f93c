"""What `callcheck map` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from callcheck.cli.commands.options import Debug, Output, Quiet, given

app = typer.Typer()


@app.command("map")
def map_(
    targets: Annotated[list[str] | None, typer.Argument(metavar="[TARGET]...", help="As of `diagnose`.")] = None,
    format: Annotated[str | None, typer.Option("--format", "-f", metavar="mermaid|dot|json|asyncapi", help="What to draw in; with --diff text or json. [default: mermaid, text]")] = None,
    output: Output = None,
    event: Annotated[list[str] | None, typer.Option("--event", metavar="NAME", help="Only events, topics and queues of this name (order.*); repeatable.")] = None,
    program: Annotated[list[str] | None, typer.Option("--program", metavar="NAME", help="Only what this program emits or listens to; repeatable.")] = None,
    troubled: Annotated[bool, typer.Option("--troubled", help="Only what a cause breaks, and what lacks a listener or an emission.")] = False,
    most: Annotated[int | None, typer.Option("--most", metavar="N", min=0, help="So many channels at most; 0 for all. [default: 50 in a drawing]")] = None,
    diff: Annotated[str | None, typer.Option("--diff", metavar="REV", help="Draw nothing: say which deliveries are lost since this revision of git.")] = None,
    fail_on: Annotated[str | None, typer.Option("--fail-on", metavar="0-1", help="From this confidence on a cause breaks a delivery. [default: 0.5]")] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="With --diff: exit with 0 even if deliveries are lost.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Take nothing from earlier runs, and keep nothing.")] = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Draw who emits, what lies between and who listens, in which program, with the cause where a delivery is broken.

    Exits with 0 once a map is drawn, whatever is on it, 2 on a wrong call, 3 if nothing could be examined. With --diff, 1 if deliveries are lost.
    """
    from callcheck.cli.map import Wanted, run

    wanted = Wanted(format or "", diff or "", tuple(event or ()), tuple(program or ()), troubled, most)
    return run(targets or (), wanted, given(output=output, fail_on=fail_on, exit_zero=exit_zero, no_cache=no_cache, quiet=quiet, debug=debug))
