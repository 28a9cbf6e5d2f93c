"""Which versions does a bun.lock hold?

  "packages": {
    "bullmq": ["bullmq@5.41.2", "", { "dependencies": { ... } }, "sha512-..."],
    "web/bullmq": ["bullmq@4.18.2", ...],          the one that the workspace, or package, `web` sees
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.packages.entries import Entry, Lines

_ENTRY = pattern(r'^\s+"([^"\n]{1,400})": \["(@?[^@"\n]{1,200})@(\d[^"\n]{0,200})"', re.M)


def read_bun_lock(text: str) -> Iterator[Entry]:
    """Every package; a nested one belongs to `name:` and the name of what it is nested in."""
    lines = Lines(text)
    for each in _ENTRY.finditer(text):
        owner = each[1].removesuffix(each[2]).rstrip("/")
        yield Entry(each[2], each[3], lines.of(each.start(1)), f"name:{owner}" if owner else "")
