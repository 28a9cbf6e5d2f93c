"""Is a provider asked to send what a handler waits for?

    application.run_polling(allowed_updates=["message"])       # Telegram sends messages, and nothing else
    application.add_handler(CallbackQueryHandler(answer))      # waits for callback_query
    resource "stripe_webhook_endpoint" "shop" { enabled_events = ["invoice.paid"] }
    case "invoice.payment_failed":                             # nobody sends it
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.webhooks import EventNotRequested
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.hook_kinds import told_apart
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Sequence,
    Spread,
    last_name,
)
from callcheck.sources.hooked_up import AskedFor, asked_for

_COPIES = frozenset({"list", "tuple", "set", "sorted", "frozenset", "stringify", "dumps"})
"""Calls that give what they are given, be it as a text."""
_USUAL = "(usual)"
_KNOWN = {"ALL_TYPES": "*", "ALL": "*", "ALL_UPDATE_TYPES": "*", "DEFAULT_UPDATE_TYPES": _USUAL}
"""Constants of the libraries, and what they ask for: all, or what comes without a list."""


class Asked:
    """Lays the lists of `ask` idioms beside the names that `want` idioms wait for; silent where a list is computed."""

    name = "asked"
    looks_at = Sight.SOURCE
    about = ("ask",)
    marks = ("tripe", "ithub-", "ithub_", "itHub-", "itlab", "itLab", "elegram", "hopify", "object_kind")
    signs = (Sign(pattern=r"(?i)x[-_]git(?:hub|lab)[-_]event|object_kind|x[-_]shopify[-_]topic"), Sign(words=("stripe", "Stripe", "callback_query", "inline_query", "chat_member")))
    answers = frozenset({EventNotRequested})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        asks: dict[str, list[Use]] = {}
        for use in code.idioms.of("ask"):
            if not is_only_test(use.module.path):  # a script that sets the webhook counts
                asks.setdefault(use.idiom.medium, []).append(use)
        declared = [each for each in asked_for(eyes) if each.provider not in asks]
        wants = [use for use in code.idioms.of("want") if not is_test(use.module.path)] if asks or declared else []
        for provider in sorted({each.provider for each in declared}):
            yield from self._declared(code, provider, [each for each in declared if each.provider == provider], wants)
        for medium, uses in asks.items():
            lists = [(use, *_listed(code, use)) for use in uses]
            if any(names is None for _, _, names in lists):
                continue
            told: set[str] = set()
            for use in (each for each in wants if each.idiom.medium == medium):
                for name, node in _wanted(code, use):
                    left_out = [(each, node) for each, node, names in lists if not _sends(each, names or [], name)]
                    if name in told or len(left_out) < len(lists):
                        continue
                    told.add(name)
                    fact = EventNotRequested(clean(name.partition("|")[0], 80), medium, use.framework.name, use.module.language)
                    asked, where = left_out[0]
                    because = seen(fact, where or asked.call, self.name, label="this asks for other kinds only" if where else "this asks for the usual kinds only")
                    yield seen(fact, node, self.name, (because,))

    def _declared(self, code: Code, provider: str, lists: list[AskedFor], wants: list[Use]) -> Iterator[Evidence]:
        """What is waited for beside lists that stand outside of the handlers' own libraries."""
        if any(each.events is None for each in lists):
            return
        told: set[str] = set()
        own = [(name, node, use.module, use.framework.name) for use in wants if use.idiom.medium == provider for name, node in _wanted(code, use)]
        for name, node, module, framework in (*own, *((name, node, module, "") for name, node, module in told_apart(code, provider))):
            if name in told or any(each.sends(kind) for each in lists for kind in name.split("|")):
                continue
            told.add(name)
            fact = EventNotRequested(clean(name.partition("|")[0], 80), provider, framework, module.language)
            where = Location(clean(lists[0].file.name), lists[0].line)
            asked = Evidence(fact, Basis.DECLARED, self.name, where, label="this asks for other kinds only")
            yield seen(fact, node, self.name, (asked,))


