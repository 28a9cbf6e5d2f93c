"""Does one member of a group empty a cache that each process has for itself?

    await nc.subscribe("tariff.changed", queue="quoter", cb=on_change)      # one of three replicas hears of it
    async def on_change(msg): prices.pop(msg.data, None)                   # the other two go on with the old price
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.kept_tables import Kept, kept_table
from callcheck.sources.code.lasting import lasting, reached
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.subscribed import takers_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Loop,
    Member,
    Node,
    Return,
    Subscript,
    last_name,
)

_SHARES = frozenset({"group", "queue"})
_EVICTS = frozenset({"pop", "delete", "clear", "discard", "remove", "invalidate", "evict", "expire", "del", "popitem", "reset"})
_READ = pattern(r"process\.env|environ|getenv")
_OF_FUNCTION = "cache_clear"
_FILLS = frozenset({"set", "setdefault", "update", "add", "put"})
_ANSWERS = pattern(r"respond|reply|publish|emit$|send|basic_publish$")
"""What the name of a call begins with that tells somebody something: then what is kept is whom to tell, and no cache."""
_WHY = "all processes share one group, so one of them empties its cache and the others keep the old values; let each hear it: without a group, or with one of its own"


class GroupedEvictions:
    """Silent where what takes the message stores, sends or answers something, or fills the cache itself, and where the group's name is made anew in each process."""

    name = "grouped-evictions"
    looks_at = Sight.SOURCE
    about = ("subscribe",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("subscribe"):
            if not _SHARES & set(use.idiom.traits) or is_test(use.module.path) or not _one_name(code, use):
                continue
            for taker in _takers(code, use):
                evicts = _evicts(code, taker)
                if evicts is not None:
                    fact = LibraryTrap("competing-consumers", "if-many", _WHY, clean(last_name(use.call.callee), 60), use.framework.name, use.module.language)
                    yield seen(fact, use.call, self.name, (seen(fact, evicts, self.name, label="one process forgets it here"),))
                    break


def _one_name(code: Code, use: Use) -> bool:
    """Whether the name is one that is written out, and so the same in each process."""
    made = use.receiver.site
    named = code.idioms.placed(use.call, use.idiom.event) if use.idiom.event else made.args[:1] if isinstance(made, Call) else []
    texts = [code.idioms.known_text(node) for node in named]
    return bool(texts) and all(text and "*" not in text and not _READ.search(text) for text in texts)


def _takers(code: Code, use: Use) -> Iterator[Function | Loop]:
    """Who takes the messages: the handler of the call, or that of another call on what it makes."""
    yield from takers_of(code, use)
    for other in code.idioms.of("subscribe", "register", "serve") if use.idiom.calls or not use.idiom.handler else ():
        if other is not use and other.framework is use.framework and other.receiver.site is use.call:
            yield from takers_of(code, other)


def _evicts(code: Code, taker: Function | Loop) -> Node | None:
    """Where a table of the process loses what others put in; None if the taker has other work, too."""
    run = reached(code, taker)
    calls = [call for each in run for call in each.inside(Call)]
    if any(_ANSWERS.match(last_name(call.callee)) for call in calls) or lasting(code, taker) is not None:
        return None
    for call in calls:
        callee = call.callee
        if not isinstance(callee, Member) or isinstance(call.parent, (Assign, Member, Return)):
            continue
        if callee.name == _OF_FUNCTION and isinstance(code.origins.of(callee.object).node, Function):
            return call
        kept = kept_table(code, callee.object) if callee.name in _EVICTS else None
        if kept is not None and _filled_elsewhere(code, kept, run):
            return call
    return None


def _filled_elsewhere(code: Code, kept: Kept, run: Sequence[Node]) -> bool:
    """Whether a table is filled, and never by what empties it: a reader keeps there what it has looked up."""
    fills = list(_fills(code, kept))
    return bool(fills) and not any(any(above is each for above in fill.up()) for fill in fills for each in run)


def _fills(code: Code, kept: Kept) -> Iterator[Node]:
    for module in code.project.using([kept.node]):
        stores = [(assign, target) for assign in module.all(Assign) for target in assign.targets if isinstance(target, (Subscript, Member))]
        puts = [(call, call.callee.object) for call in module.calls(*_FILLS) if isinstance(call.callee, Member)]
        for node, target in (*((a, t.object) for a, t in stores), *puts):
            held = kept_table(code, target)
            if held is not None and held.identity == kept.identity and not is_test(module_of(node).path):
                yield node


PROBE = GroupedEvictions()
