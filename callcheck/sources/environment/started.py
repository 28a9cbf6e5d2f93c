"""Which variables do PM2, supervisord, `docker run`, a Procfile and an image's own Dockerfile set?

    apps: [{ name: "mails", script: "mails.js", env: { GROUP: "mails" } }]
    environment=GROUP="mails",LEVEL="info"
    docker run -d --name mails -e GROUP=mails shop node mails.js
    mails: GROUP=mails node mails.js
    ENV GROUP=shop
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table
from callcheck.sources.environment.setting import OPEN, Setting, dotenv, filled, winners
from callcheck.sources.files import File
from callcheck.sources.launch.docker_run import Container, containers
from callcheck.sources.launch.ecosystem import CONFIGURATIONS, Computed, apps, args_of, env_of, name_of, stages
from callcheck.sources.launch.find import aside, dockerfiles, near
from callcheck.sources.launch.image import read_image
from callcheck.sources.launch.procfile import NAME as PROCFILE
from callcheck.sources.launch.procfile import declared

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_PROGRAM = pattern(r"^(?:fcgi-)?program:(.{1,80})$")
_TOLD = pattern(r"(\w{1,100})\s*=\s*(\"[^\"]*\"|'[^']*'|[^,\s]*)")
_BEFORE = pattern(r"^(?:env\s+)?((?:[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|[^\s\"']\S*)?\s+)+)(\S.*)$")


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables that each of these gives its processes."""
    for reader, globs in ((_pm2, CONFIGURATIONS), (_supervisor, ("*.conf", "*.ini")), (_procfile, (PROCFILE,))):
        for file in eyes.tree.named(*globs):
            try:
                found = [] if aside(eyes, file) or file.size > 300_000 else list(reader(eyes, file))
            except SourceError:
                continue
            yield from found
    yield from _docker(eyes)
    yield from _image(eyes)


def _pm2(eyes: Eyes, file: File) -> Iterator[Setting]:
    for app in apps(eyes, file):
        runs = f"{app.get('interpreter') or ''} {app.get('script') or app.get('cmd') or ''} {args_of(app)}".strip()
        for name, (value, line) in env_of(app, stages(eyes)).items():
            text = "" if isinstance(value, (Computed, Table, list)) else filled(value, {})
            yield Setting(name_of(app), name, text, file, line, "pm2", runs)


def _supervisor(eyes: Eyes, file: File) -> Iterator[Setting]:
    document = eyes.document(file) if "program:" in eyes.text(file) else None
    for section, keys in document.items() if isinstance(document, Table) else ():
        found = _PROGRAM.match(section)
        if found and isinstance(keys, Table) and "environment" in keys:
            for name, value in _TOLD.findall(str(keys["environment"])):
                text = "" if "%(" in value else value.strip("\"'")
                yield Setting(found[1], name, text, file, keys.lines["environment"], "supervisor", str(keys.get("command") or ""))


def _procfile(eyes: Eyes, file: File) -> Iterator[Setting]:
    for line, kind, command in declared(eyes.text(file)):
        if found := _BEFORE.match(command):
            for name, value in re.findall(r"(\w+)=(\"[^\"]*\"|'[^']*'|\S*)", found[1]):
                yield Setting(kind, name, filled(value.strip("\"'"), {}), file, line, "procfile", found[2])


def _docker(eyes: Eyes) -> Iterator[Setting]:
    for each in containers(eyes):
        yield from of_container(eyes, each, "docker")


def of_container(eyes: Eyes, each: Container, system: str) -> Iterator[Setting]:
    """What the options of a container set: those of its own line win over its files."""
    said: list[Setting] = []
    for path in each.env_files:
        there = near(eyes, each.file, path)
        said += [Setting(each.name, name, filled(value, {}), there, at, system) for name, value, at in dotenv(eyes, there)] if there else []
        said += [] if there else [Setting(each.name, OPEN, "", each.file, each.line, system)]
    said += [Setting(each.name, name, filled(value, {}), each.file, each.line, system) for name, value in each.env]
    yield from winners(said, " ".join(each.words))


def _image(eyes: Eyes) -> Iterator[Setting]:
    """What the only Dockerfile of the target sets holds for every unit that says nothing else."""
    found = dockerfiles(eyes)
    if len(found) != 1:
        return
    try:
        text = eyes.text(found[0])
    except SourceError:
        return
    for name, value in read_image(text).env.items():
        line = next((number for number, row in enumerate(text.splitlines(), 1) if re.search(rf"\b{re.escape(name)}[=\s]", row)), 1)
        yield Setting("", name, filled(value, {}), found[0], line, "dockerfile")
