"""At which of a function's own lines does something happen that stands further down in what it calls or imports?

    def main():
        scanner.scan()             the emissions inside scan() happen here
        scanner.on("page", add)
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from operator import attrgetter

from callcheck.sources.code.idioms import Idioms, Use
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import CTORS, Scope, function_of, is_main_guard, module_of
from callcheck.sources.code.tree import (
    Await,
    Call,
    ClassDef,
    Function,
    If,
    Import,
    Literal,
    Loop,
    Module,
    Name,
    Node,
    Sequence,
    Try,
    last_name,
)

DEEPEST = 4
FOLLOWED = frozenset({"register", "hook", "subscribe", "serve", "attach", "start", "emit"})
"""What uses do that are looked for here, besides those that block."""
RUNS_LOOP = frozenset({"run", "run_until_complete"})
"""Calls of asyncio that run a loop until the coroutine that they are given has ended."""
_PASSES_ON = frozenset({"gather", "shield", "create_task", "ensure_future", "all"})
"""Calls whose own result waits for what they are given: `asyncio.gather(…)`, `Promise.all([…])`."""
_place = attrgetter("at")


class Anchors:
    """Follows plain calls of the project's functions, and imports that stand inside functions."""

    def __init__(self, origins: Origins, idioms: Idioms) -> None:
        self.origins = origins
        self.idioms = idioms
        self.project = origins.project
        self._under: dict[int, list[tuple[Use, Node]]] = {}
        self._at_top: dict[str, list[Use]] = {}
        self._in: dict[int, list[Use]] = {}
        self._calls: dict[int, list[Function]] = {}
        self._steps: dict[str, dict[int, list[Node]]] = {}
        self._uses = [use for use in idioms.uses if use.idiom.does in FOLLOWED or blocks(use)]
        for use in self._uses:
            function = use.function
            if function is None:
                self._at_top.setdefault(use.module.path, []).append(use)
            else:
                self._in.setdefault(id(function), []).append(use)

    def uses_in(self, scope: Scope) -> list[tuple[Use, Node]]:
        """Every use that happens while a function (or the top of a module) runs, with the node of its own at which it happens."""
        if id(scope) not in self._under:
            self._under[id(scope)] = []
            self._under[id(scope)] = list(self._collect(scope))
        return self._under[id(scope)]

    def _collect(self, scope: Scope) -> Iterator[tuple[Use, Node]]:
        own = self._in.get(id(scope), []) if isinstance(scope, Function) else self._at_top.get(module_of(scope).path, [])
        for use in own:
            yield use, use.call
        for node in self._steps_of(scope):
            if isinstance(node, Call):
                for function in self.called(node):
                    yield from ((use, node) for use in self._deep(function, 1))
            if self._loads(node, scope):
                for module in self.brought(node):
                    yield from ((use, node) for use in self._at_top.get(module.path, []))

    def _steps_of(self, scope: Scope) -> list[Node]:
        """The calls and imports of a scope itself, in order: of a whole module at once, since most scopes of a big tree have nothing else to tell."""
        module = module_of(scope)
        if module.path not in self._steps:
            found = self._steps[module.path] = dict[int, list[Node]]()
            for node in sorted((*module.all(Call), *module.all(Import)), key=_place):
                if (own := _scope_of(node)) is not None:
                    found.setdefault(id(own), []).append(node)
        return self._steps[module.path].get(id(scope), [])

    def _loads(self, node: Node, scope: Scope) -> bool:
        """Whether a module is loaded when a node's turn comes; JavaScript's `import` statements are done before the first line."""
        if isinstance(node, Import):
            return isinstance(scope, Function) or "require" in module_of(node).line_of(node)
        return isinstance(node, Call) and isinstance(node.callee, Name) and node.callee.id in ("import", "require") and len(node.args) == 1

    def _deep(self, function: Function, depth: int, path: tuple[int, ...] = ()) -> Iterator[Use]:
        if depth > DEEPEST or id(function) in path:
            return
        yield from self._in.get(id(function), [])
        for inner in self._called_in(function):
            yield from self._deep(inner, depth + 1, (*path, id(function)))

    def _called_in(self, function: Function) -> list[Function]:
        """The functions that a function calls, of those that lead to a use."""
        if id(function) not in self._calls:
            calls = (node for node in self._steps_of(function) if isinstance(node, Call))
            self._calls[id(function)] = [inner for call in calls for inner in self.called(call)]
        return self._calls[id(function)]

    @functools.cached_property
    def _leading(self) -> set[str]:
        """The names under which functions are called that lead to a use, directly or through others."""
        names: set[str] = set()
        seen: set[int] = set()
        level = [use.function for use in self._uses if use.function is not None]
        for _ in range(DEEPEST + 1):
            new: set[str] = set()
            for function in level:
                if id(function) not in seen:
                    seen.add(id(function))
                    made = function.parent if isinstance(function.parent, ClassDef) and function.name in CTORS else function
                    new.update(self.origins.callers.names(made))
            new -= names
            names |= new
            calls = (call for module in self.project.chosen.values() for name in new & module.named_calls.keys() for call in module.named_calls[name])
            level = [above for call in calls if (above := function_of(call)) is not None]
        return names

    def called(self, call: Call) -> list[Function]:
        """The project's functions that a call runs: the function itself, or a class's constructor."""
        if last_name(call.callee) not in self._leading:
            return []
        origin = self.origins.of(call.callee)
        if origin.kind == "function" and isinstance(origin.node, Function) and not origin.node.is_generator:
            return [origin.node]
        if origin.kind == "class" and origin.cls is not None:
            return [n for n in origin.cls.body if isinstance(n, Function) and n.name in CTORS]
        return []

    def brought(self, statement: Node) -> list[Module]:
        """The modules with uses of their own that an import loads where it stands, if no other import of the project does."""
        here = module_of(statement)
        paths = dict.fromkeys(self.project.paths.find(here.path, name) for name in _named(statement))
        # Who else loads it is in other files: asked only of what matters.
        found = [self.project.module(path) for path in paths if path in self._at_top and path != here.path]
        return [target for target in found if target is not None and not self._loaded_elsewhere(target, statement)]

    def _loaded_elsewhere(self, module: Module, statement: Node) -> bool:
        for path in self.project.importers(module.path):
            other = self.project.module(path)
            if other is None:
                continue
            loading: list[Node] = [*self.project.imports(other), *other.calls("import", "require")]
            for each in loading:
                if each is not statement and any(self.project.find(other, name) is module for name in _named(each)):
                    return True
        return False


