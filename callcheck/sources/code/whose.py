"""Is a call about an object of a library, about one that is known to be another's, or can that not be told?

    const queue = new Queue("mail");      queue.close()         own
    const bar = new ProgressBar(80);      bar.close()           another's: a class of the project, a list, a file, another library
    function stop(it) { it.close() }      it.close()            not known, as long as nobody calls stop()
"""

from __future__ import annotations

import builtins
import functools
import sys
from collections.abc import Iterator

from callcheck.model.shelf import root
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.present import spine_of
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.strangers import OF_NODE
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Import,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Sequence,
    last_name,
)

_GLOBALS = frozenset("console JSON Math Object Array Promise Date Number String Symbol Reflect Intl RegExp Error Buffer Atomics".split())
HOLDERS = frozenset({"this", "self", "window", "globalThis", "global", "exports", "module"})
"""Names of no package, under which a project keeps what it makes."""
_OWN_NAMES = frozenset({"this", "self", "cls", "super", ""})
_DEEPEST = 3


class Whose:
    """Whose objects the calls of one project are about."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._importing: dict[tuple[str, str], bool] = {}

    def another(self, use: Use, call: Call) -> bool:
        """Whether a call is known to be about something that has nothing to do with a use's object."""
        return self._is_own(use, call) is False

    def may_be_own(self, use: Use, call: Call) -> bool:
        """Whether a call is about an object of the use's library, or may be, going by its file and the name of what it is called on; a plain
        function has the very name that is looked for, whatever package it comes from."""
        known = self._is_own(use, call)
        if known is not None:
            return known
        return not isinstance(call.callee, Member) or self.in_hand(use, call.callee.object)

    def in_hand(self, use: Use, node: Node) -> bool:
        """Whether an object of which nothing is known may be the use's, going by its file and its name."""
        module, importers = module_of(node), self._code.project.importers
        if module is use.module or module.path in importers(use.module.path) or use.module.path in importers(module.path):
            return True
        return self.imports(use, module) or last_name(node) in self.names(use)

    def names(self, use: Use) -> frozenset[str]:
        """The names under which a use's object is had."""
        above = use.call.parent
        kept = [last_name(target) for target in above.targets] if isinstance(above, Assign) else []
        on = last_name(use.call.callee.object) if isinstance(use.call.callee, Member) else ""
        return frozenset({*kept, on}) - _OWN_NAMES

    def imports(self, use: Use, module: Module) -> bool:
        """Whether a file imports the use's library."""
        key = (use.framework.name, module.path)
        if key not in self._importing:
            named = {each.module.removeprefix("node:") for each in module.all(Import)}
            named |= {str(value) for call in module.calls("require", "import") for value in [getattr(next(iter(call.args), None), "value", None)] if value}
            self._importing[key] = spine_of(use.framework).imported(frozenset(named))
        return self._importing[key]

    def _is_own(self, use: Use, call: Call) -> bool | None:
        origins = self._code.origins
        if origins.of(call.callee).kind in ("function", "class"):
            return False  # One of the project's own: what it does is looked at by itself.
        if not isinstance(call.callee, Member):
            return False if use.module.language == "python" and hasattr(builtins, last_name(call.callee)) else None
        origin = origins.of(call.callee.object)
        kinds = self._code.idioms.kinds(origin)
        if origin.cls is not None:  # A class of the project that a package's, which nobody knows, is the base of: that may be an heir of the library's own.
            kinds = {kind for kind in kinds if not kind.startswith("unfamiliar.")}
        if any(kind.startswith(f"{use.framework.name}.") for kind in kinds) or self._tied(use, origin) or self._handed(use, call):
            return True
        if origin.kind == "value" or kinds:
            return False if is_value(origin) or self._of_others(use, kinds) else None
        if origin.cls is not None:
            return None if origins.bases(origin.cls) or origin.cls.bases else False
        return self._of_package(use, self._code.idioms.maker(origin), origin.kind == "external")

    def _of_others(self, use: Use, kinds: set[str]) -> bool:
        """Whether these kinds are those of libraries that have no package in common with the use's."""
        own = spine_of(use.framework).roots
        named = (framework for framework in self._code.project.frameworks if any(kind.startswith(f"{framework.name}.") for kind in kinds))
        return bool(kinds) and all(own.isdisjoint(spine_of(framework).roots - {""}) for framework in named)

    def _of_package(self, use: Use, name: str, plain: bool) -> bool | None:
        """By the qualified name of what made an object, or of what is no object, but something of a package itself (`TaskManager.defineTask()`)."""
        package = root(name)
        if not name or package in HOLDERS:
            return None
        if package in spine_of(use.framework).roots:
            return True
        known = package in (sys.stdlib_module_names if use.module.language == "python" else OF_NODE) or package in _GLOBALS or package in self._roots
        return False if known else True if plain and name != package else None

    @functools.cached_property
    def _roots(self) -> frozenset[str]:
        """The packages of all known libraries that the project can have to do with."""
        return frozenset(name for framework in self._code.project.frameworks for name in spine_of(framework).roots if name)

    def _handed(self, use: Use, call: Call) -> bool:
        """Whether a call is given the use's object, or what the use makes: `kept.push(channel)`."""
        own = {self._code.lifetimes.identity(origin) for origin in (use.receiver, self._code.origins.of(use.call))} - {""}
        return bool(own) and any(self._code.lifetimes.identity(self._code.origins.of(node)) in own for node in _arguments(call))

    def _tied(self, use: Use, origin: Origin) -> bool:
        """Whether an object is the use's, or one was made with the other: `http.createServer(app)`, `new Server(httpServer)`."""
        identity, own = self._code.lifetimes.identity(origin), self._code.lifetimes.identity(use.receiver)
        if identity and identity == own:
            return True
        if origin.kind in ("made", "part") and any(self._belongs(use, each, own) for each in self._given(origin, 0)):
            return True
        made = [self._code.origins.of(node) for node in _arguments(use.call)]
        return bool(identity) and any(self._code.lifetimes.identity(each) == identity for each in (*made, *self._given(use.receiver, 0)))

    def _belongs(self, use: Use, origin: Origin, own: str) -> bool:
        identity = self._code.lifetimes.identity(origin)
        kinds = self._code.idioms.kinds(origin)
        return bool(identity and identity == own) or any(kind.startswith(f"{use.framework.name}.") for kind in kinds)

    def _given(self, origin: Origin, depth: int) -> Iterator[Origin]:
        """What an object, or what it is a part of, was made with."""
        if origin.base is not None and depth < _DEEPEST:
            yield origin.base
            yield from self._given(origin.base, depth + 1)
        for node in _arguments(origin.node) if isinstance(origin.node, Call) else ():
            given = self._code.origins.of(node)
            yield given
            if depth < _DEEPEST:
                yield from self._given(given, depth + 1)


def is_value(origin: Origin) -> bool:
    """Whether a literal is more than a place that is filled later: `let client = null`, `const clients = {}`."""
    return origin.kind == "value" and not (isinstance(origin.node, Literal) and origin.node.value is None) and not (isinstance(origin.node, Object) and not origin.node.entries)


def _arguments(call: Call) -> Iterator[Node]:
    """The objects among what a call is given, those in tables and lists included."""
    waiting: list[Node] = [*call.args, *(keyword.value for keyword in call.keywords)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Object):
            waiting += [entry.value for entry in node.entries]
        elif isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, (Name, Member, Call)):
            yield node
