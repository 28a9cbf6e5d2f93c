"""Which services does Docker Compose start, how often?

services:
  api:
    image: registry.example.com/app
    command: uvicorn app.main:app --workers 2
    deploy: {replicas: 3}
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.environment.compose import LESSER, included, layers, main_first
from callcheck.sources.environment.compose import context as context_of
from callcheck.sources.environment.setting import beside, dotenv, filled
from callcheck.sources.files import File
from callcheck.sources.launch import (
    COMPOSE_FILES,
    INFRASTRUCTURE,
    Unit,
    aside,
    dockerfile_of,
    image_name,
    number,
    replicas,
    role_of_image,
    run,
    state_image,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A service's keys, each from the file that has the last word."""

    name: str
    keys: dict[str, tuple[Any, File, int]]
    file: File
    line: int

    def get(self, key: str) -> Any:
        return self.keys[key][0] if key in self.keys else None


class Compose:
    """Development and test variants are read only where there is no other file in the folder."""

    name = "compose"
    looks_at = COMPOSE_FILES
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no compose file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        folders: dict[str, list[File]] = {}
        for file in _files(eyes):
            folders.setdefault(posixpath.dirname(file.name), []).append(file)
        for files in folders.values():
            main = _main(files) if len(files) > 1 else files
            services: dict[str, _Said] = {}
            for file in main:
                try:
                    _merge(eyes, services, eyes.document(file), file)
                except SourceError as error:
                    yield Lost(clean(file.name), error.message)
            shared = beside(eyes, main[0], ".env")
            known = {name: value for name, value, _ in dotenv(eyes, shared)} if shared else {}
            built = _built(eyes, services)
            ours = _ours(services)
            for said in services.values():
                yield from _service(eyes, said, known, built, ours)


def _main(files: list[File]) -> list[File]:
    """Those that a deployment reads, the one with the last word last."""
    main = [file for file in files if not LESSER.search(file.base)] or files
    return main_first(main, lambda file: file.base)


def _files(eyes: Eyes) -> list[File]:
    found = [file for file in eyes.tree.named(*COMPOSE_FILES) if not aside(eyes, file)]
    return [*found, *(file for file in included(eyes, found) if file not in found)]


def _merge(eyes: Eyes, services: dict[str, _Said], document: Any, file: File) -> None:
    found = document.get("services") if isinstance(document, Table) else None
    if not isinstance(found, Table):
        return
    for name, keys in found.items():
        said = services.setdefault(name, _Said(name, {}, file, found.lines[name]))
        if isinstance(keys, Table):
            for key, place in _extended(eyes, found, keys, file).items():
                # What a base says does not beat what an earlier file says of this service itself.
                if place[1] is file or key not in said.keys:
                    said.keys[key] = place


def _extended(eyes: Eyes, services: Table, keys: Table, file: File) -> dict[str, tuple[Any, File, int]]:
    """The service's keys over those of the service that it `extends`. Raises SourceError if the base cannot be read."""
    return {key: (value, there, table.lines[key]) for table, there in layers(eyes, services, keys, file) for key, value in table.items()}


def _built(eyes: Eyes, services: dict[str, _Said]) -> dict[str, set[str]]:
    """The Dockerfiles that services build, by path, and the names that the images then may have."""
    found: dict[str, set[str]] = {}
    for said in services.values():
        file = _dockerfile(eyes, said, {}) if said.get("build") else None
        if file is not None:
            found.setdefault(file.name, set()).update({said.name, image_name(str(said.get("image") or ""))})
    return found


def _ours(services: dict[str, _Said]) -> frozenset[str]:
    """The names that what is built here goes by; empty where nothing is."""
    made = [said for said in services.values() if said.get("build")]
    return frozenset(name for said in made for name in (said.name, image_name(str(said.get("image") or ""))) if name)


def _from_elsewhere(said: _Said, ours: frozenset[str]) -> bool:
    """Whether a service runs an image as it comes that is pulled under a name of its own, beside others that are built here."""
    name = "" if said.get("build") or said.keys.keys() & {"command", "entrypoint"} else image_name(str(said.get("image") or ""))
    return bool(ours and name) and not any(name.endswith(each) for each in ours)