def _scope_of(node: Node) -> Node | None:
    """The scope that `scopes.within` yields a node of; None for what stands in a decorator."""
    below, above = node, node.parent
    while above is not None:
        if isinstance(above, (Function, ClassDef)):
            return None if below in above.decorators else above
        below, above = above, above.parent
    return below


def _named(statement: Node) -> list[str]:
    """The modules that an import may mean: what it takes names from, and, in Python, those names."""
    if isinstance(statement, Call):
        first = statement.args[0] if statement.args else None
        return [str(first.value)] if isinstance(first, Literal) else []
    if not isinstance(statement, Import):
        return []
    inner = [statement.module + ("" if statement.module.endswith(".") else ".") + each.imported for each in statement.names]
    return [*(inner if module_of(statement).language == "python" else ()), statement.module]


def blocks(use: Use) -> bool:
    """Whether a call does not return while the program runs: by itself, or where it is awaited."""
    return "blocks" in use.idiom.traits or ("blocks-awaited" in use.idiom.traits and waited_for(use.call))


def waited_for(call: Call) -> bool:
    """Whether the function goes on only once the coroutine or promise that a call gives has ended: by `await`, through `gather()` too, or in the loop that runs for it."""
    above = call.parent
    while isinstance(above, (Call, Sequence)) and (isinstance(above, Sequence) or last_name(above.callee) in _PASSES_ON):
        above = above.parent
    return isinstance(above, Await) or (isinstance(above, Call) and above is call.parent and last_name(above.callee) in RUNS_LOOP)


def straight(node: Node) -> bool:
    """Whether a node stands in the straight run of its function: in no branch, loop or `except`."""
    function = function_of(node)
    for above in node.up():
        if above is function or isinstance(above, Function):
            return True
        if isinstance(above, (If, Loop)) and not is_main_guard(above):
            return False
        if isinstance(above, Try) and not any(node is n or _inside(node, n) for n in above.body):
            return False
    return True


def _inside(node: Node, outer: Node) -> bool:
    return any(above is outer for above in node.up())


def after(later: Node, earlier: Node) -> bool:
    """Whether one node stands below another in one file, and not inside it."""
    return (later.line, later.column) > (earlier.end_line or earlier.line, earlier.column) and not _inside(later, earlier)
