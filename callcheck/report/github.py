"""The report as annotations of GitHub Actions: workflow commands on standard output.

    ::error file=src/server.ts,line=14,title=cross-process-delivery (98 %)::done:* is awaited in one process ...

A runner obeys whatever line looks like a command, so nothing from outside begins a line here or stands in one unescaped. A step shows ten
annotations of a kind, and says nothing of those it drops: the surest ten are given, and one notice with the number of the others.
"""

from __future__ import annotations

from callcheck.model.confidence import LIKELY
from callcheck.model.diagnosis import Report
from callcheck.report.findings import Finding, Lines, findings

SHOWN = 10


def render(report: Report, lines: Lines, min_confidence: float = 0.0) -> str:
    """A line for each of the surest findings, of which those at or above one half are errors."""
    found = findings(report, lines, min_confidence)
    told = [_command(finding) for finding in found[:SHOWN]]
    if len(found) > SHOWN:
        told.append(f"::notice title=callcheck::{len(found) - SHOWN} further findings are in the summary of this step")
    return "".join(f"{line}\n" for line in told)


def _command(finding: Finding) -> str:
    level = "error" if finding.diagnosed.confidence >= LIKELY else "warning"
    where = finding.where
    properties = {"title": f"{finding.cause} ({finding.diagnosed.confidence * 100:.0f} %)"}
    if where is not None:
        properties = {"file": where.path, **({"line": str(where.line)} if where.line else {}), **({"col": str(where.column)} if where.line and where.column else {}), **properties}
    said = ",".join(f"{name}={escaped(value, in_property=True)}" for name, value in properties.items())
    return f"::{level} {said}::{escaped(finding.message)}"


def escaped(text: str, in_property: bool = False) -> str:
    """A text as a workflow command takes it."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text
