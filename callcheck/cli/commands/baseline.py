"""What `callcheck baseline` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from callcheck.cli.commands.options import MinConfidence, given

app = typer.Typer()


@app.command()
def baseline(
    targets: Annotated[list[str] | None, typer.Argument(metavar="[TARGET]...", help="As of `diagnose`.")] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = ".callcheck-baseline.jsonl",
    min_confidence: MinConfidence = None,
) -> int:
    """Write down what is found now, so that `diagnose --baseline FILE` tells only what is new."""
    from callcheck.cli.baseline import run

    return run(targets or (), output, given(min_confidence=min_confidence))