def _listed(code: Code, use: Use) -> tuple[Node | None, list[str] | None]:
    """The list that a call gives, with its names: none for no list, None for one that is computed."""
    given = next((value for place in use.idiom.event.split("|") if (value := _argument(code, use.call, place)) is not None), None)
    if given is None or isinstance(given, Literal) and given.value is None:
        return None, []
    node, names = given, list[str]()
    for _ in range(6):
        if isinstance(node, Call) and last_name(node.callee) in _COPIES and len(node.args) == 1:
            node = node.args[0]
        elif isinstance(node, (Name, Member)):
            held = code.origins.of(node)
            if last_name(node) in _KNOWN:
                return given, [_KNOWN[last_name(node)]]
            if held.kind != "value" or held.node is None or held.node is node:
                return given, None
            node = held.node
        elif isinstance(node, Operation) and node.operator == "+":
            node = Sequence([Spread(part, line=part.line, parent=node) for part in node.operands], line=node.line, parent=node)
        else:
            break
    items = node.items if isinstance(node, Sequence) else [node]
    for item in items:
        inner = _spread(code, item.value) if isinstance(item, Spread) else [_named(code, item)]
        if not all(inner):
            return given, None
        names += inner
    return (node if isinstance(node, Sequence) and node.line else given), names


def _spread(code: Code, node: Node) -> list[str]:
    held = node if isinstance(node, Sequence) else code.origins.of(node).node
    return [_named(code, item) for item in held.items] if isinstance(held, Sequence) else [_KNOWN.get(last_name(node), "")]


def _named(code: Code, node: Node) -> str:
    """`"chat_member"`, `UpdateType.CHAT_MEMBER`, `Update.CALLBACK_QUERY`; for a function, or a call that is given one, its name."""
    function = code.origins.of(node.args[0] if isinstance(node, Call) and node.args else node).node
    if isinstance(function, Function):
        return code.idioms.text(node.keyword("name")) or function.name if isinstance(node, Call) else function.name
    return code.idioms.text(node).rsplit(".", 1)[-1].lower() if isinstance(node, (Literal, Name)) or not isinstance(node, Member) else node.name.lower()


def _argument(code: Code, call: Call, place: str) -> Node | None:
    return next(iter(call.args[int(place) : int(place) + 1]), None) if place.isdigit() else code.idioms.option(call, place)


def _sends(use: Use, names: list[str], wanted: str) -> bool:
    """Whether one of the kinds comes, of which `wanted` has several for a handler that takes them all (`message|channel_post`)."""
    kinds = wanted.split("|")
    if "*" in names or not set(kinds).isdisjoint(names):
        return True
    return (not names or _USUAL in names) and not set(kinds).issubset(use.idiom.absent)


def _wanted(code: Code, use: Use) -> Iterator[tuple[str, Node]]:
    """What a handler waits for: as its idiom says, by the name of the method or of its object, or by what the file compares with."""
    if use.idiom.event_is or use.idiom.event:
        yield from ((name, use.call) for event in code.idioms.events(use) if (name := _kind(use, event)))
    elif use.idiom.scope.startswith("in file: "):
        compared = re.compile(use.idiom.scope.removeprefix("in file: "))
        for literal in use.module.all(Literal):
            if isinstance(literal.value, str) and any(literal.value in found.groups() for found in compared.finditer(use.module.line_of(literal))):
                yield literal.value, literal
    elif isinstance(use.call.callee, Member):
        said = use.call.callee.name
        said = last_name(use.call.callee.object) if said == "register" else said
        decorates = isinstance(use.call.parent, Function)
        if name := _kind(use, said):
            yield name, use.call.parent if decorates and use.call.parent is not None and not use.call.line else use.call


def _kind(use: Use, event: str) -> str:
    """The kind that an event's name stands for: `callback_query` of `callback_query:data`; "" for one that names none."""
    if not use.idiom.scope:
        return event
    found = re.fullmatch(use.idiom.scope, event)
    return found[1] if found else ""


PROBE = Asked()
