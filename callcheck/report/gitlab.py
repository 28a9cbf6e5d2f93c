"""The report as GitLab's code quality artifact: one JSON list of issues, of which the widget of a merge request shows the new ones."""

from __future__ import annotations

import json

from callcheck.model.confidence import Level, level
from callcheck.model.diagnosis import Report
from callcheck.model.digest import digest
from callcheck.report.findings import Finding, Lines, findings

_SEVERITIES = {Level.VERY_LIKELY: "major", Level.LIKELY: "minor", Level.UNLIKELY: "info"}


def render(report: Report, lines: Lines, min_confidence: float = 0.0) -> str:
    """The list in ASCII; findings without a place cannot be told to GitLab, and stand at the first file of the target."""
    seen: dict[str, int] = {}
    return json.dumps([_issue(finding, seen) for finding in findings(report, lines, min_confidence)], indent=2) + "\n"


def _issue(finding: Finding, seen: dict[str, int]) -> dict[str, object]:
    count = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
    confidence = finding.diagnosed.confidence
    return {
        "description": f"{finding.message} ({confidence * 100:.0f} %)",
        "check_name": finding.cause,
        # GitLab takes two issues with one fingerprint for the same.
        "fingerprint": finding.fingerprint if count == 1 else digest(f"{finding.fingerprint}{count}"),
        "severity": _SEVERITIES[level(confidence)],
        "location": {"path": finding.where.path if finding.where else ".", "lines": {"begin": (finding.where.line if finding.where else None) or 1}},
    }
