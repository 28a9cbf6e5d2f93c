"""Which options do several commands share, and what does the shell's completion offer for them?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def causes(incomplete: str) -> list[str]:
    """The causes whose names begin so."""
    from callcheck.knowledge import shipped

    return sorted(path.stem for path in shipped().glob("causes/*/*.y*ml") if path.stem.startswith(incomplete))


def probes(incomplete: str) -> list[str]:
    """The probes whose names begin so."""
    from callcheck import registry

    return [probe.name for probe in registry.probes() if probe.name.startswith(incomplete)]


Color = Annotated[str | None, typer.Option("--color", metavar="auto|always|never", help="Whether to colour the report.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors inside callcheck; diagnose also says what it took from its cache.")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even if something is found.")]
Format = Annotated[str | None, typer.Option("--format", "-f", metavar="terminal|json|html", help="How to print the report.")]
MinConfidence = Annotated[str | None, typer.Option("--min-confidence", metavar="0-1", help="Leave out causes below. [default: 0.1]")]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to a file.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="A line a cause, and no progress.")]
Ready = Annotated[str | None, typer.Option("--ready", metavar="URL", help="The app is ready when this answers.")]
Rules = Annotated[list[Path] | None, typer.Option("--rules", metavar="DIR", help="Own rules and frameworks beside ours; repeatable.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Every cause in full, and all that was looked at.")]


def given(**typed: Any) -> dict[str, Any]:
    """The settings that were typed, by their names as typed: those left alone are left out, and `fail_on` is `fail-on`."""
    return {name.rstrip("_").replace("_", "-"): value for name, value in typed.items() if value not in (None, False, [], ())}
