"""Which applications does one settings module of Django install, with what it takes from others?

    from .base import *
    INSTALLED_APPS = ["django.contrib.contenttypes", "sales"]                      all others are gone
    INSTALLED_APPS += ["tills"]                                                    INSTALLED_APPS.remove("loyalty")
    INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in ("loyalty",)]    INSTALLED_APPS = CORE + LOCAL
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Import,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Opaque,
    Operation,
    Sequence,
    Spread,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_NAME = "INSTALLED_APPS"
_LEAVES_OUT = pattern(r"\bnot\s+in\b|!=")
_CONFIG = pattern(r"(?:\.apps)?\.[A-Z]\w*$")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Installed:
    """What a module installs, and the statement that says so last."""

    apps: tuple[str, ...]
    place: Node

    def has(self, package: str) -> bool:
        """Whether an application is among them, by its package or by its configuration in there."""
        listed = {_CONFIG.sub("", each) for each in self.apps}
        return any(each == package or package.endswith(f".{each}") for each in listed)


def installed_by(code: Code, path: str, depth: int = 0) -> Installed | None:
    """What a settings module installs; None if it computes that, or says nothing."""
    module = code.project.module(path) if depth < _DEEPEST else None
    found: Installed | None = None
    for statement in module.body if module is not None else ():
        if isinstance(statement, Import):
            there = code.project.find(module, statement.module) if module is not None else None
            names = {each.imported for each in statement.names}
            if there is not None and names & {"*", _NAME}:
                found = installed_by(code, there.path, depth + 1) or found
            continue
        changed = _changed(code, statement, found)
        if changed is not None:
            if None in changed:
                return None
            found = Installed(tuple(each for each in changed if each is not None), statement)
    return found


def _changed(code: Code, statement: Node, before: Installed | None) -> list[str | None] | None:
    """What is installed after a statement, with None for what is computed; None itself if the statement is about something else."""
    held: list[str | None] = list(before.apps) if before is not None else []
    if isinstance(statement, Assign) and statement.value is not None and any(isinstance(each, Name) and each.id == _NAME for each in statement.targets):
        told = _listed(code, statement.value, held, 0)
        return [*held, *told] if statement.operator == "+=" or (statement.operator and not told) else told
    if isinstance(statement, Call) and isinstance(statement.callee, Member) and isinstance(statement.callee.object, Name) and statement.callee.object.id == _NAME and statement.args:
        told = _listed(code, statement.args[-1], held, 0) if statement.callee.name == "extend" else [_text(statement.args[-1])]
        return [each for each in held if each not in told] if statement.callee.name == "remove" else [*held, *told]
    if any(isinstance(each, Name) and each.id == _NAME for each in statement.walk()):
        return [None]  # in a branch or a loop
    return None


def _listed(code: Code, node: Node, before: list[str | None], depth: int) -> list[str | None]:
    """The texts of a list, wherever its parts are written; None for a part that is not known."""
    if isinstance(node, Sequence):
        return [text for item in node.items for text in (_listed(code, item.value, before, depth + 1) if isinstance(item, Spread) else [_text(item)])]
    if isinstance(node, Operation) and node.operator == "+":
        return [text for part in node.operands for text in _listed(code, part, before, depth + 1)]
    if isinstance(node, Call) and last_name(node.callee) in ("list", "tuple") and len(node.args) == 1:
        return _listed(code, node.args[0], before, depth + 1)
    if isinstance(node, Opaque) and any(isinstance(each, Name) and each.id == _NAME for each in node.walk()):
        # A comprehension leaves out the applications that it names.
        text = "\n".join(module_of(node).lines[node.line - 1 : node.end_line])
        named = {_text(each) for each in node.walk() if isinstance(each, Literal)}
        return [each for each in before if each not in named] if _LEAVES_OUT.search(text) and named else [None]
    if isinstance(node, Name) and node.id == _NAME:
        return before
    if isinstance(node, (Name, Member)) and depth < _DEEPEST:
        held = code.origins.of(node).node
        if isinstance(held, Module):
            return [None]
        if isinstance(node, Member) and node.name == _NAME and isinstance(there := code.origins.of(node.object).node, Module):
            taken = installed_by(code, there.path, depth + 1)
            return list(taken.apps) if taken is not None else [None]
        return _listed(code, held, before, depth + 1) if held is not None and held is not node else [None]
    return [None]


def _text(node: Node) -> str | None:
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None
