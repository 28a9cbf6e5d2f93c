"""How is a cause cured, as HTML: what goes, what comes, and how to see that it helped?"""

from __future__ import annotations

from callcheck.model.diagnosis import Diagnosed
from callcheck.model.rule import Fix, Snippet
from callcheck.report.cures import alike
from callcheck.report.html.markup import Html, el, join, place, prose

_MOST_FIXES = 4
_MOST_SNIPPETS = 2


def cures(diagnosed: Diagnosed) -> Html:
    """The best cure in full, the others by name and by what they change in the user's own files."""
    parts = []
    for number, fix in enumerate(diagnosed.fixes[:_MOST_FIXES]):
        snippets = [_change(each) for each in fix.snippets[:_MOST_SNIPPETS] if not number or each.path]
        lead = el("span", "or ", cls="or") if number else None
        parts.append(el("div", el("p", lead, prose(fix.title), cls="cure"), *snippets, _after(fix) if not number else None))
    return join(parts)


def _after(fix: Fix) -> Html | None:
    return el("p", el("b", "After it: "), prose(fix.check), cls="check") if fix.check else None


def _change(snippet: Snippet) -> Html:
    """What is to go and what is to come, between the lines at the beginning and at the end that stay."""
    old, new = snippet.before.expandtabs(2).splitlines(), snippet.after.expandtabs(2).splitlines()
    head = alike(old, new)
    tail = alike(old[head:][::-1], new[head:][::-1])
    rows = [*_lines(old[:head], " ", "stay"), *_lines(old[head : len(old) - tail], "−", "go"), *_lines(new[head : len(new) - tail], "+", "come"), *_lines(old[len(old) - tail :], " ", "stay")]
    title = place(snippet.path, snippet.line) if snippet.path else el("span", snippet.language or "example", cls="place")
    note = None if snippet.path else el("span", " (an example)", cls="aside")
    return el("figure", el("figcaption", title, note), el("pre", el("code", *rows)), cls="excerpt change")


def _lines(lines: list[str], sign: str, kind: str) -> list[Html]:
    tag = {"go": "del", "come": "ins"}.get(kind, "span")
    return [el(tag, el("span", sign, cls="no"), el("span", line, "\n", cls="text"), cls=f"row {kind}") for line in lines]
