"""Is an event heard in a cluster's primary process, or in the main thread, and emitted only by the workers, or the reverse?

    if (cluster.isPrimary) {
      startStats();                  // bus.on("hit", …)
    } else {
      startServer();                 // bus.emit("hit"), on the bus of the worker's own memory
    }
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import DeliveryAcross
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    If,
    Import,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Return,
    last_name,
)

_FIRST = frozenset({"isPrimary", "isMaster", "isMainThread"})
_OTHER = frozenset({"isWorker"})
_IN_MEMORY = frozenset({"emitter", "target"})
_DEEPEST = 5


class Sides:
    """Follows listeners and emissions up to the branch of a test for the primary process, by calls and by imports inside of it."""

    name = "sides"
    looks_at = Sight.SOURCE
    marks = tuple(sorted(_FIRST | _OTHER))
    answers = frozenset({DeliveryAcross})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        tests = [node for module in code.project.naming(*self.marks) if not is_test(module.path) for node in module.all(If) if _asks(node.test)]
        if not tests:
            return
        side = _Side(code, tests)
        for heard in code.idioms.of("register"):
            identity = code.lifetimes.identity(heard.receiver) if heard.idiom.on in _IN_MEMORY and heard.module.language != "python" else ""
            here = side.of(heard.call) if identity else None
            if here is None:
                continue
            for event in code.idioms.events(heard):
                yield from self._apart(code, side, heard, event, identity, here)

    def _apart(self, code: Code, side: _Side, heard: Use, event: str, identity: str, here: bool) -> Iterator[Evidence]:
        same = [use for use in code.idioms.of("emit") if event and event in code.idioms.events(use) and code.lifetimes.identity(use.receiver) == identity]
        sides = [side.of(use.call) for use in same]
        others = [use for use in code.idioms.of("register") if event in code.idioms.events(use) and code.lifetimes.identity(use.receiver) == identity]
        if not same or any(each is None or each is here for each in sides) or any(side.of(use.call) is not here for use in others):
            return
        place = "worker" if here else "primary"
        fact = DeliveryAcross(clean(event, 80), place, heard.framework.name, heard.module.language)
        yield seen(fact, same[0].call, self.name, (seen(fact, heard.call, self.name, label=f"heard in the {'primary' if here else 'workers'} alone"),))


class _Side:
    """On which side of the tests code runs: True for the primary's, False for the workers', None for both or neither."""

    def __init__(self, code: Code, tests: list[If]) -> None:
        self._code = code
        self._tests = tests
        self._busy: set[int] = set()

    def of(self, node: Node, depth: int = 0) -> bool | None:
        """The side on which a node is reached."""
        direct = self._direct(node)
        if direct is not None or depth > _DEEPEST:
            return direct
        function = function_of(node)
        if function is not None and isinstance(function.parent, Call):
            return self.of(function.parent, depth + 1)  # a callback is on the side of the call that it is handed to
        key = id(function) if function is not None else hash(module_of(node).path)
        if key in self._busy:
            return None
        self._busy.add(key)
        try:
            ways: list[Node] = list(self._code.origins.calls_of(function)) if function is not None else self._loads(module_of(node).path)
            found = {self.of(way, depth + 1) for way in ways}
        finally:
            self._busy.discard(key)
        return found.pop() if len(found) == 1 else None

    def _direct(self, node: Node) -> bool | None:
        for test in self._tests:
            if module_of(test) is not module_of(node):
                continue
            first = _is_first(test.test)
            if any(part.at <= node.at < part.end for part in test.then):
                return first
            if any(part.at <= node.at < part.end for part in test.orelse):
                return not first
            ends = any(isinstance(part, Return) for part in test.then) and function_of(test) is function_of(node)
            if ends and node.at > test.at:
                return not first
        return None

    def _loads(self, path: str) -> list[Node]:
        """Where a module is loaded: by imports at the top of other files, and by those in the middle of their code."""
        project = self._code.project
        importing = [module for other in project.importers(path) if (module := project.module(other)) is not None]
        named: list[tuple[Node, str]] = [(each, each.module) for module in importing for each in module.all(Import) if not each.type_only]
        named += [(call, str(call.args[0].value)) for call in project.calls("import", "require") if call.args and isinstance(call.args[0], Literal)]
        return [node for node, name in named if (loaded := project.find(module_of(node), name)) is not None and loaded.path == path]


def _asks(test: Node) -> bool:
    return any(last_name(node) in _FIRST | _OTHER for node in (*test.inside(Member), *test.inside(Name)))


def _is_first(test: Node) -> bool:
    """Whether the test holds in the primary process."""
    negated = isinstance(test, Operation) and test.operator in ("!", "not")
    primary = any(last_name(node) in _FIRST for node in (*test.inside(Member), *test.inside(Name)))
    return primary is not negated


PROBE = Sides()
