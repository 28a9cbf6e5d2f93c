"""Where does a value go that is kept under names, handed on in fields and given back by functions?

    const key = process.env.API_KEY;  const client = { key };  connect(client.key)        the value, `key` and `client.key`

A name at the top of a file is followed into the files that import it (`brought_in`).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code.brought_in import BroughtIn, members_read, names_read
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Function,
    Keyword,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Return,
    Template,
    last_name,
)  # fmt: skip

_PASSING = frozenset({"String", "str", "trim", "strip", "rstrip", "replace", "toString", "SecretStr", "Number", "join", "urljoin", "URL", "href"})
_ANSWERS = frozenset({"json", "send", "jsonify"})
_PLAIN = frozenset({"url", "path", "key", "id", "name", "value", "data", "type", "href", "link", "text", "body", "message", "title"})
"""Fields that anything may have: a text that was made with a value is not looked for under them."""
_SHORTEST = 3
"""Letters of a function's name that says nothing of what it gives."""
_DEEPEST = 3
"""Names that a value may be kept under, one after the other."""
_GIVEN, _FIELD, _BROUGHT_IN = "()", "", "from "
_Lead = tuple[str, str, int]
"""What a value is kept under: the path of the file for a local name, and for one at the top of the file also _BROUGHT_IN and the path; _FIELD, or
_GIVEN for a function that gives it back; the name; and the number of the node after which the file is looked through."""


class Carried:
    """The ways of values through one project: what is kept under one name goes the same ways from there, whatever it was before."""

    def __init__(self, origins: Origins) -> None:
        self.project = origins.project
        self._brought_in = BroughtIn(origins)
        self._uses: dict[_Lead, list[Node]] = {}
        self._further: dict[_Lead, list[_Lead]] = {}
        self._within: dict[tuple[_Lead, frozenset[str]], list[Node]] = {}

    def uses(self, node: Node, within: frozenset[str] | None = None) -> Iterator[Node]:
        """Where the value goes: itself, and the names and fields that it is kept under, the nearest first and each place once. In code
        whose names are a letter each, the same places would be come upon again by every way that leads to them.

        With the names of files, only the places there, by whatever way: a field called `url` alone may be read at many thousand others.
        """
        yield node
        seen = {id(node)}
        looked: dict[tuple[str, str], int] = {}
        leads = list(_leads(node))
        for _ in range(_DEEPEST):
            new: list[_Lead] = []
            for lead in leads:
                path, name, since = lead
                if looked.get((path, name), since + 1) > since:
                    looked[path, name] = since
                    new.append(lead)
            reached = {id(use): use for lead in new for use in (self._led_to(lead) if within is None else self._led_into(lead, within))}
            yield from (use for key, use in reached.items() if key not in seen)
            seen.update(reached)
            leads = [further for lead in new for further in self._leading(lead)]

    def _led_to(self, lead: _Lead) -> list[Node]:
        """Where what is kept, or given, under a name is used."""
        if lead not in self._uses:
            path, name, since = lead
            if path == _GIVEN:
                found: list[Node] = [call for module in self.project.naming(name) for call in module.calls(name)]
            elif path == _FIELD:
                found = [member for module in self.project.naming(name) for member in members_read(module).get(name, ())]
            elif path.startswith(_BROUGHT_IN):
                module = self.project.module(path.removeprefix(_BROUGHT_IN))
                found = list(self._brought_in.uses(module, name)) if module is not None else []
            else:
                module = self.project.module(path)
                found = [use for use in names_read(module).get(name, ()) if use.at > since] if module is not None else []
            self._uses[lead] = found
        return self._uses[lead]

    def _led_into(self, lead: _Lead, within: frozenset[str]) -> list[Node]:
        if (lead, within) not in self._within:
            self._within[lead, within] = [use for use in self._led_to(lead) if module_of(use).path in within]
        return self._within[lead, within]

    def _leading(self, lead: _Lead) -> list[_Lead]:
        """Where a value goes on from all that one lead comes to: two readings that are kept under one name go the same ways."""
        if lead not in self._further:
            self._further[lead] = list(dict.fromkeys(further for use in self._led_to(lead) for further in _leads(use)))
        return self._further[lead]


def _leads(node: Node) -> Iterator[_Lead]:
    """The names under which a value at one place is given back, and kept."""
    given = _giver(node)
    if given:
        yield _GIVEN, given, 0
    kept = _kept(node)
    if kept and (kept[1] or isinstance(node.parent, Node)):
        name, inside = kept
        yield (_FIELD, name, 0) if inside else (module_of(node).path, name, node.at)
        if not inside and enclosing(node, Function, ClassDef) is None:
            yield _BROUGHT_IN + module_of(node).path, name, 0


def carried(node: Node) -> Node:
    """The outermost expression that still is the value: past `??`, `!`, `str(…)`, `.trim()`, a text around it."""
    while True:
        parent = node.parent
        if isinstance(parent, (Operation, Template)) or isinstance(parent, Call) and node is not parent.callee and last_name(parent.callee) in _PASSING or isinstance(parent, Member) and parent.object is node and parent.name in _PASSING or isinstance(parent, Call) and node is parent.callee and isinstance(node, Member) and node.name in _PASSING:
            node = parent
        else:
            return node


def _kept(node: Node) -> tuple[str, bool] | None:
    """The name under which a value is kept, and whether it is a field or key (used as `x.name`)."""
    if isinstance(node, Assign):
        target = node.targets[0]
        return (target.id, True) if isinstance(target, Name) else None
    if isinstance(node, Entry):
        return (node.key, True) if node.key else None
    outer = carried(node)
    parent = outer.parent
    if isinstance(node, Name) and isinstance(parent, Entry) and isinstance(parent.parent, Object) and isinstance(parent.parent.parent, Assign):
        if parent.parent in parent.parent.parent.targets:
            return node.id, False
    if isinstance(parent, Assign) and outer is parent.value:
        target = parent.targets[0]
        if isinstance(target, Name):
            return target.id, isinstance(parent.parent, ClassDef)
        return (target.name, True) if isinstance(target, Member) else None
    if isinstance(parent, Entry) and parent.key and outer is parent.value:
        return None if _answered(parent) or outer is not node and parent.key in _PLAIN and function_of(parent) is not None else (parent.key, True)
    if isinstance(parent, Keyword) and outer is parent.value and parent.name:
        return parent.name, True
    if isinstance(parent, Param) and outer is parent.default and parent.name:
        return parent.name, parent.property  # `constructor(private base = process.env.BASE)`
    return None


def _answered(entry: Entry) -> bool:
    """Whether a field is one of an answer, which leaves the process: `response.status(402).json({ url: process.env.SITE + "/billing" })`."""
    call = entry.parent.parent if isinstance(entry.parent, Object) else None
    return isinstance(call, Call) and isinstance(call.callee, Member) and call.callee.name in _ANSWERS and entry.parent in call.args


def _giver(node: Node) -> str:
    """The name of a function that gives the value back, without parameters (`claudeKey: () => need("ANTHROPIC_API_KEY")`), or as a part of a text
    (`address = (path) => BASE + path`); "" for a plain word."""
    outer = carried(node)
    function = function_of(outer) if isinstance(outer.parent, Return) else None
    if function is None or outer is node and any(param.name not in ("self", "cls") for param in function.params):
        return ""
    holder = function.parent
    name = function.name or (holder.key or "" if isinstance(holder, Entry) else last_name(holder.targets[0]) if isinstance(holder, Assign) else "")
    return name if len(name) > _SHORTEST and name not in ("default", "value", "handler") else ""
