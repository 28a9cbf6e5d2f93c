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
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Rows, Table
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, aside, number, role_of_name, state
from callcheck.sources.launch.command import base, read_command

_GLOBS = ("ecosystem*.js", "ecosystem*.cjs", "ecosystem*.mjs", "ecosystem*.json", "ecosystem*.yml", "ecosystem*.yaml")
_MORE = (
    "*pm2*.config.js",
    "pm2.config.cjs",
    "pm2.config.mjs",
    "pm2*.json",
    "pm2*.yml",
    "pm2*.yaml",
    "processes.json",
    "process.json",
    "process.yml",
)
_MOST_NODES = 20_000
"""Nodes of a configuration that are evaluated; spreads of spreads could ask for any number."""
_SCRIPTS = (".js", ".cjs", ".mjs")
_NODES = frozenset({"node", "nodejs", "ts-node", "tsx", "bun", "deno", "babel-node"})


class Pm2:
    """Configuration files of PM2; commands are read where they stand."""

    name = "pm2"
    looks_at = (*_GLOBS, *_MORE)
    answers: frozenset[type[Fact]] = frozenset({ServiceRun, InstancesFactor, InstancesPossible})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no PM2 configuration"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                document = _from_script(eyes, file) if file.suffix in _SCRIPTS else eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for app in _apps(document):
                yield from _app(eyes, app, file)


def _files(eyes: Eyes) -> list[File]:
    return [file for file in eyes.tree.named(*Pm2.looks_at) if not aside(eyes, file)]


def _apps(document: Any) -> list[Table]:
    found = document.get("apps") if isinstance(document, Table) else document
    if isinstance(found, Table):
        found = [found]
    if not isinstance(found, list):
        return []
    return [
        app
        for app in found
        if isinstance(app, Table) and ("script" in app or "exec_interpreter" in app or "cmd" in app)
    ]


def _app(eyes: Eyes, app: Table, file: File) -> Iterator[Evidence | Lost]:
    script = str(app.get("script") or app.get("cmd") or "")
    name = clean(str(app.get("name") or script.rsplit("/", 1)[-1].rsplit(".", 1)[0]), 80)
    args = app.get("args")
    words = " ".join(str(word) for word in args) if isinstance(args, list) else str(args or "")
    role = role_of_name(name, script)
    path = clean(file.name)
    if command := _foreign(app, script, words):
        env = {key: str(value) for key, value in app["env"].items() if value is not None} if isinstance(app.get("env"), Table) else {}
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
    if base(runs) in _NODES or script.endswith(_SCRIPTS) and runs == "none":
        return ""
    before = "" if runs == "none" else f"{runs} {app.get('interpreter_args') or app.get('node_args') or ''}"
    command = " ".join(f"{before} {script} {words}".split())
    return command if any(each.server and each.server not in _NODES for each in read_command(command)) else ""


def _instances(value: Any) -> tuple[int | None, bool]:
    """A word that is no number is parsed to 0 by PM2, which is the CPU count; a computed one that we cannot read is unknown."""
    if isinstance(value, _Computed):
        return (value.many, value.at_least) if value.many is None or value.many > 0 else (2, True)
    found = number(value)
    if found.many is None:
        return (None, False) if "$" in str(value) or "{{" in str(value) else (2, True)
    return (found.many, found.at_least) if found.many > 0 else (2, True)


class _Computed(str):
    """An expression as written, and what it comes to."""

    __slots__ = ("at_least", "many")

    many: int | None
    at_least: bool


def _from_script(eyes: Eyes, file: File) -> Any:
    """The object that a JavaScript configuration exports, read and never run. Raises SourceError."""
    from callcheck.sources.code import languages, tree
    from callcheck.sources.launch.quantity import assigned

    text = eyes.text(file)
    module = languages.read(text, file.name)
    names = assigned(module)
    lines = text.splitlines()
    exported: tree.Node | None = None
    for node in module.all(tree.Export):
        for key, value in node.names.items():
            if key in ("default", "apps", "*"):
                exported = value if isinstance(value, tree.Node) else names.get(str(value), exported)
                if key == "apps" and exported is not None:
                    exported = tree.Object([tree.Entry("apps", exported, line=node.line)], line=node.line)
    return _plain(exported, names, lines, 0, [_MOST_NODES])


def _plain(node: Any, names: Any, lines: list[str], depth: int, left: list[int]) -> Any:
    """The expression as plain values; `left` counts down the nodes that may still be visited."""
    from callcheck.sources.code import tree
    from callcheck.sources.launch.quantity import quantity

    left[0] -= 1
    if node is None or depth > 12 or left[0] < 0:
        return None
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, tree.Name) and node.id in names:
        return _plain(names[node.id], names, lines, depth + 1, left)
    if isinstance(node, tree.Object):
        table = Table(node.line)
        for entry in node.entries:
            if entry.key is not None:
                table.put(entry.key, _plain(entry.value, names, lines, depth + 1, left), entry.line)
            elif isinstance(inner := _plain(entry.value, names, lines, depth + 1, left), Table):
                for key, value in inner.items():
                    table.put(key, value, inner.lines[key])
        return table
    if isinstance(node, tree.Sequence):
        rows = Rows(node.line)
        for item in node.items:
            rows.put(_plain(item, names, lines, depth + 1, left), item.line)
        return rows
    if isinstance(node, tree.Template):
        parts = [part if isinstance(part, str) else _plain(part, names, lines, depth + 1, left) for part in node.parts]
        return "".join(str(part.many) if isinstance(part, _Computed) and part.many is not None else "$UNKNOWN" if isinstance(part, _Computed) else str(part) for part in parts)
    if isinstance(node, tree.Spread):
        return _plain(node.value, names, lines, depth + 1, left)
    if (
        isinstance(node, tree.Call)
        and node.args
        and tree.dotted(node.callee).endswith(("defineConfig", "Object.freeze"))
    ):
        return _plain(node.args[0], names, lines, depth + 1, left)
    if isinstance(node, tree.Call) and tree.dotted(node.callee).startswith("path.") and node.args:
        return _plain(node.args[-1], names, lines, depth + 1, left)
    written = lines[node.line - 1][max(0, node.column - 1) :].strip() if 0 < node.line <= len(lines) else ""
    found = quantity(node, {}, names)
    value = _Computed(written.rstrip(",}] ") or "computed")
    value.many, value.at_least = found.many, found.at_least
    return value


PROBE = Pm2()
