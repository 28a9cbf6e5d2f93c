"""Which commands do systemd units start?

[Service]
ExecStart=/srv/app/venv/bin/gunicorn -w 4 app:app

A template of Ansible (`app.service.j2`) is read with the variables that its files set. What lies in `name.service.d/*.conf` is read after the unit, in the order of the names, as systemd.unit(5) has it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServiceRun, ServiceStops
from callcheck.model.facts.variables import VariableSet
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.environment.setting import beside, dotenv
from callcheck.sources.files import File
from callcheck.sources.launch import (
    INFRASTRUCTURE,
    Unit,
    aside,
    dockerfile_of,
    own_texts,
    replicas,
    role_of_image,
    state,
    state_image,
    stops,
)
from callcheck.sources.launch.ansible_vars import filled
from callcheck.sources.launch.docker_run import run_by
from callcheck.sources.launch.units import drop_ins, env_file, starts

_ENVIRONMENT = pattern(r"^Environment=(.{1,2000})$", re.MULTILINE)
_FILE = pattern(r"^EnvironmentFile=-?(\S{1,500})[ \t]*$", re.MULTILINE)
_VARIABLE = pattern(r"\$(?:\{(\w{1,100})\}|(\w{1,100}))")
_ENDS = pattern(r"^RuntimeMaxSec=[ \t]*(?!infinity|0?[ \t]*$)\S", re.MULTILINE)
"""After this time systemd ends the service, and `Restart=` starts it again."""
_TIMED = pattern(r"^On(?:Calendar|UnitActiveSec|UnitInactiveSec)=[ \t]*\S", re.MULTILINE)
_WANTS = pattern(r"^(?:Wants|Requires|BindsTo)=(.{1,2000})$", re.MULTILINE)
_LOOP = pattern(r"^[ \t]*(?:loop|with_items):[ \t]*(?:[\"']?(?:\[|\{\{)([^\]\n}]{1,400})[\]}]|\n((?:[ \t]*-[ \t][^\n]{1,200}\n?){1,50}))", re.MULTILINE)


class _Told(NamedTuple):
    """A variable of a unit; `line` 0 where the unit itself sets it, which stands beside the command."""

    name: str
    value: str
    file: File
    line: int


class Systemd:
    """`name.service` is one instance; of a template `name@.service` as many as were enabled, as far as a file says."""

    name = "systemd"
    looks_at = ("*.service", "*.service.j2", "*.service.d/*.conf", "*/*.service.d/*.conf")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServiceStops})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no systemd unit"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                parts = [(part, filled(eyes, eyes.text(part)) if part.suffix == ".j2" else eyes.text(part)) for part in (file, *drop_ins(eyes, file))]
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            found = [(part, line, command) for part, text in parts for line, command in starts(text)]
            if not found or "[Service]" not in parts[0][1]:
                continue
            where, line, command = found[-1]
            name = file.base.removesuffix(".j2").removesuffix(".service")
            told = {each.name: each for part, said in parts for each in (*_environment(said, part), *_from_files(eyes, part, said))}
            known = {name: each.value for name, each in told.items()}
            unit = Unit(self.name, "systemd", name.rstrip("@"), where, line, known)
            flags = tuple(_flags(told[each], unit) for each in _named(command) if each in told and told[each].line and told[each].value.startswith("-"))
            for each in _started(eyes, unit, _filled(command, known)):
                yield replace(each, because=(*each.because, *flags)) if isinstance(each, Evidence) and isinstance(each.fact, ServiceRun) else each
            yield from _stops(eyes, unit, parts)
            if name.endswith("@"):
                yield _instances(eyes, unit, file.base)
            else:
                yield replicas(unit, 1, "one unit")


def _started(eyes: Eyes, unit: Unit, command: str) -> Iterator[Evidence | Lost]:
    """What the unit's command comes to; of a container, what runs inside of it."""
    held = run_by(command, unit.file, unit.line, unit.service)
    if held is None:
        yield from state(eyes, unit, command)
        return
    role = role_of_image(held.image)
    inside = replace(unit, env={name: value for name, value in held.env if value}, role=role, image=held.image)
    dockerfile = None if role in INFRASTRUCTURE else dockerfile_of(eyes, held.image, [held.name])
    yield from state_image(eyes, inside, dockerfile, entrypoint=held.entrypoint, command=list(held.words))


