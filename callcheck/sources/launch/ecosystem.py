"""Which apps does a configuration file of PM2 hold, as plain values?

    module.exports = { apps: [{ name: "api", script: "dist/server.js", instances: "max", env: { ROLE: "api" } }] }

JavaScript is read and never run: constants, spreads, templates, a `map` over a list and the file's own functions are followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Rows, Table
from callcheck.sources.files import File
from callcheck.sources.launch.find import commands, scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

CONFIGURATIONS = (
    "ecosystem*.js", "ecosystem*.cjs", "ecosystem*.mjs", "ecosystem*.json", "ecosystem*.yml", "ecosystem*.yaml",
    "*pm2*.js", "*pm2*.cjs", "*pm2*.mjs", "*pm2*.json", "*pm2*.yml", "*pm2*.yaml", "processes.json", "processes.yml", "process.json", "process.yml", "process.yaml",
)
_MOST_NODES = 20_000
"""Nodes of a configuration that are evaluated; spreads of spreads could ask for any number."""
STARTS = pattern(r"\bpm2(?:-runtime)? (?:start|restart|reload|startOrReload|startOrRestart)\b")
_ENV = pattern(r"--env[= ]([\w-]{1,40})")
SCRIPTS = (".js", ".cjs", ".mjs")


def apps(eyes: Eyes, file: File) -> list[Table]:
    """The apps of a configuration file. Raises SourceError."""
    return _apps(_from_script(eyes, file) if file.suffix in SCRIPTS else eyes.document(file))


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


def name_of(app: Table) -> str:
    """An app's name, or that of its script."""
    return str(app.get("name") or str(app.get("script") or app.get("cmd") or "").rsplit("/", 1)[-1].rsplit(".", 1)[0])


def args_of(app: Table) -> str:
    """An app's arguments as one text."""
    args = app.get("args")
    return " ".join(str(word) for word in args) if isinstance(args, list) else str(args or "")


def env_of(app: Table, stages: Sequence[str]) -> dict[str, tuple[Any, int]]:
    """What an app is given, each with its line; `pm2 start --env production` lays `env_production` over `env`."""
    held = [app[key] for key in ("env", *(f"env_{stage}" for stage in stages)) if isinstance(app.get(key), Table)]
    return {str(name): (value, table.lines[name]) for table in held for name, value in table.items()}


def stages(eyes: Eyes) -> tuple[str, ...]:
    """The environments that the project's commands ask for; where no command is to be seen, those for production."""
    asked = [command for file, text in scripts(eyes, "pm2") for _, command in commands(file, text) if STARTS.search(command)]
    return tuple(dict.fromkeys(found for command in asked for found in _ENV.findall(command))) if asked else ("production", "prod")


class Computed(str):
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
    names = {**{each.name: each for each in module.all(tree.Function) if each.name and isinstance(each.parent, tree.Module)}, **assigned(module)}
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
        return "".join(str(part.many) if isinstance(part, Computed) and part.many is not None else "$UNKNOWN" if isinstance(part, Computed) else str(part) for part in parts)
    if isinstance(node, tree.Spread):
        return _plain(node.value, names, lines, depth + 1, left)
    if (
        isinstance(node, tree.Call)
        and node.args
        and tree.dotted(node.callee).endswith(("defineConfig", "Object.freeze"))
    ):
        return _plain(node.args[0], names, lines, depth + 1, left)
    if isinstance(node, tree.Call) and isinstance(node.callee, tree.Member) and node.callee.name == "map" and node.args and isinstance(node.args[0], tree.Function):
        return _each(node.callee.object, node.args[0], names, lines, depth, left)
    if isinstance(node, tree.Call) and tree.dotted(node.callee).startswith("path.") and node.args:
        return _plain(node.args[-1], names, lines, depth + 1, left)
    made = names.get(node.callee.id) if isinstance(node, tree.Call) and isinstance(node.callee, tree.Name) else None
    if isinstance(node, tree.Call) and isinstance(made, tree.Function):
        return _called(made, node, names, lines, depth, left)
    written = lines[node.line - 1][max(0, node.column - 1) :].strip() if 0 < node.line <= len(lines) else ""
    found = quantity(node, {}, names)
    value = Computed(written.rstrip(",}] ") or "computed")
    value.many, value.at_least = found.many, found.at_least
    return value


def _called(function: Any, call: Any, names: Any, lines: list[str], depth: int, left: list[int]) -> Any:
    """`const app = (name, extra = {}) => ({ name, ...extra })` for one of its calls."""
    from callcheck.sources.code import tree
    from callcheck.sources.code.filled import given_by

    given = next((node.value for node in function.body if isinstance(node, tree.Return)), None)
    filled = {param.name: names.get(value.id, value) if isinstance(value, tree.Name) else value for param, value in given_by(function, call) if isinstance(value, tree.Node)}
    return _plain(given, {**names, **filled}, lines, depth + 1, left)


def _each(over: Any, function: Any, names: Any, lines: list[str], depth: int, left: list[int]) -> Any:
    """`["mail", "sms"].map((name) => ({ name, script: `${name}.js` }))`."""
    from callcheck.sources.code import tree

    held = names.get(over.id) if isinstance(over, tree.Name) else over
    given = next((node.value for node in function.body if isinstance(node, tree.Return)), None)
    if not isinstance(held, tree.Sequence) or given is None or not function.params:
        return None
    rows = Rows(over.line)
    for item in held.items:
        rows.put(_plain(given, {**names, function.params[0].name: item}, lines, depth + 1, left), item.line)
    return rows
