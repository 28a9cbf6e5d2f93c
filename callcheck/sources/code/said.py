"""What does the source of a handler say, as it stands and with the functions that it calls?

    app.post("/sms", receive)                 the handler's own lines, and those of the functions of the project that it calls
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.tree import Function
from callcheck.sources.code.wording import readings

_MOST_LINES = 120
"""Lines of a function that is called that are taken along."""
_MOST_CALLED = 8


def handler_texts(code: Code, function: Function, told: bool = True) -> Iterator[str]:
    """The lines of a function, and the same with those of the project's functions that it calls, or hands on to be called; with `told: False` without
    what is told to people only."""
    yield from (plain := readings(function, told))
    called = [each for each in dict.fromkeys(code.flow.called(function)) if each is not function and not function.at <= each.at < function.end]
    further = [readings(each, told) for each in called[:_MOST_CALLED] if each.end_line - each.line < _MOST_LINES]
    if further:
        yield from dict.fromkeys("\n".join(each[way] for each in (plain, *further)) for way in (0, -1))
