"""How does a terminal show what is to be changed?"""

from __future__ import annotations

from callcheck.model.diagnosis import Diagnosed
from callcheck.model.printable import clean
from callcheck.model.rule import Fix
from callcheck.report.paint import Page, cells, cut, words


def cure(page: Page, diagnosed: Diagnosed) -> None:
    """The first fix with its code, the others by their titles, and how to see that it was the reason."""
    if diagnosed.fixes:
        page.heading("How to fix it")
        _fix(page, diagnosed.fixes[0])
        for fix in diagnosed.fixes[1:4]:
            page.prose([("or: ", "dim"), *words(clean(fix.title))], indent=4)
            if any(snippet.path for snippet in fix.snippets):
                _snippets(page, fix)
    confirm = " ".join(diagnosed.rule.confirm.split())
    checks = [text for text in (" ".join(f.check.split()) for f in diagnosed.fixes[:1]) if text and text != confirm]
    if confirm or checks:
        page.heading("How to confirm it")
    if confirm:
        page.prose(confirm, indent=4)
    for text in checks:
        page.prose([("After the fix: ", "dim"), *words(text)], indent=4)


def _fix(page: Page, fix: Fix) -> None:
    page.prose([(fix.title, "bold")], indent=4)
    _snippets(page, fix)


def _snippets(page: Page, fix: Fix) -> None:
    for snippet in fix.snippets[:2]:
        page.blank()
        if snippet.path:
            page.line((f"    {clean(snippet.path)}:{snippet.line}", "dim"))
        elif len(fix.snippets) > 1 or not snippet.before:
            page.line((f"    {snippet.language}", "dim"))
        change(page, snippet.before, snippet.after)
    if fix.snippets:
        page.blank()


def change(page: Page, before: str, after: str) -> None:
    """What is to go and what is to come, between the lines at the beginning and at the end that stay."""
    old, new = before.expandtabs(2).splitlines(), after.expandtabs(2).splitlines()
    head = alike(old, new)
    tail = alike(old[head:][::-1], new[head:][::-1])
    code(page, old[:head], " ", "dim")
    code(page, old[head : len(old) - tail], "-", "red")
    code(page, new[head : len(new) - tail], "+", "green")
    code(page, old[len(old) - tail :], " ", "dim")


def alike(old: list[str], new: list[str]) -> int:
    """How many lines are the same from the first one on."""
    return next((i for i, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))


def code(page: Page, lines: list[str], sign: str, style: str) -> None:
    """Lines of a snippet, each behind its sign; what does not fit goes on below."""
    room = max(12, page.width - 6)
    for line in lines:
        rest, lead = clean(line, 400), f"    {sign} "
        while True:
            head = rest if cells(rest) <= room else cut(rest, room, "")
            page.line((lead + head, style))
            rest, lead = rest[len(head) :], f"    {page.sign('┆', ':')} "
            if not rest:
                break
