"""What does a reader with little room get, such as a coding agent? The likeliest causes as JSON, cut to a number of bytes, with what was cut said."""

from __future__ import annotations

import json
from typing import Any

from callcheck.model.diagnosis import Report
from callcheck.model.words import Outcome
from callcheck.report import json_v1
from callcheck.report.findings import Lines

_STEPS = ((10, 12, 600), (5, 8, 400), (5, 4, 240), (3, 3, 160), (2, 2, 120), (1, 1, 80))
"""Ever less: causes, places of each, characters of a text."""
_KEPT = ("file", "line", "message", "excerpt", "basis")


def render(report: Report, lines: Lines, most_bytes: int, min_confidence: float = 0.1) -> str:
    """One JSON document in ASCII of at most `most_bytes` (2,000 and more always suffice), the first of ever shorter ones that fits."""
    whole = json_v1.document(report, lines, min_confidence)
    text = ""
    for causes, places, characters in _STEPS:
        text = json.dumps(_cut(whole, causes, places, characters), indent=1, allow_nan=False)
        if len(text) <= most_bytes:
            break
    return text


def _cut(whole: dict[str, Any], causes: int, places: int, characters: int) -> dict[str, Any]:
    diagnoses = whole["diagnoses"]
    blocked = [look for look in (*whole["looked"], *whole["not_looked"]) if look["outcome"] in (str(Outcome.BLOCKED), str(Outcome.PART))]
    return {
        "schema": "callcheck-brief/1",
        "version": whole["tool"]["version"],
        "diagnoses": [_diagnosis(each, places, characters) for each in diagnoses[:causes]],
        "not_shown": {
            "causes": [each["cause"] for each in diagnoses[causes : causes + 20]],
            "places": sum(max(0, len(each["evidence"]) - places) for each in diagnoses[:causes]),
        },
        "suppressed": len(whole["suppressed"]),
        "could_not_be_looked_at": [
            {"probe": look["probe"], "why": _short(look["why"] or "; ".join(lost["what"] for lost in look["lost"]), characters)} for look in blocked[: causes * 2]
        ],
    }


def _diagnosis(each: dict[str, Any], places: int, characters: int) -> dict[str, Any]:
    return {
        "cause": each["cause"],
        "confidence": round(each["confidence"], 2),
        "title": _short(each["title"], characters),
        "evidence": [{key: _short(item[key], characters) for key in _KEPT if item[key] is not None} for item in each["evidence"][:places]],
        "against": [_short(item["message"], characters) for item in each["against"][:places]],
        "open_questions": each["open_questions"][:places],
        "explanation": _short(each["explanation"], 2 * characters),
        "fix": [{key: _short(str(value), 2 * characters) for key, value in fix.items() if value} for fix in each["fix"][: max(1, places // 4)]],
        "confirm": _short(each["confirm"], characters),
    }


def _short(value: Any, characters: int) -> Any:
    return value[: characters - 1] + "\u2026" if isinstance(value, str) and len(value) > characters else value
