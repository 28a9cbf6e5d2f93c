"""Does a version lie in a range, whatever registry it comes from?

    ">=2, <5.0.31"            of the package that the pattern belongs to; alternatives are separated by "||"
    ">=0.2; python<3.11"      and of others, which are named: a package, or the runtimes `python` and `node`
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from callcheck.model.pattern import pattern

Key = tuple[int, tuple[int, ...], int, tuple[tuple[int, int, str], ...]]
"""Epoch, release without trailing zeros, -1 for a pre-release, 0 for a release, 1 for a post-release, and what orders those."""

_VERSION = pattern(r"\s*[vV=]?\s*(?:(\d{1,9})!)?(\d{1,9}(?:\.\d{1,9}){0,5})([^+\s]*)")
_PART = pattern(r"\d{1,18}|[a-z]+")
_POST = pattern(r"[-_.]?(?:post|rev|r)\d*$")
_SPELLINGS = {"dev": "", "alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
_COMPARATOR = pattern(r"\s*(>=|<=|==|!=|>|<)\s*([0-9][^\s,|;]*)\s*(?:,|$)")
_NAME = pattern(r"\s*(@?[A-Za-z][\w./@-]*)?(.*)", re.DOTALL)


@cache
def key(version: str) -> Key | None:
    """What versions are ordered by, npm's and PEP 440's alike; None for what is no version.

    The one form that the two read differently is `1.0-1`: it counts as npm's pre-release, not as PEP 440's post-release.
    """
    found = _VERSION.match(version)
    if not found:
        return None
    release = [int(part) for part in found[2].split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    rest = found[3].lower()
    phase = 0 if not rest.strip(".-_") else 1 if _POST.match(rest) else -1
    parts = (_SPELLINGS.get(part, part) for part in _PART.findall(rest))
    order = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    return int(found[1] or 0), tuple(release), phase, order


def contains(versions: str, version: str) -> bool:
    """Whether a range holds a version. Raises ValueError for what is no range.

    A pre-release counts as the release that it leads to, since it has its API: 5.0.0-beta.3 is in `>=5`, not in `<5`; unless the
    range itself names a pre-release.
    """
    has = key(version)
    return has is not None and any(all(_holds(op, has, at) for op, at in each) for each in comparators(versions))


@cache
def comparators(versions: str) -> tuple[tuple[tuple[str, Key], ...], ...]:
    """The alternatives of a range, each a conjunction. Raises ValueError."""
    return tuple(_conjunction(alternative, versions) for alternative in versions.split("||"))


def _conjunction(text: str, whole: str) -> tuple[tuple[str, Key], ...]:
    found, at = [], 0
    while at < len(text):
        match = _COMPARATOR.match(text, at)
        bound = key(match[2]) if match else None
        if match is None or bound is None:
            raise ValueError(f"{whole!r} is no range of versions such as '>=2, <5.0.31'")
        found.append((match[1], bound))
        at = match.end()
    if not found:
        raise ValueError(f"{whole!r} is no range of versions such as '>=2, <5.0.31'")
    return tuple(found)


def _holds(operator: str, has: Key, bound: Key) -> bool:
    one: tuple[object, ...] = has
    other: tuple[object, ...] = bound
    if bound[2] == 0:
        one, other = has[:2], bound[:2]
    answers: dict[str, Callable[[], bool]] = {
        ">=": lambda: one >= other,
        "<=": lambda: one <= other,
        ">": lambda: one > other,
        "<": lambda: one < other,
        "==": lambda: one == other,
        "!=": lambda: one != other,
    }
    return answers[operator]()


@cache
def requirements(text: str) -> tuple[tuple[str, str], ...]:
    """`>=0.2; python<3.11` as (name, range) pairs, "" for the own package. Raises ValueError."""
    found = []
    for term in text.split(";"):
        match = _NAME.match(term)
        name, versions = (match[1] or "", match[2].strip()) if match else ("", term)
        comparators(versions)
        found.append((name, versions))
    return tuple(found)
