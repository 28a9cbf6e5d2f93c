"""Which versions does a pnpm-lock.yaml (5 to 9) hold for the project's own packages?

importers:
  apps/web:
    dependencies:
      bullmq:
        specifier: ^5.1.0
        version: 5.41.2(ioredis@5.6.0)        or, before version 6: `bullmq: 5.41.2_ioredis@5.6.0`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.packages.entries import Entry

_LINE = pattern(r"( *)(?:'([^']+)'|\"([^\"]+)\"|([^\s#'\":][^:]*)):(?:\s+(\S.*?))?\s*$")
_KINDS = frozenset({"dependencies", "devDependencies", "optionalDependencies"})


def read_pnpm_lock(text: str) -> Iterator[Entry]:
    """The direct dependencies of each importer; reading ends where the packages begin."""
    path: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line)
        if not found:
            continue
        indent, name, value = len(found[1]), found[2] or found[3] or found[4], found[5] or ""
        if indent == 0 and name in ("packages", "snapshots"):
            return
        while path and path[-1][0] >= indent:
            path.pop()
        above = [each for _, each in path]
        path.append((indent, name))
        importer = above[1] if above[:1] == ["importers"] and len(above) > 1 else "."
        rest = above[2:] if above[:1] == ["importers"] else above
        if not value or not rest or rest[0] not in _KINDS:
            continue
        if len(rest) == 1 or (len(rest) == 2 and name == "version"):
            version = re.split(r"[(_]", value.strip("'\""))[0]
            if version[:1].isdigit():
                yield Entry(rest[1] if len(rest) == 2 else name, version, number, "" if importer == "." else importer)
