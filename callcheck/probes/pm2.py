"""Which apps does PM2 start, in how many processes?

    module.exports = { apps: [{ name: "api", script: "dist/server.js", instances: "max", exec_mode: "cluster" }] }

Absent `instances` is one process; `max`, `0` and `-1` count CPUs; `env_production` changes variables only (PM2 7.0, run and read).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible, ServiceRun
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch import SCRIPTS as SCRIPT_FILES
from callcheck.sources.launch import Unit, aside, commands, filled_in, number, role_of_name, scripts, state
from callcheck.sources.launch.command import base, read_command
from callcheck.sources.launch.ecosystem import CONFIGURATIONS, SCRIPTS, Computed, apps, args_of, env_of, name_of, stages

_STARTED = pattern(r"\bpm2(?:-runtime)?\s+start\s[^;&|\n]{1,400}")
_NAMED = pattern(r"(?:--name|\s-n)[= ][\"']?([\w.-]{1,80})")
_MANAGERS = frozenset({"npm", "yarn", "pnpm"})
_NODES = frozenset({"node", "nodejs", "ts-node", "tsx", "bun", "deno", "babel-node"})


class Pm2:
    """Configuration files of PM2, and the commands of scripts; those of package.json and of images are read where they stand."""

    name = "pm2"
    looks_at = (*CONFIGURATIONS, *SCRIPT_FILES)
    marks = ("pm2", "ecosystem", "process.json", "processes.json", "process.yml")
    answers: frozenset[type[Fact]] = frozenset({ServiceRun, InstancesFactor, InstancesPossible})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no PM2 configuration, and no script"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                found = apps(eyes, file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for app in found:
                yield from _app(eyes, app, file)
        for file, text in scripts(eyes, "pm2"):
            if file.base != "package.json":  # whose scripts are read where something runs them
                yield from _commands(eyes, file, text)


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named(*CONFIGURATIONS) if not aside(eyes, file)]


def _commands(eyes: Eyes, file: File, text: str) -> Iterator[Evidence | Lost]:
    """`pm2 start server.js --name api -i 4`, `pm2 start npm --name api -- start` in what deploys."""
    for line, command in commands(file, text):
        for found in _STARTED.finditer(filled_in(command, text)):
            for started in read_command(found[0]):
                named = _NAMED.search(found[0])
                name = named[1] if named else started.entry.rsplit("/", 1)[-1].rsplit(".", 1)[0]
                if started.server != "pm2" or started.hands_to or not name or "$" in name + started.entry:
                    continue
                own = f"{started.entry} {found[0].partition(' -- ')[2]}" if started.entry in _MANAGERS else found[0]
                yield from state(eyes, Unit("pm2", "pm2", name, file, line), own)




def _app(eyes: Eyes, app: Table, file: File) -> Iterator[Evidence | Lost]:
    script = str(app.get("script") or app.get("cmd") or "")
    name, words = clean(name_of(app), 80), args_of(app)
    role = role_of_name(name, script)
    path = clean(file.name)
    if command := _foreign(app, script, words):
        env = {key: str(value) for key, (value, _) in env_of(app, stages(eyes)).items() if value is not None}
        yield from state(eyes, Unit("pm2", "pm2", name, file, app.line, env), command, line=app.lines.get("args", app.lines.get("script", app.line)))
    else:
        run = ServiceRun(name, clean(f"{script} {words}".strip()), clean(script, 120), role, "pm2")
        yield Evidence(run, Basis.DECLARED, "pm2", Location(path, app.line), service=name)
    line = app.lines.get("instances", app.lines.get("script", app.line))
    fact: InstancesFactor | InstancesPossible
    if "instances" not in app:
        fact = InstancesFactor(1, False, "processes", "pm2", name, "no instances key: 1")
    else:
        count, at_least = _instances(app["instances"])
        text = clean(f"instances: {app['instances']}", 80)
        if count is None:
            fact = InstancesPossible("", "pm2", name, text)
        else:
            fact = InstancesFactor(count, at_least, "processes", "pm2", name, text)
    yield Evidence(fact, Basis.DECLARED, "pm2", Location(path, line), service=name)


def _foreign(app: Table, script: str, words: str) -> str:
    """The command of an app that is no script for Node, so that its own options say how often it runs: `venv/bin/uvicorn --workers 3`, `python -m …`, `./start.sh`; else ""."""
    runs = str(app.get("interpreter") or app.get("exec_interpreter") or "none")
    if base(runs) in _NODES or script.endswith(SCRIPTS) and runs == "none":
        return ""
    before = "" if runs == "none" else f"{runs} {app.get('interpreter_args') or app.get('node_args') or ''}"
    command = " ".join(f"{before} {script} {words}".split())
    return command if any(each.server and each.server not in _NODES for each in read_command(command)) else ""


def _instances(value: Any) -> tuple[int | None, bool]:
    """A word that is no number is parsed to 0 by PM2, which is the CPU count; a computed one that we cannot read is unknown."""
    if isinstance(value, Computed):
        return (value.many, value.at_least) if value.many is None or value.many > 0 else (2, True)
    found = number(value)
    if found.many is None:
        return (None, False) if "$" in str(value) or "{{" in str(value) else (2, True)
    return (found.many, found.at_least) if found.many > 0 else (2, True)


PROBE = Pm2()
