"""The report as Markdown: for a pull request, a chat, a step summary. What comes from outside stands in code spans, where it can do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.confidence import LIKELY
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.evidence import Evidence
from callcheck.model.printable import clean
from callcheck.report.findings import Lines, findings

_MOST_PLACES = 8


def render(report: Report, lines: Lines, min_confidence: float = 0.0) -> str:
    """One document."""
    return "\n".join(_lines(report, lines, min_confidence)).rstrip() + "\n"


def _lines(report: Report, lines: Lines, least: float) -> Iterator[str]:
    found = [each for each in report.diagnoses if each.confidence >= least]
    yield "## callcheck"
    yield ""
    if not found or found[0].lead:
        yield "Nothing likely was found." + (" Worth a look, though nothing shows it:" if found else "")
        yield ""
        yield from (f"- {each.rule.cause}: {code(clean(each.title, 400))}{_at(each)}" for each in found)
    else:
        yield "| cause | confidence | place |"
        yield "| --- | ---: | --- |"
        places = {finding.cause: finding for finding in reversed(findings(report, lines, least))}
        for each in found:
            where = places[each.rule.cause].where
            yield f"| {each.rule.cause} | {each.confidence * 100:.0f} % | {code(str(where)) if where else ''} |"
    for each in found:
        if each.confidence >= LIKELY:
            yield from _diagnosed(each)
    yield from _gaps(report)


def _at(diagnosed: Diagnosed) -> str:
    where = next((item.where for item in diagnosed.evidence if item.where), None)
    return f" ({code(str(where))})" if where else ""


def _diagnosed(diagnosed: Diagnosed) -> Iterator[str]:
    yield ""
    yield f"### {diagnosed.rule.cause}"
    yield ""
    yield code(clean(diagnosed.title, 400))
    yield ""
    yield diagnosed.rule.explain
    yield ""
    for item in _told(diagnosed.evidence):
        yield f"- {code(str(item.where)) if item.where else 'process'}: {code(clean(item.says(), 200))}" + (f" {code(clean(item.excerpt, 200))}" if item.excerpt else "")
    for weighed in diagnosed.contradicts:
        yield f"- against it: {code(clean(weighed.because, 200))}"
    yield ""
    yield cure(diagnosed)


def _told(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    return evidence[:_MOST_PLACES]


def cure(diagnosed: Diagnosed) -> str:
    """The first fix, with the code before and after it, and how to confirm it."""
    parts = []
    if diagnosed.fixes:
        fix = diagnosed.fixes[0]
        parts.append(f"**Fix:** {code(clean(fix.title, 200)) if '{' in fix.title else clean(fix.title, 200)}")
        for snippet in fix.snippets[:1]:
            for label, text in (("before", snippet.before), ("after", snippet.after)):
                if text:
                    parts.append(f"{label}:\n\n{_block(text, snippet.language)}")
        if fix.check:
            parts.append(f"**After it:** {fix.check}")
    if diagnosed.rule.confirm:
        parts.append(f"**To confirm:** {diagnosed.rule.confirm}")
    return "\n\n".join(parts)


def _block(text: str, language: str) -> str:
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def code(text: str) -> str:
    """A code span that no text can leave; a bar is escaped, since tables end cells at it even there."""
    text = text.replace("\n", " ").replace("|", "\\|") or " "
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest


def _gaps(report: Report) -> Iterator[str]:
    blocked = [look for look in report.ledger.looks if str(look.outcome) in ("blocked", "part") and not look.joins]
    if blocked:
        yield ""
        yield "<details><summary>What could not be read</summary>"
        yield ""
        for look in blocked[:20]:
            lost = "; ".join(f"{each.what}: {each.why}" for each in look.lost[:3])
            yield f"- {look.probe}: {code(clean(look.why + (f' ({lost})' if lost else ''), 300))}"
        yield ""
        yield "</details>"
