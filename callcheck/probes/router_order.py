"""Does a router that takes every message stand before others, which are then never asked?

    dp.include_routers(common.router, admin.router)        # aiogram asks them in this order, up to the first handler that fits
    @common.router.message()                               # fits always
    @admin.router.message(Command("ban"))                  # is never asked
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Member, Node, last_name

_SAYS = "routers are asked in the order of their inclusion, and this handler has no filter: it takes each update before the later ones; include its router last"
_UPDATES = ("message", "callback_query", "inline_query")


class RouterOrder:
    """Lays the handlers of aiogram's routers in the order in which the routers are included."""

    name = "router-order"
    looks_at = Sight.SOURCE
    marks = ("aiogram",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        if any("SkipHandler" in module.text for module in code.project.naming("SkipHandler")):
            return
        orders: dict[tuple[int, str], list[tuple[Node, str]]] = {}
        for call in code.project.calls("include_router", "include_routers"):
            if isinstance(call.callee, Member) and not is_test(module_of(call).path):
                holder = code.lifetimes.identity(code.origins.of(call.callee.object))
                routers = [(given, code.lifetimes.identity(code.origins.of(given))) for given in call.args]
                orders.setdefault((id(function_of(call)), holder), []).extend((given, router) for given, router in routers if router and holder)
        for order in orders.values():
            yield from self._judge(code, order)

    def _judge(self, code: Code, order: list[tuple[Node, str]]) -> Iterator[Evidence]:
        """One fact for the first router of an order that leaves a later one nothing."""
        for kind in _UPDATES:
            handlers = {router: [call for call in code.project.calls(kind) if _decorates(call) and _router(code, call) == router] for _, router in order}
            filtered = {_router(code, call.callee.object) for call in code.project.calls("filter") if isinstance(call.callee, Member) and last_name(call.callee.object) == kind}
            for index, (given, router) in enumerate(order):
                taking = next((call for call in handlers[router] if not call.args and not call.keywords), None)
                later = next((call for _, other in order[index + 1 :] if other != router for call in handlers[other] if call.args or call.keywords), None)
                if taking is not None and later is not None and router not in filtered:
                    fact = LibraryTrap("emission-bypassed", "strong", _SAYS, kind, "telegram", "python")
                    because = (seen(fact, given, self.name, label="its router is included here"), seen(fact, later, self.name, label="this one is never asked"))
                    yield seen(fact, taking, self.name, because)
                    break


def _decorates(call: Call) -> bool:
    return isinstance(call.parent, Function) and call in call.parent.decorators


def _router(code: Code, node: Node) -> str:
    """The router on which a handler is registered (`router.message(...)`), or whose updates are filtered (`router.message`)."""
    member = node.callee if isinstance(node, Call) else node
    return code.lifetimes.identity(code.origins.of(member.object)) if isinstance(member, Member) else ""


PROBE = RouterOrder()
