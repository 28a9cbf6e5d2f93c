"""What is a property of a Spring app, by the first of the places that says it?

    command: java -jar app.jar --spring.kafka.consumer.group-id=moor           # counts before
    JAVA_TOOL_OPTIONS: -Dspring.kafka.consumer.group-id=moor                   # that before
    SPRING_KAFKA_CONSUMER_GROUP_ID: moor                                       # that, also as ..._GROUPID, before
    spring: {kafka: {consumer: {group-id: "${GROUP:moor}"}}}                   # src/main/resources/application.yml

Source: docs.spring.io/spring-boot 3.3, features/external-config (order of property sources, relaxed binding from environment variables).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table
from callcheck.sources.environment.setting import Setting
from callcheck.sources.files import File

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_HOLE = pattern(r"\$\{([\w.-]{1,120})(?::([^{}]{0,200}))?\}")
_GIVEN = pattern(r"(?:^|\s)(?:--|-D)([a-z][\w.\[\]-]{2,120})=[\"']?([^\s\"']{0,200})")
_ROW = pattern(r"^[ \t]*([\w.\[\]-]{1,120})[ \t]*[=:][ \t]*(.*?)[ \t]*$", re.MULTILINE)
_OPTIONS = frozenset({"JAVA_TOOL_OPTIONS", "JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_OPTIONS"})
_PARTS = pattern(r"[._\-\[\]]+")
_JSON = "SPRING_APPLICATION_JSON"
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Property:
    """A value and where it stands; "" for one that cannot be told."""

    value: str
    file: File
    line: int


class Properties:
    """Those of one app in one unit of the deployment; a unit that is told of others in ways that are not read has none."""

    def __init__(self, eyes: Eyes, files: Iterable[File], given: Iterable[Setting]) -> None:
        self._own: dict[str, Property] = {}
        self._written: list[str] = []
        for file in files:
            for name, value, line in _rows(eyes, file):
                self._own[_plain(name)] = Property(value, file, line)
                self._written.append(name)
        self._env: dict[str, Property] = {}
        told: dict[str, Property] = {}
        self.known = True
        for each in given:
            self.known = self.known and each.name != _JSON
            self._env[_plain(each.name)] = Property(each.value, each.file, each.line)
            for text in (each.runs, each.value if each.name in _OPTIONS else ""):
                told |= {_plain(name): Property(value, each.file, each.line) for name, value in _GIVEN.findall(text)}
        self._env |= told

    def of(self, name: str) -> Property | None:
        """The property of a name, with what it refers to filled in."""
        plain = _plain(name)
        found = self._env.get(plain) or self._own.get(plain)
        return None if found is None else Property(self.filled(found.value), found.file, found.line)

    def filled(self, text: str, depth: int = 0) -> str:
        """A text with its `${names:defaults}` filled in; "" if one stays open."""
        if "${" not in text and "#{" not in text:
            return text
        if depth > _DEEPEST or "#{" in text:
            return ""
        missing = False

        def fill(hole: re.Match[str]) -> str:
            nonlocal missing
            found = self._env.get(_plain(hole[1])) or self._own.get(_plain(hole[1]))
            missing = missing or (found is None and hole[2] is None)
            return found.value if found is not None else hole[2] or ""

        text = _HOLE.sub(fill, text)
        return "" if missing else self.filled(text, depth + 1)

    def names(self, start: str) -> list[str]:
        """The names of the files' own properties that begin so, as they are written."""
        return [name for name in self._written if name.startswith(start)]


def _plain(name: str) -> str:
    """A name without what differs between its spellings."""
    return _PARTS.sub("", name).lower()


def _rows(eyes: Eyes, file: File) -> Iterator[tuple[str, str, int]]:
    """Name, value and line of each property; of a file in several parts for profiles, those of the first."""
    if file.name.endswith(".properties"):
        text = eyes.readable(file)
        yield from ((found[1], found[2], text.count("\n", 0, found.start()) + 1) for found in _ROW.finditer(text))
        return
    yield from _flat(eyes.readable_document(file), "")


def _flat(held: Any, above: str) -> Iterator[tuple[str, str, int]]:
    for key, value in held.items() if isinstance(held, Table) else ():
        if isinstance(value, Table):
            yield from _flat(value, f"{above}{key}.")
        elif not isinstance(value, list):
            yield f"{above}{key}", "" if value is None else str(value), held.lines[key]
