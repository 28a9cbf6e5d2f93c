"""Which files does a `.dockerignore` keep out of a build's context?

    **/handlers
    !handlers/index.js

A pattern stands for paths from the root of the context, and for all below them; the last one that fits has the word. Source: docs.docker.com/build/concepts/context.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callcheck.sources import Eyes

Rules = list[tuple[int, tuple[re.Pattern[str], bool]]]
"""Line, pattern, and whether it takes back what was left out."""


def rules(eyes: Eyes, name: str) -> Rules:
    """Those of a file by its whole name; none if it is not there, or cannot be read."""
    file = eyes.tree.get(name)
    lines = eyes.readable(file).splitlines() if file is not None else []
    return [(number, rule) for number, line in enumerate(lines, 1) if (rule := _rule(line))]


def _rule(text: str) -> tuple[re.Pattern[str], bool] | None:
    """A line as a pattern of paths, and whether it takes them back in; None for a blank and a comment."""
    text = text.strip()
    if not text or text.startswith("#"):
        return None
    back = text.startswith("!")
    inner = text.lstrip("!").strip().strip("/").removeprefix("./")
    made = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", inner):
        made += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
    return re.compile(f"^{made}(?:/.*)?$"), back


def left_out(path: str, patterns: Rules) -> int:
    """The line that leaves a path out, 0 for none; the last one that matches has the word."""
    line = 0
    for number, (wanted, back) in patterns:
        if wanted.match(path):
            line = 0 if back else number
    return line
