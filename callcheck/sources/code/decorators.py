"""Which functions does a decorator of the project get to wrap?

    @safely                              def safely(fn): …            # fn is refresh
    async def refresh(): …
    @retry(times=3)                      def retry(times):
    async def send(): …                      def wrap(fn): …          # fn is send
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Call, ClassDef, Function, Name, Node, Return, dotted, last_name

if TYPE_CHECKING:
    from callcheck.sources.code.origins import Origins

RUNS_ONCE = frozenset({"lru_cache", "cache", "cached", "singleton", "cache_resource"})
"""Decorators after which a function runs once, whoever calls it first."""


def decorator_name(node: Node) -> str:
    """The last name of what decorates: `Injectable` for `@nest.Injectable()`."""
    callee = node.callee if isinstance(node, Call) else node
    return dotted(callee).rsplit(".", 1)[-1]


def wrapped_by(origins: Origins, function: Function) -> Iterator[Function]:
    """The functions below a decorator that is this function, or that this function is given back by."""
    outer = function_of(function)
    maker = outer if outer is not None and _gives_back(outer, function) else None
    # A decorator gives back what wraps the function: to look for the users of any other function would have them parsed in vain.
    if module_of(function).language != "python" or not function.params or isinstance(function.parent, ClassDef) or not _wraps(function):
        return
    names = set(origins.names_of(maker or function))
    for module in origins.project.naming(*names):
        for each in module.all(Function):
            for decorator in each.decorators:
                callee = decorator.callee if isinstance(decorator, Call) else decorator
                wanted = maker if isinstance(decorator, Call) else function
                if wanted is not None and last_name(callee) in names and origins.of(callee).node is wanted:
                    yield each


def _wraps(function: Function) -> bool:
    return any(each is not function and _gives_back(function, each) for each in function.inside(Function))


def _gives_back(outer: Function, inner: Function) -> bool:
    return any(isinstance(each.value, Name) and each.value.id == inner.name for each in outer.inside(Return) if function_of(each) is outer)
