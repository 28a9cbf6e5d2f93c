"""The report as SARIF 2.1.0, as GitHub code scanning reads it.

Each finding is a result at a line of source or configuration; what led there is its code flow, and what a log shows goes into the message.
Only what GitHub uses is relied on: `primaryLocationLineHash`, `help.markdown`, `precision`, `problem.severity`, relative addresses.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from callcheck.model.confidence import Level, level
from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Location
from callcheck.model.printable import clean
from callcheck.model.rule import Rule
from callcheck.report.findings import Finding, Lines, anchor, findings
from callcheck.report.line_hashes import line_hashes
from callcheck.report.markdown import cure

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 5_000
"""GitHub shows no more."""
_LEVELS = {Level.VERY_LIKELY: "error", Level.LIKELY: "warning", Level.UNLIKELY: "note"}
_MOST_STEPS = 40
_LONGEST = 1_000


def render(report: Report, lines: Lines, min_confidence: float = 0.0) -> str:
    """One SARIF file in ASCII, ending in a newline."""
    return json.dumps(document(report, lines, min_confidence), indent=2, allow_nan=False) + "\n"


def document(report: Report, lines: Lines, min_confidence: float = 0.0) -> dict[str, Any]:
    """The SARIF log as plain values."""
    found = findings(report, lines, min_confidence)
    rules = list({finding.cause: finding.diagnosed.rule for finding in found}.values())
    hashes = _Hashes(lines)
    target = quote("/".join(clean(word, 60) for word in report.target.given[:3]), safe="/")
    run = {
        "tool": {"driver": {"name": "callcheck", "version": report.version, "semanticVersion": report.version, "rules": [_rule(rule, found) for rule in rules]}},
        "automationDetails": {"id": f"callcheck/{target}/"},
        "columnKind": "utf16CodeUnits",
        "results": [_result(finding, rules, hashes) for finding in found[:MOST_RESULTS]],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report, len(found))}],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, found: Sequence[Finding]) -> dict[str, Any]:
    one = next(finding for finding in found if finding.cause == rule.cause)
    name = "".join(part.capitalize() for part in rule.cause.split("-"))
    return {
        "id": rule.cause,
        "name": name,
        "shortDescription": {"text": rule.cause.replace("-", " ").capitalize()},
        "fullDescription": {"text": _cut(rule.explain)},
        "help": {"text": _cut(rule.explain), "markdown": f"{rule.explain}\n\n{cure(one.diagnosed)}"},
        "properties": {
            "precision": rule.precision.level,
            "problem.severity": "error",
            "tags": ["callback-delivery", rule.stage],
        },
        **({"helpUri": rule.references[0]} if rule.references else {}),
    }


def _result(finding: Finding, rules: Sequence[Rule], hashes: _Hashes) -> dict[str, Any]:
    index = next(number for number, rule in enumerate(rules) if rule.cause == finding.cause)
    flow = [item for item in finding.evidence if anchor(item)][:_MOST_STEPS]
    confidence = finding.diagnosed.confidence
    result: dict[str, Any] = {
        "ruleId": finding.cause,
        "ruleIndex": index,
        "level": _LEVELS[level(confidence)],
        "message": {"text": _message(finding)},
        "locations": [_location(finding.where)] if finding.where else [],
        "partialFingerprints": {"callcheck/v1": finding.fingerprint},
        "rank": round(100 * confidence, 1),
        "properties": {"confidence": confidence, "log": [clean(f"{item.where}: {item.excerpt or item.says()}", 300) for item in finding.evidence if item.where and not anchor(item)][:20]},
    }
    line = hashes.of(finding.where)
    if line:
        result["partialFingerprints"]["primaryLocationLineHash"] = line
    if len(flow) > 1:
        steps = [{"location": {**_location(where), "message": {"text": _cut(clean(item.says()))}}} for item in flow if (where := anchor(item))]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
        result["relatedLocations"] = [{**step["location"], "id": number} for number, step in enumerate(steps, 1)]
    return result


def _message(finding: Finding) -> str:
    seen = [clean(item.excerpt or item.says(), 200) for item in finding.evidence if item.where and not anchor(item)][:3]
    said = "".join(f"\nLog: {text}" for text in seen)
    return _cut(f"{finding.message} ({finding.diagnosed.confidence * 100:.0f} %){said}")


def _location(where: Location) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": address(where.path)}}
    if where.line:
        place["region"] = {"startLine": max(where.line, 1), **({"startColumn": where.column} if where.column and where.column > 0 else {})}
    return {"physicalLocation": place}


def address(path: str) -> str:
    """A file's name as a relative address: what is no plain character is escaped, and no scheme can begin it."""
    text = quote(path.replace("\\", "/"), safe="/-._~", errors="backslashreplace")
    return text if not path.startswith("/") else f"file://{text}"


def _notifications(report: Report, count: int) -> list[dict[str, Any]]:
    said = [f"{look.probe}: {clean(look.why)}" for look in report.ledger.looks if str(look.outcome) in ("blocked", "part") and not look.joins]
    if count > MOST_RESULTS:
        said.append(f"{count - MOST_RESULTS} further results are left out")
    return [{"level": "warning", "message": {"text": _cut(text)}} for text in said[:100]]


def _cut(text: str) -> str:
    return (text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…").strip() or "-"


class _Hashes:
    """The line hashes of the files that are pointed at, each file read once."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._known: dict[str, list[str]] = {}

    def of(self, where: Location | None) -> str:
        """The hash of the line; "" if the file cannot be read."""
        if where is None or not where.line:
            return ""
        if where.path not in self._known:
            self._known[where.path] = line_hashes("\n".join(self._lines(where.path, 1, 1_000_000)))
        found = self._known[where.path]
        return found[where.line - 1] if where.line <= len(found) else ""


