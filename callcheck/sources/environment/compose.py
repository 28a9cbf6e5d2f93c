"""Which variables do Compose services get?

    worker:
      env_file: worker.env
      environment:
        RESULT_URL: http://api:3000/results
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table
from callcheck.sources.environment.setting import OPEN, Setting, beside, dotenv, filled, pairs
from callcheck.sources.files import File
from callcheck.sources.launch.find import COMPOSE_FILES, aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LESSER = pattern(r"[.-](?:dev|develop|development|local|test|tests|testing|ci|e2e|debug|override|example)\b")


def files(eyes: Eyes) -> Iterator[tuple[File, Table]]:
    """Each Compose file with its services; variants for development only where a folder has no other."""
    found = [file for file in eyes.tree.named(*COMPOSE_FILES) if not aside(eyes, file)]
    found += [file for file in included(eyes, found) if file not in found]
    lesser = {file.name for file in found if _LESSER.search(file.base)} if len(found) > 1 else ()
    plain = {posixpath.dirname(file.name) for file in found if file.name not in lesser}
    for file in found:
        if file.name in lesser and posixpath.dirname(file.name) in plain:
            continue
        try:
            document = eyes.document(file)
        except SourceError:
            continue
        services = document.get("services") if isinstance(document, Table) else None
        if isinstance(services, Table):
            yield file, services


def included(eyes: Eyes, found: Iterable[File]) -> Iterator[File]:
    """The files that Compose files take in (`include: [parts/db.yml, {path: [a.yml, b.yml]}]`), whatever they are called."""
    for file in found:
        try:
            document = eyes.document(file)
        except SourceError:
            continue
        rows = document.get("include") if isinstance(document, Table) else None
        for row in rows if isinstance(rows, list) else ():
            path = row.get("path") if isinstance(row, dict) else row
            for each in path if isinstance(path, list) else [path]:
                there = beside(eyes, file, each) if isinstance(each, str) else None
                if there is not None:
                    yield there


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables of every service."""
    for file, services in files(eyes):
        shared = beside(eyes, file, ".env")
        known = {name: value for name, value, _ in dotenv(eyes, shared)} if shared else {}
        for unit, keys in services.items():
            if isinstance(keys, Table):
                yield from _service(eyes, file, unit, keys, known)


def _service(eyes: Eyes, file: File, unit: str, keys: Table, known: dict[str, str]) -> Iterator[Setting]:
    for name, value, line in pairs(keys, "environment"):
        text = known.get(name, "") if value is None else filled(value, known)
        yield Setting(unit, name, text, file, line, "compose")
    listed = keys.get("env_file")
    for entry in listed if isinstance(listed, list) else [listed]:
        path: Any = entry.get("path") if isinstance(entry, dict) else entry
        if not isinstance(path, str):
            continue
        there = beside(eyes, file, path)
        if there is None:
            yield Setting(unit, OPEN, "", file, keys.lines["env_file"], "compose")
            continue
        for name, value, line in dotenv(eyes, there):
            yield Setting(unit, name, filled(value, known), there, line, "compose")
