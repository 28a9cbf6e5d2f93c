"""How long does work take, as a remark at the function that does it says, or at the call?

    def render(order):
        \"\"\"A run of 200 pages takes three to eight minutes.\"\"\"             180 s at least
    // may take up to 20 minutes                                          1200 s at most
    async function transcode(file) {
    publish(catalogue)  # takes about an hour                          3600 s at least
    \"\"\"Terrain of one flight; ten to forty minutes.\"\"\"                  600 s at least
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, last_name
from callcheck.sources.code.work_limits import Limit

_WORDS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)} | {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_NUMBERS = _WORDS | {"a": 1, "an": 1, "several": 3, "few": 2, "many": 5, "": 2}
"""The last for what is said of minutes or hours without any number: at least two."""
_NUMBER = rf"\d+(?:\.\d+)?|{'|'.join(_WORDS)}|an?"
_HEDGES = r"about|around|roughly|approximately|approx\.?|some|between|from|often|usually|typically|easily|us|it|well|over|more|than|at|least|on|average|for|up|to|as|long|anywhere|normally|mostly|~|≈"
_SAYS = pattern(
    rf"(?i)\b(?P<may>can|may|might|could)?\s*\b(?:takes?|lasts|last(?=\s+(?:for|about|around|over|up)\b)|(?<=can )last|(?<=may )last|(?<=might )last|(?<=could )last|runs?(?=\s+(?:for|about|up|~)\b)|needs?)\s+(?P<hedge>(?:(?:{_HEDGES})\s+){{0,4}})(?:~|≈)?"
    rf"(?:(?P<least>{_NUMBER})(?:\s*(?:-|–|to|or|and)\s*(?:{_NUMBER}))?|(?:a\s+)?(?P<some>few|several|many)?)[\s-]*(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?)\b"
)
_SPANS = pattern(
    rf"(?i)(?:^|[.;:,(–—])\s*(?P<may>)(?P<hedge>(?:(?:{_HEDGES})\s+|[~≈]\s*){{0,3}})(?P<least>{_NUMBER})\s*(?:(?:-|–|to|or)\s*(?:{_NUMBER})\s*)(?P<some>)-?(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?)\b"
)
"""A span of time by itself, where a part of a sentence begins: nobody says so of a pause, which is every, after or within one."""
_HANDS_ON = frozenset("submit delay apply_async enqueue enqueue_job enqueue_in send_task Thread Process Popen create_task ensure_future run_in_executor to_thread basic_publish put_nowait start_soon add_task start_background_task spawn".split())
"""Calls after which somebody else does the work that the remark is about."""
_UNIT = pattern(r"(?i)sec|min|hour|hr")
"""Begins the word for each unit of time."""
_MILLIONS = pattern(r"(?i)\b(?:millions?|billions?)\b(?!\s+(?:dollars?|euros?|users|people))")
_LINES_SIZED = 3
"""Above a call, of a remark on how much it is about."""
_LINES_ABOVE, _LINES_BELOW = 8, 8
"""Of a remark in front of a function, and of its docstring."""


def own_length(function: Function) -> Limit | None:
    """The same of a function that does the work itself, in the thread of who calls it."""
    said = said_length(function)
    return said if said is not None and not any(last_name(call.callee) in _HANDS_ON for call in function.inside(Call)) else None


def said_length(node: Function | Call) -> Limit | None:
    """What the remark says that the work takes: at least ("said"), or at most ("generous"); None where none says so."""
    return length_in(_remarks(node))


def length_in(remarks: str) -> Limit | None:
    """The same of any text."""
    found = _SAYS.search(remarks) or _SPANS.search(remarks)
    if found is None:
        return None
    number = found["least"] or ""
    count = float(number) if number[:1].isdigit() else _NUMBERS[(number or found["some"] or "").lower()]
    unit = {"s": 1, "m": 60, "h": 3600}[found["unit"][0].lower()]
    return Limit(count * unit, "generous" if found["may"] or re.search(r"(?i)\bup\s+to\b|\bas\s+long\b", found["hedge"]) else "said")


def of_millions(call: Call) -> bool:
    """Whether the remark at a call says that it is about millions of something."""
    module = module_of(call)
    lines = module.written_lines[max(0, call.line - 1 - _LINES_SIZED) : call.line]
    return any(_MILLIONS.search(line) for line in lines) and _MILLIONS.search(_remark_of(call, lines)) is not None


def _remark_of(call: Call, lines: list[str]) -> str:
    bare = module_of(call).lines[max(0, call.line - 1 - _LINES_SIZED) : call.line]
    kept: list[str] = []
    for written, code in reversed(list(zip(lines, bare, strict=False))):
        if kept and code.strip():
            break
        kept.append(_spared(written, code))
    return " ".join(reversed(kept))


def _remarks(node: Function | Call) -> str:
    """The remarks right above it and on its own line, and those that the body of a function begins with, as one line."""
    module = module_of(node)
    written, bare = module.written_lines, module.lines
    first, last = node.line - 1, min(node.end_line if isinstance(node, Function) else node.line, len(bare), len(written))
    above: list[int] = []
    while first - len(above) > 0 and len(above) < _LINES_ABOVE and not bare[(at := first - len(above) - 1)].strip() and written[at].strip():
        above.append(at)
    below = range(first, min(first + _LINES_BELOW, last))
    if not any(map(_UNIT.search, written[first - len(above) : last][: len(above) + _LINES_BELOW])):
        return ""
    told = (_spared(written[at], bare[at]) for at in (*reversed(above), *below))
    return re.sub(r"[\s*#/\"']+", " ", " ".join(told))


def _spared(written: str, bare: str) -> str:
    """What of a line is no code."""
    bare = bare.ljust(len(written))
    return "".join(letter if kept == " " else " " for letter, kept in zip(written, bare, strict=False))
