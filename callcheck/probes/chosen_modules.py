"""Are all modules with handlers among those that a variable tells the program to load?

    for (const type of process.env.JOB_TYPES.split(",")) require(`../jobs/${type}`)(agenda);
    environment: {JOB_TYPES: "statements,lease-expiry"}      # jobs/rent-reminders.js is there, and what it handles is asked for
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ReceiverMissing
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Entry,
    Function,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Param,
    Template,
    last_name,
)
from callcheck.sources.environment import OPEN, Setting, settings

_LOADS = ("require", "import", "import_module")
_EACH = frozenset({"forEach", "map", "flatMap"})
_TRIMS = frozenset({"trim", "strip"})
_NAMED = frozenset({"name", "type", "event", "queue", "topic", "job", "task", "key", "kind"})
"""Keys under which a table that a module gives has the name of what it handles."""
_BETWEEN = pattern(r"[,;\s]+")
_SUFFIX = pattern(r"(?:/index|/__init__)?\.(?:[cm]?[jt]s|py)$")
_ALL = frozenset({"*", "all", "ALL"})
_DEEPEST = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """Where modules are loaded by the names in a variable: the call, the variable, and what a path has before and behind such a name."""

    call: Call
    variable: str
    before: str
    behind: str
    otherwise: frozenset[str]
    """The names that stand in for the variable where it is not set."""


class ChosenModules:
    """Silent where a unit may be given a list that is not written out, and for modules whose names nothing else in the project asks for."""

    name = "chosen-modules"
    looks_at = Sight.SOURCE
    marks = ("process.env", "environ", "getenv")
    signs = (Sign(pattern=r"\b(?:require|import|import_module)\(\s*(?:f?[\"'`][^\"'`\n]{0,200}[{$]|[\"'`][^\"'`\n]{1,200}[\"'`]\s*\+)"),)
    answers = frozenset({ReceiverMissing})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        choices = list(_choices(eyes.code))
        given = list(settings(eyes)) if choices else []
        for choice in choices:
            lists = [each for each in given if each.name == choice.variable]
            open_units = {each.unit for each in given if each.name == OPEN} - {each.unit for each in lists}
            if lists and not open_units and all(each.value and "$" not in each.value for each in lists):
                yield from self._left_out(eyes.code, choice, lists)

    def _left_out(self, code: Code, choice: _Choice, lists: list[Setting]) -> Iterator[Evidence]:
        listed = choice.otherwise | {name for each in lists for name in _BETWEEN.split(each.value.strip()) if name}
        there = dict(_modules(code, choice))
        if listed & _ALL or not listed & set(there):
            return
        for name, path in there.items():
            module = code.project.module(path) if name not in listed and not code.project.importers(path) and not _required(code, path) else None
            asked = next(_asked(code, module), None) if module is not None else None
            if asked is None:
                continue
            handled, call = asked
            fact = ReceiverMissing(clean(path, 80), "not-chosen", "", module_of(handled).language)
            shown = Evidence(fact, Basis.DECLARED, self.name, lists[0].where, label=f"{clean(choice.variable, 40)} does not name {clean(name, 40)}")
            loads = seen(fact, choice.call, self.name, label="modules are loaded by the names in that variable")
            yield seen(fact, handled, self.name, (shown, loads, seen(fact, call, self.name, label="here it is asked for")))


def _choices(code: Code) -> Iterator[_Choice]:
    for call in code.project.calls(*_LOADS):
        module, given = module_of(call), next(iter(call.args), None)
        parts = given.parts if isinstance(given, Template) else given.operands if isinstance(given, Operation) and given.operator == "+" else []
        names = [part for part in parts if isinstance(part, Node) and not isinstance(part, Literal)]
        if len(names) != 1 or is_test(module.path) or not (over := _looped(code, names[0])) or not (taken := _taken_apart(code, over, 0)):
            continue
        variable, list_of = taken
        texts = [None if part is names[0] else part if isinstance(part, str) else str(part.value) if isinstance(part, Literal) else "" for part in parts]
        at = texts.index(None)
        before, behind = "".join(each or "" for each in texts[:at]), "".join(each or "" for each in texts[at + 1 :])
        written = (each.value for each in list_of.walk() if isinstance(each, Literal) and isinstance(each.value, str))
        yield _Choice(call, variable, *_place(module, before, behind), frozenset(name for text in written for name in _BETWEEN.split(text) if name))


def _place(module: Module, before: str, behind: str) -> tuple[str, str]:
    """The same as a path of the project; a Python module's dots are its slashes."""
    if module.language == "python":
        return before.lstrip(".").replace(".", "/"), behind.replace(".", "/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(module.path), f"{before}_"))[:-1], re.sub(r"(?:/index)?\.\w+$", "", behind)


def _looped(code: Code, node: Node) -> Node | None:
    """What a name goes through: of a loop, or of the function that `forEach` calls for each; also where it is trimmed."""
    if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name in _TRIMS:
        node = node.callee.object
    binding = code.origins.binding_of(node) if isinstance(node, Name) else None
    if isinstance(binding, Loop):
        return binding.over
    call = binding.parent.parent if isinstance(binding, Param) and isinstance(binding.parent, Function) and binding.parent.params[0] is binding else None
    return call.callee.object if isinstance(call, Call) and isinstance(call.callee, Member) and call.callee.name in _EACH else None


def _taken_apart(code: Code, node: Node, depth: int) -> tuple[str, Node] | None:
    """The one variable whose value an expression takes apart, with the expression that does so."""
    found = {name for each in node.walk() if (name := code.variables.places.get(id(each)))}
    if len(found) == 1 and any(isinstance(each, Call) and last_name(each.callee) == "split" for each in node.walk()):
        return found.pop(), node
    kept = [bound.value for each in node.walk() if isinstance(each, Name) and isinstance(bound := code.origins.binding_of(each), Assign) and bound.value is not None]
    kept += [held for each in (node,) if isinstance(each, (Name, Member)) and (held := code.origins.of(each).node) is not None]
    return next((taken for each in kept if each is not node and (taken := _taken_apart(code, each, depth + 1))), None) if depth < _DEEPEST else None


def _modules(code: Code, choice: _Choice) -> Iterator[tuple[str, str]]:
    """The modules that a name would load, with that name."""
    for path in code.project.sources:
        stem = _SUFFIX.sub("", path)
        at = stem.find(choice.before) if module_of(choice.call).language == "python" else 0
        name = stem[at + len(choice.before) :].removesuffix(choice.behind)
        if at >= 0 and (at == 0 or stem[at - 1] == "/") and stem.startswith(choice.before, at) and stem.endswith(choice.behind) and name and "/" not in name and not is_test(path):
            yield name, path


def _required(code: Code, path: str) -> bool:
    """Whether a module is loaded by its own name, by a call that keeps nothing of it: `require("./topics/lost")(bus)`."""
    named = ((call, call.args[0].value) for call in code.project.calls(*_LOADS) if call.args and isinstance(call.args[0], Literal))
    return any(isinstance(text, str) and (found := code.project.find(module_of(call), text)) is not None and found.path == path for call, text in named)


def _asked(code: Code, module: Module) -> Iterator[tuple[Node, Call]]:
    """What a module alone handles, by a name that another one asks for in a call, with that call."""
    for node, name in _handled(module):
        others = [each for each in code.project.naming(*re.findall(r"\w+", name)[:1]) if each is not module and not is_test(each.path) and name in each.text]
        if not any(theirs == name for other in others for _, theirs in _handled(other)):
            yield from ((node, call) for other in others for call in other.all(Call) if any(isinstance(arg, Literal) and arg.value == name for arg in call.args))


def _handled(module: Module) -> Iterator[tuple[Node, str]]:
    """`agenda.define("rent reminder", async (job) => …)`, `export default { name: "rent reminder", run() {…} }`, `@app.task(name="rent.remind")`."""
    for call in module.all(Call):
        decorates = isinstance(call.parent, Function) and call in call.parent.decorators
        told = [*call.args[:1], *(each.value for each in call.keywords if each.name in _NAMED)] if decorates or any(isinstance(arg, Function) for arg in call.args[1:]) else []
        yield from ((call, each.value) for each in told if isinstance(each, Literal) and isinstance(each.value, str) and len(each.value) > 2)
    for entry in module.all(Entry):
        beside = entry.parent.entries if isinstance(entry.parent, Object) else []
        if entry.key in _NAMED and isinstance(entry.value, Literal) and isinstance(entry.value.value, str) and any(isinstance(each.value, Function) for each in beside):
            yield entry, entry.value.value


PROBE = ChosenModules()
