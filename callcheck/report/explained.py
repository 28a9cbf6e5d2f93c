"""What is there to know about one cause, without any target?"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.model import holes
from callcheck.model.fact import kinds
from callcheck.model.pattern import pattern
from callcheck.model.rule import Clause, Condition, Example, Rule
from callcheck.report.cures import change
from callcheck.report.paint import Page, words
from callcheck.report.terminal import Style

_HOLE = pattern(r"\{([a-z_][a-z0-9_.]*)\}")
_SIGNS = {"is": "is", "in": "is one of", "gt": "is above", "lt": "is below", "matches": "matches"}


def readable(title: str) -> str:
    """A title with its holes named: "{callcheck.event.name} is ..." as "<event name> is ..."."""
    return _HOLE.sub(lambda hole: f"<{holes.words(hole[1])}>", title)


def render(rule: Rule, style: Style) -> str:
    """The cause as a page of text."""
    page = Page(style.width, style.drawn)
    page.blank()
    page.line(("  ", ""), (rule.cause, "bold"), (f"  {page.sign('·', '-')} {rule.stage}", "dim"))
    page.prose([(readable(rule.title), "")])
    page.heading("What happens")
    page.prose(" ".join(rule.explain.split()), indent=4)
    _telling(page, rule)
    _fixes(page, rule)
    if rule.confirm:
        page.heading("How to confirm it")
        page.prose(" ".join(rule.confirm.split()), indent=4)
    if rule.leads:
        page.heading("Where it is worth a look, when nothing was found")
        for way in rule.leads:
            page.prose(readable(way.title), indent=4)
    if rule.yields_to:
        page.heading("Explained away by")
        page.prose(", ".join(rule.yields_to), indent=4)
    if rule.explained_by:
        page.heading("Explained, where it is about the same line, by")
        page.prose(", ".join(rule.explained_by), indent=4)
    if rule.precision.named:
        page.heading("How far to trust it")
        page.prose(f"On the cases of our own, most of them known when the rule was written: right in {rule.precision.right} of {rule.precision.named} diagnoses of 0.5 and more.", indent=4)
    if rule.references:
        page.heading("References")
        for link in rule.references:
            page.line(("    ", ""), (link, "cyan"))
    if rule.examples:
        page.heading("Examples")
        for example in rule.examples:
            _example(page, example)
    return page.text(style.color)


def _telling(page: Page, rule: Rule) -> None:
    page.heading("How to tell")
    for number, way in enumerate(rule.ways):
        if number:
            page.prose([("or", "dim")], indent=4)
        for condition in way.when:
            page.prose(said(condition), [(page.sign("•", "*") + " ", "blue")], indent=4)
        for condition in way.unless:
            page.prose([("unless ", "bold"), *words(said(condition))], [(page.sign("•", "*") + " ", "blue")], indent=4)
    _clauses(page, "What speaks for it", "+ ", "bold", [c for way in rule.ways for c in way.supports])
    _clauses(page, "What speaks against it", "- ", "bold", [c for way in rule.ways for c in way.contradicts])


def _clauses(page: Page, title: str, sign: str, style: str, clauses: Sequence[Clause]) -> None:
    told = dict.fromkeys((readable(c.because) or said(c.condition), str(c.strength)) for c in clauses)
    if told:
        page.heading(title)
    for text, strength in told:
        page.prose([*words(text), (f" ({strength})", "dim")], [(sign, style)], indent=4)


def said(condition: Condition) -> str:
    """A condition in words: what the fact is, and what must be true of it."""
    kind = kinds().get(condition.fact)
    what = ((kind.__doc__ or "") if kind else "").strip().split("\n")[0] or condition.fact
    tests = []
    for test in condition.tests:
        held = " or ".join(str(v) for v in test.value) if isinstance(test.value, tuple) else str(test.value) or '""'
        tests.append(f"{test.attribute.removeprefix('callcheck.')} {_SIGNS[test.operator]} {held}")
    return what + (f" [{', '.join(tests)}]" if tests else "")


def _fixes(page: Page, rule: Rule) -> None:
    if rule.fix:
        page.heading("How to fix it")
    for number, fix in enumerate(rule.fix):
        if number:
            page.blank()
        aside = f" ({', '.join(fix.frameworks)})" if fix.frameworks else ""
        page.prose([*words(_cure(fix.title), "bold"), (aside, "dim")], indent=4)
        for snippet in fix.snippets:
            page.blank()
            page.line((f"    {snippet.language}", "dim"))
            change(page, _cure(snippet.before), _cure(snippet.after))
        if fix.check:
            page.blank()
            page.prose([("After the fix: ", "dim"), *words(_cure(" ".join(fix.check.split())))], indent=4)


def _cure(text: str) -> str:
    """A part of a cure with its holes named."""
    return holes.named(text, lambda attribute: f"<{holes.words(attribute)}>")


def _example(page: Page, example: Example) -> None:
    low, high = example.confidence
    page.prose(
        [(example.name, ""), (f" ({low:.2f} to {high:.2f})", "dim")], [(page.sign("•", "*") + " ", "blue")], indent=4
    )
    for fact in example.given:
        held = ", ".join(
            f"{n.removeprefix('callcheck.')}={v}" for n, v in fact.attributes().items() if v not in ("", 0, False)
        )
        page.prose([(fact.kind, "cyan"), (f" {held}", "dim")], indent=8)
