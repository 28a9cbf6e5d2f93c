"""Which comments ask to leave a cause unsaid?

    bus.on("done", f);             // callcheck: ignore[late-registration] replayed by the store
    # callcheck: ignore[swallowed-error, blocked-event-loop] a script, run by hand
    {/* callcheck: ignore[listener-leak] the page lives as long as the app */}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callcheck.model.ignore import Ignore
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean

SIGN = "callcheck: ignore"
_COMMENT = pattern(r"(?P<before>.*?)(?:\{\s*)?(?://|#|/\*+|\*|<!--|--)\s*callcheck:\s*ignore(?:\[(?P<causes>[^\]\n]*)\])?(?P<rest>[^\n]*)")
_END = pattern(r"\s*(?:\*/\s*\}?|-->).*$")
_ALONE = pattern(r"\s*(?://|#|/\*|\*|\{\s*/\*|<!--|--)|\s*$")


def read(texts: Mapping[str, str]) -> Iterator[Ignore]:
    """Every such comment in these texts, by the names of their files."""
    for name, text in sorted(texts.items()):
        if SIGN in text:
            yield from _in(name, text.split("\n"))


def _in(name: str, lines: list[str]) -> Iterator[Ignore]:
    for number, line in enumerate(lines, 1):
        found = _COMMENT.match(line) if SIGN in line else None
        if found:
            covers = (number,) if found["before"].strip() else (number, *_next(lines, number))
            causes = tuple(cause.strip() for cause in (found["causes"] or "").split(",") if cause.strip())
            reason = clean(_END.sub("", found["rest"]).strip(" :-"), 200)
            yield Ignore(clean(name), number, covers, tuple(clean(cause, 60) for cause in causes), reason)


def _next(lines: list[str], number: int) -> Iterator[int]:
    """The first line with code after a comment; none if there is no such line nearby."""
    for index in range(number, min(number + 8, len(lines))):
        if not _ALONE.match(lines[index]):
            yield index + 1
            return