def _instances(eyes: Eyes, unit: Unit, name: str) -> Evidence:
    """As many as a target wants, or a playbook of Ansible goes through; what was enabled by hand is in no file."""
    word = re.escape(unit.service)
    for file, text in own_texts(eyes, "*.target", "*.yml", "*.yaml", most=200_000):
        if file.suffix == ".target":
            named = {found[1] for line in _WANTS.finditer(text) for found in re.finditer(rf"(?:^|\s){word}@([\w.-]{{1,40}}?)(?:\.service)?(?=\s|$)", line[1])}
            count, at = len(named), next((line.start() for line in _WANTS.finditer(text) if f"{unit.service}@" in line[1]), 0)
        else:
            task = re.search(rf"\b{word}@\{{\{{\s*item\s*\}}\}}", text)
            loop = _LOOP.search(text, task.end(), task.end() + 600) if task else None
            count, at = _rounds(loop) if loop else 0, loop.start() if loop else 0
        if count:
            return replicas(unit, count, f"{count} instances of {name}", text.count("\n", 0, at) + 1, file=file)
    return replicas(unit, None, f"{name}: one process for each enabled instance")


def _rounds(loop: re.Match[str]) -> int:
    """How often a task of Ansible is done: for each item of its list, or of `range(1, 4)`."""
    if loop[1] is not None:
        span = re.search(r"range\((\d+),\s*(\d+)", loop[1])
        return max(0, int(span[2]) - int(span[1])) if span else len([each for each in loop[1].split(",") if each.strip()])
    return len(re.findall(r"(?m)^\s*-\s", loop[2] or ""))


def _stops(eyes: Eyes, unit: Unit, parts: list[tuple[File, str]]) -> Iterator[Evidence]:
    """Whether the service is ended after some time, or is started by a timer beside it."""
    for part, text in reversed(parts):
        ends = _ENDS.search(text)
        if ends is not None:
            yield stops(replace(unit, file=part), "restart", text.count("\n", 0, ends.start()) + 1)
            return
    timer = beside(eyes, unit.file, f"{unit.service}.timer")
    timed = timer is not None and _TIMED.search(eyes.readable(timer)) is not None
    if timed:
        yield stops(unit, "timer")


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named("*.service", "*.service.j2") if not aside(eyes, file)]


def _named(command: str) -> list[str]:
    return list(dict.fromkeys(found[1] or found[2] for found in _VARIABLE.finditer(command)))


def _filled(command: str, known: dict[str, str]) -> str:
    """The command with its variables, each of which may hold several flags."""
    return _VARIABLE.sub(lambda found: known.get(found[1] or found[2], found[0]), command)


def _flags(told: _Told, unit: Unit) -> Evidence:
    """The line of an environment file that holds a part of the command."""
    where = Location(clean(told.file.name), told.line)
    fact = VariableSet(clean(told.name, 80), "", unit.service, unit.system, "")
    return Evidence(fact, Basis.DECLARED, unit.probe, where, service=unit.service, label=f"flags of {unit.service}'s command")


def _environment(text: str, file: File) -> Iterator[_Told]:
    for line in _ENVIRONMENT.findall(text):
        try:
            words = shlex.split(line)
        except ValueError:
            continue
        yield from (_Told(word.partition("=")[0], word.partition("=")[2], file, 0) for word in words if "=" in word)


def _from_files(eyes: Eyes, file: File, text: str) -> Iterator[_Told]:
    """What the unit's environment files set, which wins over `Environment=`."""
    for path in _FILE.findall(text):
        there = env_file(eyes, file, path, "")
        if there:
            yield from (_Told(name, value, there, line) for name, value, line in dotenv(eyes, there))


PROBE = Systemd()
