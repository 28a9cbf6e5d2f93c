"""How long does work take, as a remark at the function that does it says, or at the call?

    def render(order):
        \"\"\"A run of 200 pages takes three to eight minutes.\"\"\"             180 s at least
    // may take up to 20 minutes                                          1200 s at most
    async function transcode(file) {
    publish(catalogue)  # takes about an hour                          3600 s at least
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function
from callcheck.sources.code.work_limits import Limit

_NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)} | {"a": 1, "an": 1, "several": 3, "few": 2, "many": 5, "": 2}
"""The last for what is said of minutes or hours without any number: at least two."""
_NUMBER = r"\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|an?"
_HEDGES = r"about|around|roughly|approximately|approx\.?|some|between|from|often|usually|typically|easily|us|it|well|over|more|than|at|least|on|average|for|up|to|as|long|anywhere|normally|mostly|~|≈"
_SAYS = pattern(
    rf"(?i)\b(?P<may>can|may|might|could)?\s*\b(?:takes?|lasts?|runs?(?=\s+(?:for|about|up|~)\b)|needs?)\s+(?P<hedge>(?:(?:{_HEDGES})\s+){{0,4}})(?:~|≈)?"
    rf"(?:(?P<least>{_NUMBER})(?:\s*(?:-|–|to|or|and)\s*(?:{_NUMBER}))?|(?:a\s+)?(?P<some>few|several|many)?)[\s-]*(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?)\b"
)
_LINES_ABOVE, _LINES_BELOW = 8, 8
"""Of a remark in front of a function, and of its docstring."""


def said_length(node: Function | Call) -> Limit | None:
    """What the remark says that the work takes: at least ("said"), or at most ("generous"); None where none says so."""
    found = _SAYS.search(_remarks(node))
    if found is None:
        return None
    number = found["least"] or ""
    count = float(number) if number[:1].isdigit() else _NUMBERS[(number or found["some"] or "").lower()]
    unit = {"s": 1, "m": 60, "h": 3600}[found["unit"][0].lower()]
    return Limit(count * unit, "generous" if found["may"] or re.search(r"(?i)\bup\s+to\b|\bas\s+long\b", found["hedge"]) else "said")


def _remarks(node: Function | Call) -> str:
    """The remarks right above it and on its own line, and those that the body of a function begins with, as one line."""
    module = module_of(node)
    written, bare = module.written.split("\n"), module.lines
    first, last = node.line - 1, min(node.end_line if isinstance(node, Function) else node.line, len(bare), len(written))
    above: list[int] = []
    while first - len(above) > 0 and len(above) < _LINES_ABOVE and not bare[(at := first - len(above) - 1)].strip() and written[at].strip():
        above.append(at)
    below = range(first, min(first + _LINES_BELOW, last))
    told = (_spared(written[at], bare[at]) for at in (*reversed(above), *below))
    return re.sub(r"[\s*#/\"']+", " ", " ".join(told))


def _spared(written: str, bare: str) -> str:
    """What of a line is no code."""
    bare = bare.ljust(len(written))
    return "".join(letter if kept == " " else " " for letter, kept in zip(written, bare, strict=False))
