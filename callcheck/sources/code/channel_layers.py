"""Which channel layers do the Django settings in force name, of all that the project's settings files hold?

    settings/base.py          CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings/production.py    from .base import *; CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", ...}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.environ import set_to
from callcheck.sources.code.given import given
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Conditional,
    If,
    Import,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Subscript,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_NAME = "CHANNEL_LAYERS"
_MODULE = "DJANGO_SETTINGS_MODULE"
_LAYER = pattern(r"(?i)channel.*Layer")
_AT_HOME = pattern(r"(?:^|[/_.])(?:dev|devel|development|local|tests?|testing|ci)(?:[/_.]|$)")
_FOR_WANT = pattern(r"^\$\{\w+:?-([^{}]*)\}?$")
_OFF = frozenset({"", "0", "false", "False", "no", "off"})
_CARRY = frozenset({"dict", "getenv", "get", "str", "env", "config"})
"""Functions that give back what they are given, or a default among it."""
_DEEPEST = 5


def layers(code: Code) -> Iterator[tuple[Node, str]]:
    """The dotted name of each layer's class that may be in force, and the place that says so."""
    modules = {module.path: rows for module in code.project.naming(_NAME) if module.language == "python" and (rows := list(_rows(code, module)))}
    for path in _in_force(code, modules):
        yield from modules[path]


def _rows(code: Code, module: Module) -> Iterator[tuple[Node, str]]:
    for assign in module.all(Assign):
        if assign.value is not None and any(_is_setting(target) for target in assign.targets) and _runs(code, assign):
            yield from _backends(code, assign.value)


def _is_setting(target: Node) -> bool:
    while isinstance(target, (Member, Subscript)):
        target = target.object
    return isinstance(target, Name) and target.id == _NAME


def _backends(code: Code, node: Node, depth: int = 0) -> Iterator[tuple[Node, str]]:
    """The classes of layers that a value names, wherever its parts are written; a variable counts as what the deployment sets it to."""
    if isinstance(node, Literal):
        if isinstance(node.value, str) and _LAYER.search(node.value):
            yield node, node.value
    elif isinstance(node, Conditional):
        held = _holds(code, node.test)
        for part, wanted in ((node.then, True), (node.orelse, False)):
            if held is None or held is wanted:
                yield from _backends(code, part, depth + 1)
    elif isinstance(node, Object):
        for entry in node.entries:
            yield from _backends(code, entry.value, depth + 1)
    elif (table := _table_of(code, node)) is not None:
        held_key = node.key if isinstance(node, Subscript) else node.args[0] if isinstance(node, Call) else node
        keys = {_for_want(key) for key in given(code, [held_key])}
        for entry in table.entries if depth < _DEEPEST else ():
            if entry.key in keys:
                yield from _backends(code, entry.value, depth + 1)
    elif isinstance(node, Call):
        told = [text for text in given(code, [node]) if _LAYER.search(text)]
        yield from ((node, text) for text in told)
        parts = [*node.args, *(keyword.value for keyword in node.keywords)] if not told and last_name(node.callee) in _CARRY else ()
        for each in parts:
            yield from _backends(code, each, depth + 1)
        made = code.origins.of(node)
        if not told and made.kind == "value" and made.node is not None and depth < _DEEPEST:
            # What a function of the settings puts together.
            yield from _backends(code, made.node, depth + 1)
    elif isinstance(node, Operation):
        for each in node.operands:
            yield from _backends(code, each, depth + 1)
    elif told := [text for text in given(code, [node]) if _LAYER.search(text)]:
        # `env("CHANNEL_BACKEND", "...")` under a name of its own, by the project's function or the library's.
        yield from ((node, text) for text in told)
    elif depth < _DEEPEST:
        held_in = code.origins.of(node)
        below = held_in.node if held_in.kind in ("value", "made") and held_in.node is not node else None
        if below is not None:
            yield from _backends(code, below, depth + 1)


def _table_of(code: Code, node: Node) -> Object | None:
    """The table out of which a computed key takes its part: `LAYERS[os.environ.get("LAYER", "memory")]`, `LAYERS.get(kind)`."""
    if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "get" and node.args:
        table = code.origins.of(node.callee.object).node
    else:
        table = code.origins.of(node.object).node if isinstance(node, Subscript) else None
    return table if isinstance(table, Object) else None


def _for_want(key: str) -> str:
    """What Compose and shells put for a variable that nobody sets: redis of `${LAYER:-redis}`."""
    found = _FOR_WANT.match(key)
    return found[1] if found else key


def _runs(code: Code, assign: Assign) -> bool:
    """Whether an assignment stands in no branch that the deployment does not take."""
    below: Node = assign
    for above in assign.up():
        if isinstance(above, If):
            held = _holds(code, above.test)
            if held is not None and held is not any(below is each for each in above.then):
                return False
        below = above
    return True


def _holds(code: Code, test: Node) -> bool | None:
    """Whether a test of the settings holds where the app is deployed: DEBUG is off there, a variable is as its files say."""
    if isinstance(test, Operation) and test.operator in ("not", "!") and len(test.operands) == 1:
        held = _holds(code, test.operands[0])
        return None if held is None else not held
    if isinstance(test, Name) and test.id == "DEBUG":
        return False
    literals = [test, *(each.value for each in module_of(test).all(Assign) if each.value is not None and any(isinstance(t, Name) and isinstance(test, Name) and t.id == test.id for t in each.targets))]
    names = [str(each.value) for node in literals for each in node.inside(Literal) if isinstance(each.value, str) and each.value.isupper() and len(each.value) > 2]
    values = [value for name in names for value in set_to(code.project, name)]
    return any(value not in _OFF for value in values) if values and not (isinstance(test, Operation) and test.operator in ("==", "!=")) else None


def _in_force(code: Code, modules: dict[str, list[tuple[Node, str]]]) -> list[str]:
    """The settings files whose layers count: of the modules that the deployment names, else all but those that another one takes over and replaces."""
    if len(modules) < 2:
        return list(modules)
    named = list(set_to(code.project, _MODULE)) or [
        code.idioms.text(call.args[1])
        for call in code.project.calls("setdefault")
        if len(call.args) == 2 and code.idioms.text(call.args[0]) == _MODULE and not module_of(call).path.endswith("manage.py")
    ]
    roots = [found for name in dict.fromkeys(named) if (path := code.reach.entry(name)) and (found := _first(code, path, modules))]
    if roots:
        return list(dict.fromkeys(roots))
    replaced = {found for path in modules for found in _taken(code, path, modules)}
    left = [path for path in modules if path not in replaced]
    return [path for path in left if not _AT_HOME.search(path.rpartition("/")[2])] or left


def _first(code: Code, path: str, modules: dict[str, list[tuple[Node, str]]], depth: int = 0) -> str:
    """The settings file that says it last for a module, itself or one that it takes everything from; "" if none does."""
    if path in modules or depth > _DEEPEST:
        return path if path in modules else ""
    return next((found for each in reversed(_starred(code, path)) if (found := _first(code, each, modules, depth + 1))), "")


def _taken(code: Code, path: str, modules: dict[str, list[tuple[Node, str]]]) -> Iterator[str]:
    for each in _starred(code, path):
        if found := _first(code, each, modules):
            yield found


def _starred(code: Code, path: str) -> list[str]:
    """The project's files that a module takes every name from."""
    module = code.project.module(path)
    statements = (each for each in module.all(Import) if any(name.imported == "*" for name in each.names)) if module is not None else ()
    return [found.path for each in statements if module is not None and (found := code.project.find(module, each.module)) is not None]
