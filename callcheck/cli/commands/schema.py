"""What `callcheck schema` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from callcheck.cli.schema import SCHEMAS, run

app = typer.Typer()


def _names(incomplete: str) -> list[str]:
    return [name for name in SCHEMAS if name.startswith(incomplete)]


@app.command()
def schema(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"{', '.join(list(SCHEMAS)[:-1])} or {list(SCHEMAS)[-1]}.", autocompletion=_names)],
) -> int:
    """Print the JSON Schema of a file that is printed for machines, or read from you."""
    return run(name)
