"""Which variables do Compose services get?

    worker:
      env_file: worker.env
      environment:
        RESULT_URL: http://api:3000/results
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from callcheck.model.errors import SourceError
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table
from callcheck.sources.environment.emptied import is_empty, promised
from callcheck.sources.environment.setting import OPEN, Setting, beside, command, dotenv, filled, kept, pairs, winners
from callcheck.sources.files import File
from callcheck.sources.launch.find import COMPOSE_FILES, aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

LESSER = pattern(r"[.-](?:dev|develop|development|local|test|tests|testing|ci|e2e|debug|override|example)\b")
"""Files for development and tests."""
_PRODUCTION = pattern(r"[.-](?:prod|production|live|deploy|stack)\b|docker-stack")
_DEEPEST = 8
"""How many services `extends` is followed through."""
_STAGE = pattern(r"[.-](?:prod|production|prd|live|staging|stage|stg|preview|preprod|uat|qa|demo)\b")
FileT = TypeVar("FileT")


def files(eyes: Eyes) -> Iterator[tuple[File, Table]]:
    """Each Compose file with its services; variants for development only where a folder has no other."""
    found = [file for file in eyes.tree.named(*COMPOSE_FILES) if not aside(eyes, file)]
    found += [file for file in included(eyes, found) if file not in found]
    lesser = {file.name for file in found if LESSER.search(file.base)} if len(found) > 1 else ()
    plain = {posixpath.dirname(file.name) for file in found if file.name not in lesser}
    for file in found:
        if file.name in lesser and posixpath.dirname(file.name) in plain:
            continue
        document = eyes.readable_document(file)
        services = document.get("services") if isinstance(document, Table) else None
        if isinstance(services, Table):
            yield file, services


def context(build: Any) -> str:
    """The folder that the `build` of a service names, as it is written; "" where there is none, "." where it is not said."""
    return str(build.get("context") or ".") if isinstance(build, dict) else str(build or "")


def included(eyes: Eyes, found: Iterable[File]) -> Iterator[File]:
    """The files that Compose files take in (`include: [parts/db.yml, {path: [a.yml, b.yml]}]`), whatever they are called."""
    for file in found:
        document = eyes.readable_document(file)
        rows = document.get("include") if isinstance(document, Table) else None
        for row in rows if isinstance(rows, list) else ():
            path = row.get("path") if isinstance(row, dict) else row
            for each in path if isinstance(path, list) else [path]:
                there = beside(eyes, file, each) if isinstance(each, str) else None
                if there is not None:
                    yield there


def layers(eyes: Eyes, services: Table, keys: Table, file: File, depth: int = 0) -> list[tuple[Table, File]]:
    """A service's keys, behind those of the services that it `extends`; each beats those before it. Raises SourceError if a base cannot be read."""
    extends = keys.get("extends")
    named = extends if isinstance(extends, str) else extends.get("service") if isinstance(extends, Table) else None
    if named and depth < _DEEPEST:
        there: File | None = file
        if isinstance(extends, Table) and isinstance(extends.get("file"), str):
            there = beside(eyes, file, extends["file"])
            document = eyes.document(there) if there else None
            services = document.get("services", Table()) if isinstance(document, Table) else Table()
        inner = services.get(named) if isinstance(services, Table) else None
        if there and isinstance(inner, Table):
            return [*layers(eyes, services, inner, there, depth + 1), (keys, file)]
    return [(keys, file)]


def main_first(files: Iterable[FileT], name: Callable[[FileT], str]) -> list[FileT]:
    """The Compose files of a folder in the order in which they are laid over one another, those for production last."""
    return sorted(files, key=lambda each: (bool(_PRODUCTION.search(name(each))), len(name(each))))


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables of every service."""
    told: set[Setting] = set()
    for _, each in by_file(eyes):
        if each not in told:
            told.add(each)
            yield each


def by_file(eyes: Eyes) -> Iterator[tuple[File, Setting]]:
    """The variables of every service, with the Compose file that is laid over the others last: what a stage is named after, whichever file says the value."""
    folders: dict[str, list[tuple[File, Table]]] = {}
    for file, services in files(eyes):
        folders.setdefault(posixpath.dirname(file.name), []).append((file, services))
    for found in folders.values():
        for laid in _stages(main_first(found, lambda each: each[0].base)):
            yield from ((laid[-1][0], each) for each in _laid(eyes, laid))


def _stages(found: list[tuple[File, Table]]) -> list[list[tuple[File, Table]]]:
    """The files that are laid over one another; those for several stages, such as staging and production, each over the others alone."""
    staged = [each for each in found if _STAGE.search(each[0].base)]
    plain = [each for each in found if each not in staged]
    return [[*plain, each] for each in staged] or [plain]


def _laid(eyes: Eyes, found: list[tuple[File, Table]]) -> Iterator[Setting]:
    shared = beside(eyes, found[0][0], ".env")
    known = {name: value for name, value, _ in dotenv(eyes, shared)} if shared else {}
    bases: dict[str, list[tuple[Table, File]]] = {}
    own: dict[str, list[tuple[Table, File]]] = {}
    for file, services in found:
        for unit, keys in services.items():
            if isinstance(keys, Table):
                try:
                    *below, top = layers(eyes, services, keys, file)
                except SourceError:
                    below, top = [], (keys, file)
                bases.setdefault(unit, []).extend(below)
                own.setdefault(unit, []).append(top)
    held = {unit: [*bases[unit], *tops] for unit, tops in own.items()}
    built = {str(keys.get("image")) for layers_of in held.values() if any("build" in keys for keys, _ in layers_of) for keys, _ in layers_of}
    for unit, layers_of in held.items():
        images = {str(keys["image"]) for keys, _ in layers_of if "image" in keys}
        foreign = bool(built and images) and not any("build" in keys for keys, _ in layers_of) and images.isdisjoint(built)
        yield from (replace(each, foreign=foreign) for each in _service(eyes, unit, layers_of, known))


def _service(eyes: Eyes, unit: str, held: list[tuple[Table, File]], known: dict[str, str]) -> Iterator[Setting]:
    """What files say is under what stands in the service itself, whichever of its layers says so."""
    started = [next((keys[key] for keys, _ in reversed(held) if key in keys), None) for key in ("entrypoint", "command")]
    said = [each for keys, file in held for each in _files(eyes, unit, keys, file, known)]
    for keys, file in held:
        secrets = kept(keys, "environment")
        for name, value, line in pairs(keys, "environment"):
            text = known.get(name, "") if value is None else filled(value, known)
            said.append(Setting(unit, name, text, file, line, "compose", secret=secrets.get(name, ""), empty=is_empty(eyes, value, known, file)))
    yield from winners(said, command(*started))


def _files(eyes: Eyes, unit: str, keys: Table, file: File, known: dict[str, str]) -> Iterator[Setting]:
    listed = keys.get("env_file")
    for entry in listed if isinstance(listed, list) else [listed]:
        path: Any = entry.get("path") if isinstance(entry, dict) else entry
        if not isinstance(path, str):
            continue
        there = beside(eyes, file, path)
        if there is None:
            yield Setting(unit, OPEN, path, file, keys.lines["env_file"], "compose", promised=promised(eyes, file, path))
            continue
        for name, value, line in dotenv(eyes, there):
            yield Setting(unit, name, filled(value, known), there, line, "compose", empty=not value)
