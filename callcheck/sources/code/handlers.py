"""Which functions are the handlers of a use, and of which uses is a function the handler?

    app.post(path, wrap(receive))     client.on_message = receive     for (const [name, f] of Object.entries(table)) bus.on(name, f)
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from callcheck.sources.code.call_forms import decorated
from callcheck.sources.code.filled import given_by
from callcheck.sources.code.tree import Call, Entry, Function, Keyword, Member, Name, Node, Object, Param, last_name
from callcheck.sources.code.wraps import referred, wrapped

if TYPE_CHECKING:
    from callcheck.sources.code.idioms import Idioms, Use

_KEEPS = frozenset({"useCallback", "useEffectEvent", "useEvent", "useMemoizedFn", "debounce", "throttle"})
"""Wrappers whose result a component keeps under a name, and that call the function as it is."""


class Handlers:
    """The handlers of one project's uses, found both ways."""

    def __init__(self, idioms: Idioms) -> None:
        self._idioms = idioms
        self._origins = idioms.origins
        self._handled: dict[int, list[Use]] = {}

    def forget(self) -> None:
        """Forget what was answered while less was known."""
        self._handled.clear()
        self.__dict__.pop("_assigned", None)

    def of(self, use: Use) -> list[Node]:
        """The handlers that a use registers: functions where they can be followed, else the expressions as written."""
        if use.idiom.defines and isinstance(use.call.parent, Function):
            return [use.call.parent]
        where = use.idiom.handler.removesuffix("decorated").rstrip("|")
        given = [handler for node in self._idioms.placed(use.call, where) for handler in self._functions(node)]
        if given or not use.idiom.handler.endswith("decorated"):
            return given
        outer, below = use.call.parent, decorated(use.call)
        if below is None and isinstance(outer, Call) and outer.callee is use.call and len(outer.args) == 1:
            return [self._function(outer.args[0])]  # a decorator that is applied by hand: `app.event("x")(told)`
        return [] if below is None else [below]

    def _functions(self, node: Node) -> list[Node]:
        """The function that an expression is; of a parameter those that the callers give, if each gives one."""
        found = self._function(node)
        param = self._origins.of(node).node if isinstance(node, Name) and not isinstance(found, Function) else None
        outer = param.parent if isinstance(param, Param) and param.name == node.id else None  # type: ignore[attr-defined]
        if not isinstance(outer, Function):
            return [found]
        calls = self._origins.calls_of(outer)
        values = [value for call in calls for each, value in given_by(outer, call) if each is param]
        told = {id(one): one for value in values if isinstance(value, Node) for one in [self._function(value)] if isinstance(one, Function)}
        return list(told.values()) if told and len(values) == len(calls) else [found]

    def _function(self, node: Node) -> Node:
        if isinstance(node, Function):
            return node
        if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "bind":
            return self._function(node.callee.object)
        if isinstance(node, Call) and node.args and last_name(node.callee) == "Callback":
            return self._function(node.args[0])  # RQ's wrapper, which adds a time limit
        if (inner := wrapped(self._origins, node)) is not None:
            return inner
        origin = self._origins.of(node)
        if origin.kind == "function" and origin.node is not None:
            return origin.node
        if isinstance(origin.node, Call) and last_name(origin.node.callee) in _KEEPS and (inner := wrapped(self._origins, origin.node)) is not None:
            return inner  # `const done = useCallback((e) => …, [])`
        # An object that is called, `callback=Publisher(cms)`, is its class's __call__.
        called = self._origins.member(origin, "__call__").node if origin.kind == "made" and origin.cls is not None else None
        return called if isinstance(called, Function) else referred(self._origins, origin.node or node) or node

    def uses_of(self, function: Function) -> list[Use]:
        """The uses for which a function is the handler: given in place, by name, or decorated."""
        found = []
        parent = function.parent
        while isinstance(parent, (Keyword, Entry, Object)):
            parent = parent.parent
        inner: Node = function
        while isinstance(parent, Call) and inner is not parent.callee:
            found += [use for use in self._idioms.at(parent) if function in self.of(use)]
            inner, parent = parent, parent.parent  # what a wrapper gives for it
        for decorator in function.decorators:
            found += [use for use in self._idioms.decorating(decorator) if function in self.of(use) or use.idiom.role]
        found += [use for use in self._idioms.defining(function) if use.idiom.role]
        return found + self._by_name(function)

    def _by_name(self, function: Function) -> list[Use]:
        """The uses for which a function is the handler that is given by its name."""
        key = id(function)
        if key not in self._handled:
            # Given before the uses are complete, so that a question asked on the way ends.
            found = self._handled[key] = []
            for call in self._origins.callers.passing(function):
                outer = call.parent
                # `app.post(path, wrap(receive))`
                for each in (call, outer) if isinstance(outer, Call) and call is not outer.callee else (call,):
                    found += [use for use in self._idioms.at(each) if any(held is function for held in self.of(use)) and function.parent is not call]
            found += self._assigned.get(key, []) + self._listed.get(key, [])
        return self._handled[key]

    @functools.cached_property
    def _listed(self) -> dict[int, list[Use]]:
        """Handlers that stand in a table, or in a file of a folder, over which a loop goes that registers them."""
        found: dict[int, list[Use]] = {}
        self.__dict__["_listed"] = found
        self._sort(found, self._idioms.in_loops())
        return found

    @functools.cached_property
    def _assigned(self) -> dict[int, list[Use]]:
        """Handlers that are assigned to an attribute of their object."""
        found: dict[int, list[Use]] = {}
        self.__dict__["_assigned"] = found
        self._sort(found, self._idioms.assignments())
        return found

    def _sort(self, found: dict[int, list[Use]], uses: Iterable[Use]) -> None:
        for use in uses:
            for handler in self.of(use):
                found.setdefault(id(handler), []).append(use)
