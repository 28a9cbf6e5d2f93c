"""Which versions does a package-lock.json (npm 5 to 11, versions 1 to 3) or npm-shrinkwrap.json hold?

    "node_modules/bullmq": {            versions 2 and 3; "apps/web/node_modules/bullmq" is a workspace's own
      "version": "5.41.2",
    "bullmq": {                         version 1, below "dependencies"
      "version": "5.41.2",

npm writes each key and value on a line of its own, so the text is searched rather than parsed: lock files are long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.packages.entries import Entry, Lines

_ENTRY = pattern(r'^([ \t]+)"([^"\n]{1,400})": \{\s*(?:"name": "[^"\n]*",\s*)?"version": "([^"\n]{1,200})"', re.M)


def read_npm_lock(text: str) -> Iterator[Entry]:
    """Every package at the top of a `node_modules`; those that only other packages see are left out."""
    lines = Lines(text)
    found = list(_ENTRY.finditer(text))
    least = min((len(each[1]) for each in found), default=0)
    for each in found:
        place, inside, name = each[2].rpartition("node_modules/")
        if "node_modules/" in place or (not inside and len(each[1]) > least):
            continue
        yield Entry(name, each[3], lines.of(each.start(3)), place.rstrip("/"))
