"""Which versions does a yarn.lock hold, classic (1) or berry (2 and later)?

bullmq@^5.1.0, bullmq@^5.4.0:            "bullmq@npm:^5.1.0, bullmq@npm:^5.4.0":
  version "5.41.2"                         version: 5.41.2
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.packages.entries import Entry

_VERSION = pattern(r"""  version:? "?(\d[^"\s]*)"?""")


def read_yarn_lock(text: str) -> Iterator[Entry]:
    """One entry for each range that a version answers."""
    asked: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1].strip() and line[0] != "#" and line.rstrip().endswith(":"):
            asked = line.rstrip()[:-1].replace('"', "").split(", ")
        elif asked and (found := _VERSION.match(line)):
            for each in asked:
                name, _, wanted = each[1:].partition("@")
                yield Entry(each[0] + name, found[1], number, wanted=wanted.removeprefix("npm:"))
            asked = []
