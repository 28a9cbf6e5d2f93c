"""Which variables do Render, Heroku, Fly, App Engine, App Runner, DigitalOcean, ECS, serverless functions, Workers and systemd set?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, tables
from callcheck.sources.environment.setting import OPEN, Setting, command, dotenv, filled, kept, pairs, winners
from callcheck.sources.environment.started import of_container
from callcheck.sources.files import File
from callcheck.sources.launch.docker_run import run_by
from callcheck.sources.launch.find import aside
from callcheck.sources.launch.units import drop_ins, env_file, starts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_FUNCTION = pattern(r"^AWS::(?:Serverless|Lambda)::Function$")


def read(eyes: Eyes) -> Iterator[Setting]:
    """The variables that each of these files sets."""
    for globs, reader in _READERS.items():
        for file in eyes.tree.named(*globs):
            if aside(eyes, file) or file.size > 300_000:
                continue
            try:
                if reader is _ecs and "containerDefinitions" not in eyes.text(file):
                    continue
                document = eyes.document(file)
            except SourceError:
                continue
            if isinstance(document, Table):
                yield from reader(eyes, document, file)


def _render(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
    groups = {str(group.get("name")): group for group in tables(document.get("envVarGroups"))}
    for service in tables(document.get("services")):
        yield from winners(_render_service(service, groups, file), command(service.get("startCommand") or service.get("dockerCommand")))


def _render_service(service: Table, groups: dict[str, Table], file: File) -> Iterator[Setting]:
    unit = str(service.get("name") or "")
    for row in tables(service.get("envVars")):
        group = groups.get(str(row.get("fromGroup")))
        if group is not None:
            yield from (Setting(unit, *_text(pair), file, pair[2], "render", secret="" if pair[1] else f"group {row['fromGroup']}") for pair in pairs(group, "envVars"))
        elif "fromGroup" in row:
            yield Setting(unit, OPEN, str(row["fromGroup"]), file, row.line, "render")
    yield from (Setting(unit, *_text(pair), file, pair[2], "render") for pair in pairs(service, "envVars"))


def _text(pair: tuple[str, Any, int]) -> tuple[str, str]:
    return pair[0], filled(pair[1], {})


def _app_json(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
    for name, value, line in pairs(document, "env"):
        yield Setting("", name, filled(value.get("value") if isinstance(value, dict) else value, {}), file, line, "heroku")
    # What `heroku config:set` was told is in no file.
    yield Setting("", OPEN, "", file, 1, "heroku")


def _flat(system: str, *path: str, more: bool = True) -> Callable[[Eyes, Table, File], Iterator[Setting]]:
    def reader(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
        yield from (Setting("", *_text(pair), file, pair[2], system) for pair in pairs(document, *path))
        if more:
            # Secrets are set beside the file.
            yield Setting("", OPEN, "", file, 1, system)

    return reader


def _app_engine(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
    unit = str(document.get("service") or "default")
    if isinstance(document.get("runtime"), str):
        yield from (Setting(unit, *_text(pair), file, pair[2], "app-engine") for pair in pairs(document, "env_variables"))


def _digitalocean(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
    spec = document.get("spec", document)
    for kind in ("services", "workers", "jobs") if isinstance(spec, Table) else ():
        for component in tables(spec.get(kind)):
            unit = str(component.get("name") or "")
            yield from winners((Setting(unit, *_text(pair), file, pair[2], "digitalocean") for keys in (spec, component) for pair in pairs(keys, "envs")), command(component.get("run_command")))
            # Secrets may be kept beside the file.
            yield Setting(unit, OPEN, "", file, component.line, "digitalocean")


def _ecs(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
    for each in tables(document.get("containerDefinitions")):
        unit = str(document.get("family") or each.get("name") or "")
        runs = command(each.get("entryPoint"), each.get("command"))
        for key in ("environment", "secrets"):
            yield from (Setting(unit, *_text(pair), file, pair[2], "ecs", runs, kept(each, key).get(pair[0], "")) for pair in pairs(each, key))
        if each.get("environmentFiles"):
            yield Setting(unit, OPEN, "", file, each.lines["environmentFiles"], "ecs")


def _serverless(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
    shared = [Setting("", *_text(pair), file, pair[2], "serverless") for pair in pairs(document, "provider", "environment")]
    functions = document.get("functions")
    for unit, keys in functions.items() if isinstance(functions, Table) else ():
        for setting in shared:
            yield Setting(unit, setting.name, setting.value, file, setting.line, "serverless")
        if isinstance(keys, Table):
            yield from (Setting(unit, *_text(pair), file, pair[2], "serverless") for pair in pairs(keys, "environment"))


def _cloudformation(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
    shared = list(pairs(document, "Globals", "Function", "Environment", "Variables"))
    resources = document.get("Resources")
    for unit, resource in resources.items() if isinstance(resources, Table) else ():
        if isinstance(resource, Table) and _FUNCTION.match(str(resource.get("Type"))):
            own = pairs(resource, "Properties", "Environment", "Variables")
            yield from (Setting(unit, *_text(pair), file, pair[2], "aws-lambda") for pair in [*shared, *own])


def _systemd(eyes: Eyes, document: Table, file: File) -> Iterator[Setting]:
    unit = file.base.removesuffix(".service").removesuffix("@")
    service = document.get("Service")
    if not isinstance(service, Table):
        return
    line, command = next(iter([*starts(eyes.text(file))][-1:]), (1, ""))
    held = run_by(command, file, line, unit)
    if held is not None:
        # What the unit sets is the client's, which hands the container its options alone.
        yield from of_container(eyes, held, "systemd")
        return
    yield from winners(_of_unit(eyes, unit, service, file), command)


def _of_unit(eyes: Eyes, unit: str, service: Table, file: File) -> Iterator[Setting]:
    """Each may stand several times, and all hold; what files say beats what stands here (systemd.exec, EnvironmentFile)."""
    said = [(part, *each) for part in (file, *drop_ins(eyes, file)) for each in _told(eyes.text(part))]
    for part, key, value, line in sorted(said, key=lambda each: each[1]):
        for name, found in re.findall(r"\"?(\w{1,100})=(\"[^\"]*\"|[^\s\"]*)", value) if key == "Environment" else ():
            yield Setting(unit, name, found.strip('"'), part, line, "systemd")
        if key == "EnvironmentFile":
            there = env_file(eyes, file, value.lstrip("-"), str(service.get("WorkingDirectory") or ""))
            for name, text, at in dotenv(eyes, there) if there else ():
                yield Setting(unit, name, text, there or part, at, "systemd", empty=not text)
            if there is None:
                yield Setting(unit, OPEN, value, part, line, "systemd")


def _told(text: str) -> Iterator[tuple[str, str, int]]:
    """Key, value and line of each Environment and EnvironmentFile of a unit; a backslash at the end of a line goes on."""
    for found in re.finditer(r"(?m)^(Environment|EnvironmentFile)[ \t]*=[ \t]*((?:[^\n]*\\\n)*[^\n]*)$", text):
        yield found[1], found[2].replace("\\\n", " ").strip(), text.count("\n", 0, found.start()) + 1


_READERS: dict[tuple[str, ...], Callable[[Eyes, Table, File], Iterator[Setting]]] = {
    ("render.yaml", "render.yml"): _render,
    ("app.json",): _app_json,
    ("fly*.toml",): _flat("fly", "env"),
    ("app.y*ml", "app.*.yaml"): _app_engine,
    ("apprunner.yaml",): _flat("app-runner", "run", "env"),
    (".do/*.y*ml", "*/.do/*.y*ml"): _digitalocean,
    ("wrangler.toml", "wrangler.json", "wrangler.jsonc"): _flat("cloudflare-workers", "vars"),
    ("vercel.json",): _flat("vercel", "env"),
    ("netlify.toml",): _flat("netlify", "build", "environment"),
    ("serverless.yml", "serverless.yaml"): _serverless,
    ("template.y*ml", "template.json", "sam.y*ml", "*.template.json", "*.template.y*ml"): _cloudformation,
    ("*.json",): _ecs,
    ("*.service",): _systemd,
}
