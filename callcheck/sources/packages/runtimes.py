"""Which Python or Node.js does a folder say that its code runs on?

FROM python:3.10-slim     Dockerfile, also behind a registry, in an ARG, or as ghcr.io/astral-sh/uv:python3.12-bookworm
python-3.10.12            runtime.txt
v16.20                    .nvmrc, .node-version, .python-version
nodejs 16.20.2            .tool-versions
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.packages.entries import Entry

_FROM = pattern(r"\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_ARG = pattern(r"\s*ARG\s+(\w+)=[\"']?([^\s\"']+)", re.IGNORECASE)
_HOLE = pattern(r"\$\{?(\w+)(?::-([^}]*))?\}?")
_IMAGE = pattern(r"(?:^|[/:_-])(python|nodejs|node)(?:[:_-][a-z]*-?)?v?(\d{1,2}(?:\.\d{1,3}){0,2})(?![\d.])", re.IGNORECASE)
_NUMBER = pattern(r"^\s*(?:[a-z]+-)?v?(\d{1,2}(?:\.\d{1,3}){0,2})\b", re.IGNORECASE)
_TOOL = pattern(r"^\s*(python|nodejs|node)\s+(\d[\d.]*)")


def read_dockerfile(text: str) -> Iterator[Entry]:
    """The runtimes in the bases of the image: those of the last stage that has one, since earlier ones only build."""
    arguments: dict[str, str] = {}
    stages: dict[str, list[Entry]] = {}
    last: list[Entry] = []
    for number, line in enumerate(text.splitlines(), 1):
        if argument := _ARG.match(line):
            arguments.setdefault(argument[1], argument[2])
        elif found := _FROM.match(line):
            base = _HOLE.sub(lambda hole: arguments.get(hole[1], hole[2] or ""), found[1])
            own = [Entry(_runtime(m[1]), m[2], number) for m in _IMAGE.finditer(base)]
            last = own or stages.get(base.lower(), [])
            if found[2]:
                stages[found[2].lower()] = last
    yield from last


def read_python_version(text: str) -> Iterator[Entry]:
    """`.python-version` and `runtime.txt`: a number, alone or behind `python-`."""
    yield from _first(text, "python")


def read_node_version(text: str) -> Iterator[Entry]:
    """`.nvmrc` and `.node-version`; an alias such as `lts/*` says nothing."""
    yield from _first(text, "node")


def read_tool_versions(text: str) -> Iterator[Entry]:
    """asdf's and mise's `.tool-versions`."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _TOOL.match(line):
            yield Entry(_runtime(found[1]), found[2], number)


def _first(text: str, name: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            if found := _NUMBER.match(line):
                yield Entry(name, found[1], number)
            return


def _runtime(word: str) -> str:
    return "python" if word.lower() == "python" else "node"
