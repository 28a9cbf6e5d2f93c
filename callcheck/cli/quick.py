"""Can this call be read without typer, which takes longer to import than a small folder to diagnose?

Only a `diagnose` whose every word is plainly known; anything else (help, completion, a slip of the pen) is typer's to answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

ALIASES = {"-o": "output", "-f": "format", "-q": "quiet", "-v": "verbose"}
FLAGS = frozenset({"exit-zero", "quiet", "verbose", "no-cache", "debug", "isolated", "show-settings", "follow", "online", "strict"})
SINGLE = frozenset({"baseline", "diff-base", "min-confidence", "fail-on", "color", "as", "config", "jobs", "since", "until", "cluster"})
REPEATED = frozenset({"format", "output", "probe", "skip-probe", "rules"})


Call = tuple[tuple[str, ...], dict[str, Any]]
"""The targets of a `diagnose`, and option names with what was typed."""


def read(argv: Sequence[str]) -> Call | None:
    """The call that `argv` (without the program's name) makes, or None if it is not plainly a `diagnose`."""
    if not argv or argv[0] != "diagnose":
        return None
    words: list[str] = []
    given: dict[str, Any] = {}
    rest = list(argv[1:])
    while rest:
        word = rest.pop(0)
        if word == "-" or not word.startswith("-"):
            words.append(word)
            continue
        name, equals, text = word.partition("=")
        name = ALIASES.get(name, name[2:] if name.startswith("--") else "")
        if name in FLAGS and not equals:
            given[name] = True
        elif name in SINGLE | REPEATED and (not equals or word.startswith("--")):
            if not equals:
                if not rest or rest[0].startswith("-"):
                    return None
                text = rest.pop(0)
            if name in REPEATED:
                given.setdefault(name, []).append(text)
            else:
                given[name] = text
        else:
            return None
    return tuple(words), given
