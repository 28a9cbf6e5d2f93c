"""Which values do the project's scripts hand to Helm on the command line?

    helm upgrade --install web ./chart --set replicaCount=3,ingress.enabled=true

`--set` has the last word over every values file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch.find import scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_COMMAND = pattern(r"\bhelm\s(?:[^\n]|\\\n){0,200}?\b(?:upgrade|install)\b((?:\\\n|[^\n;&|]){1,4000})")
_SET = pattern(r"--set(?:-string)?[= ]\"?'?([^\s\"']{1,1000})")
_PAIR = pattern(r"([\w-]{1,80}(?:\.[\w-]{1,80}){0,8})=([^,]{0,200})")


def set_by_commands(eyes: Eyes, chart: str) -> Iterator[tuple[Table, File]]:
    """A table for each command on this chart, with the lines of its words; values that are variables of the shell are left out."""
    last = chart.rsplit("/", 1)[-1]
    for file, text in scripts(eyes, "helm"):
        for command in _COMMAND.finditer(text):
            if last and not re.search(rf"(?:^|[\s/]){re.escape(last)}/?(?:\s|$)", command[1]):
                continue
            table = Table(text.count("\n", 0, command.start()) + 1)
            for given in _SET.finditer(command[1]):
                line = text.count("\n", 0, command.start(1) + given.start()) + 1
                for path, value in _PAIR.findall(given[1]):
                    if "$" not in value:
                        _put(table, path.split("."), value, line)
            if table:
                yield table, file


def _put(table: Table, path: list[str], value: str, line: int) -> None:
    for key in path[:-1]:
        inner = table.get(key)
        if not isinstance(inner, Table):
            inner = Table(line)
            table.put(key, inner, line)
        table = inner
    plain: object = {"true": True, "false": False, "null": None}.get(value, int(value) if value.isdigit() else value)
    table.put(path[-1], plain, line)