def _service(eyes: Eyes, said: _Said, known: dict[str, str], built: dict[str, set[str]], ours: frozenset[str]) -> Iterator[Evidence | Lost]:
    image = str(said.get("image") or "")
    build = said.get("build")
    role = role_of_image(image) if not build else ""
    context = context_of(build)
    if isinstance(build, dict) and build.get("dockerfile"):
        context = posixpath.join(context, str(build["dockerfile"]))
    unit = Unit(
        "compose",
        "compose",
        said.name,
        said.file,
        said.line,
        _from_files(eyes, said) | _environment(said.get("environment"), known),
        role,
        image or context,
    )
    if role in INFRASTRUCTURE:
        yield from state_image(eyes, unit, None)
        return
    dockerfile = _dockerfile(eyes, said, built)
    target = str(build.get("target") or "") if isinstance(build, dict) else ""
    keys = said.keys
    written = keys.get("command") or keys.get("entrypoint")
    at = Unit(unit.probe, unit.system, unit.service, unit.file, unit.line, unit.env, unit.role, unit.image)
    if written and written[1] is not said.file:
        at = Unit(unit.probe, unit.system, unit.service, written[1], written[2], unit.env, unit.role, unit.image)
    if dockerfile is None and _from_elsewhere(said, ours):
        yield run(at)
    else:
        yield from state_image(eyes, at, dockerfile, target, _command(said.get("entrypoint")), _command(said.get("command")))
    yield _replicas(unit, said, known)


def _dockerfile(eyes: Eyes, said: _Said, built: dict[str, set[str]]) -> File | None:
    build = said.get("build")
    if not build:
        image = str(said.get("image") or "")
        found = dockerfile_of(eyes, image, [said.name])
        names = built.get(found.name) if found is not None and not said.keys.keys() & {"command", "entrypoint"} else None
        # What is pulled under a name of its own, and run as it comes, is not what another service builds.
        return None if names and not any(image_name(image).endswith(name) for name in names if name) else found
    name = str(build.get("dockerfile") or "Dockerfile") if isinstance(build, dict) else "Dockerfile"
    context = context_of(build)
    folder = posixpath.dirname(said.keys["build"][1].name)
    path = posixpath.normpath(posixpath.join(folder, context, name))
    return eyes.tree.get(path) or eyes.tree.get(posixpath.normpath(posixpath.join(folder, name)))


def _command(value: Any) -> str | list[Any]:
    return value if isinstance(value, (str, list)) else ""


def _environment(value: Any, known: dict[str, str]) -> dict[str, str]:
    """The plain values that a service sets; one that is only named, or left open, has what the file beside says of it."""
    if isinstance(value, list):
        pairs = [str(item).partition("=") for item in value]
        value = {name: text if mark else None for name, mark, text in pairs}
    if not isinstance(value, dict):
        return {}
    texts = {str(key): known.get(key) if item is None else filled(item, known) or str(item) for key, item in value.items()}
    return {key: text for key, text in texts.items() if text is not None}


def _from_files(eyes: Eyes, said: _Said) -> dict[str, str]:
    """What the files of `env_file` set, the last one's word last; those that are not there say nothing."""
    if "env_file" not in said.keys:
        return {}
    listed, file, _ = said.keys["env_file"]
    found: dict[str, str] = {}
    for entry in listed if isinstance(listed, list) else [listed]:
        path = entry.get("path") if isinstance(entry, dict) else entry
        there = beside(eyes, file, path) if isinstance(path, str) else None
        found |= {name: value for name, value, _ in dotenv(eyes, there)} if there is not None else {}
    return found


def _replicas(unit: Unit, said: _Said, known: dict[str, str]) -> Evidence:
    deploy, file, line = said.keys.get("deploy", (None, said.file, said.line))
    if isinstance(deploy, Table):
        if deploy.get("mode") == "global":
            return replicas(unit, 2, "mode: global", deploy.lines["mode"], at_least=True, file=file)
        if "replicas" in deploy:
            found = number(deploy["replicas"], known)
            return replicas(
                unit,
                found.many,
                f"replicas: {deploy['replicas']}",
                deploy.lines["replicas"],
                at_least=found.at_least,
                file=file,
            )
    if "scale" in said.keys:
        value, file, line = said.keys["scale"]
        return replicas(unit, number(value, known).many, f"scale: {value}", line, file=file)
    return replicas(unit, 1, "no replicas key: 1")


PROBE = Compose()
