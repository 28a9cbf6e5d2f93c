"""What does a machine get? `callcheck/1`, written field by field; no object of the model is ever dumped.

`schema_v1.json` beside this file is its JSON Schema; what stands in it may be added to, never changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from callcheck.model.diagnosis import Diagnosed, Report, Weighed
from callcheck.model.evidence import Evidence, Looked
from callcheck.model.fact import Value
from callcheck.model.ignore import Ignore
from callcheck.model.left_out import LeftOut
from callcheck.model.printable import clean
from callcheck.model.rule import Snippet
from callcheck.report.findings import Lines, of

SCHEMA = "callcheck/1"


def schema() -> str:
    """The JSON Schema, as text."""
    return Path(__file__).with_name("schema_v1.json").read_text(encoding="utf-8")


def render(report: Report, lines: Lines, min_confidence: float = 0.0) -> str:
    """The report as one JSON document in ASCII, ending in a newline, so that nothing in it can reach a terminal raw."""
    return json.dumps(document(report, lines, min_confidence), indent=2, allow_nan=False) + "\n"


def document(report: Report, lines: Lines, min_confidence: float = 0.0) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "callcheck", "version": report.version},
        "targets": [clean(word) for word in report.target.given],
        "diagnoses": [_diagnosis(d, lines) for d in report.diagnoses if d.confidence >= min_confidence],
        "suppressed": [
            {**_diagnosis(each.diagnosed, lines), "ignored_by": {**_ignore(each.ignore), "reason": each.ignore.reason}}
            for each in report.suppressed
        ],
        "ignore_problems": [{**_ignore(ignore), "problem": clean(problem)} for ignore, problem in report.ignore_problems],
        "known": _known(report, lines),
        "deliveries": _deliveries(report),
        "measured": _measured(report),
        "scaled": _scaled(report),
        "running": [_evidence(item, lines) for item in _running(report)],
        "asked": [_evidence(item, lines) for item in _asked(report)],
        "looked": [_look(look) for look in report.ledger.looks if look.examined],
        "not_looked": [_look(look) for look in report.ledger.looks if not look.examined],
        "left_out": [_left_out(each) for each in report.left_out],
    }


def _known(report: Report, lines: Lines) -> list[dict[str, Any]]:
    if not report.known:
        return []
    from callcheck.report.baseline import places

    return [{"cause": cause, "file": file or None, "line": line} for cause, file, line in places(report, lines)]


def _deliveries(report: Report) -> dict[str, Any]:
    if not any(report.ledger.of(kind) for kind in ("delivery.funnel", "instance.timeline", "delivery.unseen", "clocks.apart")):
        return {"funnels": [], "timeline": None, "unseen": [], "clocks": []}
    from callcheck.report.deliveries import document

    return document(report)


def _measured(report: Report) -> list[dict[str, Any]]:
    if not report.target.measured:
        return []
    from callcheck.report.measured import document

    return document(report.target.measured)


def _scaled(report: Report) -> list[dict[str, Any]]:
    if not report.target.scaled:
        return []
    from callcheck.report.scaled import document

    return document(report.target.scaled)


def _running(report: Report) -> list[Evidence]:
    if not report.ledger.of("processes.run"):
        return []
    from callcheck.report.running import running

    return running(report)


def _asked(report: Report) -> list[Evidence]:
    if not report.target.online:
        return []
    from callcheck.report.asked import asked

    return asked(report) or []


def _ignore(ignore: Ignore) -> dict[str, Any]:
    return {"file": ignore.path, "line": ignore.line}


def _diagnosis(diagnosed: Diagnosed, lines: Lines) -> dict[str, Any]:
    return {
        "cause": diagnosed.rule.cause,
        "confidence": diagnosed.confidence,
        "lead": diagnosed.lead,
        "title": clean(diagnosed.title),
        "stage": diagnosed.rule.stage,
        "explanation": diagnosed.rule.explain,
        "evidence": [_evidence(item, lines) for item in diagnosed.evidence],
        "against": [_against(weighed, lines) for weighed in diagnosed.contradicts],
        "open_questions": [condition.fact for condition in diagnosed.open_questions],
        "fix": _fixes(diagnosed),
        "confirm": diagnosed.rule.confirm,
        "references": list(diagnosed.rule.references),
        "fingerprint": next(of(diagnosed, lines)).fingerprint,
    }


def _evidence(item: Evidence, lines: Lines) -> dict[str, Any]:
    where = item.where
    return {
        "file": where.path if where else None,
        "line": where.line if where else None,
        "column": where.column if where else None,
        "kind": item.fact.kind,
        "message": clean(item.says()),
        "probe": item.probe,
        "basis": str(item.basis),
        "attributes": {name: plain(held) for name, held in item.fact.attributes().items()},
        "excerpt": excerpt(item, lines),
        **({"printed_by": {"file": item.printed.path, "line": item.printed.line}} if item.printed else {}),
    }


def plain(held: Value) -> Value:
    """An attribute's value, as JSON can hold it."""
    if isinstance(held, str):
        return clean(str(held))
    if isinstance(held, float) and (held != held or held in (float("inf"), float("-inf"))):
        return str(held)
    return held


def excerpt(item: Evidence, lines: Lines) -> str:
    """The text at the place: what the probe kept, or the line itself; "" if neither is to be had."""
    if item.excerpt or item.where is None or not item.where.line:
        return clean(item.excerpt)
    found = lines(item.where.path, item.where.line, item.where.line)
    return clean(found[0].strip()) if found else ""


def _against(weighed: Weighed, lines: Lines) -> dict[str, Any]:
    return {
        "message": clean(weighed.because or weighed.clause.condition.fact),
        "strength": str(weighed.clause.strength),
        "evidence": [_evidence(item, lines) for item in weighed.evidence],
    }


def _fixes(diagnosed: Diagnosed) -> list[dict[str, Any]]:
    found = []
    for fix in diagnosed.fixes:
        for shown in fix.snippets or (Snippet("", "", ""),):
            written = {"title": fix.title, "language": shown.language, "before": shown.before, "after": shown.after, "check": fix.check}
            found.append(written | ({"file": clean(shown.path), "line": shown.line} if shown.path else {}))
    return found


def _left_out(left_out: LeftOut) -> dict[str, Any]:
    return {
        "reason": left_out.reason,
        "why": left_out.why,
        "files": left_out.files,
        "folders": left_out.folders,
        "functions": left_out.functions,
        "names": list(left_out.names),
    }


def _look(look: Looked) -> dict[str, Any]:
    return {
        "probe": look.probe,
        "outcome": str(look.outcome),
        "why": clean(look.why),
        "lost": [{"what": clean(lost.what), "why": clean(lost.why)} for lost in look.lost],
    }
