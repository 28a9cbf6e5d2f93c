"""The report as JUnit XML, as most CI servers read it: a failure for each finding, an error for each probe that was kept out, a skipped case for
each that had nothing to look at. There is no official schema; this is the common shape (github.com/testmoapp/junitxml)."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from callcheck.model.diagnosis import Report
from callcheck.model.printable import clean
from callcheck.report.findings import Finding, Lines, findings

_FORBIDDEN = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""What XML 1.0 takes in no form."""


def render(report: Report, lines: Lines, min_confidence: float = 0.0) -> str:
    """One document."""
    cases = [_finding(finding) for finding in findings(report, lines, min_confidence)]
    failures = len(cases)
    errors = skipped = 0
    for look in (each for each in report.ledger.looks if not each.joins):
        outcome, name = str(look.outcome), _attribute(look.probe)
        if outcome in ("blocked", "part"):
            errors += 1
            lost = "; ".join(f"{each.what}: {each.why}" for each in look.lost[:20])
            cases.append(f'    <testcase name={name} classname="probe"><error message={_attribute(clean(look.why))}>{_text(clean(lost, 2000))}</error></testcase>')
        elif outcome == "nothing":
            skipped += 1
            cases.append(f'    <testcase name={name} classname="probe"><skipped message={_attribute(clean(look.why) or "nothing to look at")}/></testcase>')
        else:
            cases.append(f'    <testcase name={name} classname="probe"/>')
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="{skipped}" time="{report.took_s:.3f}"'
    body = "\n".join(cases)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {counts}>\n  <testsuite name="callcheck" {counts}>\n{body}\n  </testsuite>\n</testsuites>\n'


def _finding(finding: Finding) -> str:
    where = finding.where
    place = f" file={_attribute(where.path)}" + (f' line="{where.line}"' if where.line else "") if where else ""
    told = "\n".join(f"{item.where or 'process'}: {clean(item.says(), 200)}" for item in finding.evidence[:20])
    message = _attribute(f"{finding.message} ({finding.diagnosed.confidence * 100:.0f} %)")
    name = _attribute(f"{finding.cause} at {where}" if where else finding.cause)
    return f"    <testcase name={name} classname={_attribute(finding.cause)}{place}><failure message={message} type={_attribute(finding.cause)}>{_text(told)}</failure></testcase>"


def _attribute(text: str) -> str:
    return quoteattr(re.sub(_FORBIDDEN, "?", text))


def _text(text: str) -> str:
    return escape(re.sub(_FORBIDDEN, "?", text))
