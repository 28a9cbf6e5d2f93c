"""Which runtimes, clients, consumers and schedulers are handed work and never started?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import RuntimeIdle
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import is_statement
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Keyword,
    Loop,
    Member,
    Name,
    Object,
    Return,
    Sequence,
    Spread,
    Yield,
    dotted,
)  # fmt: skip


class Idle:
    """Follows each object that must be started, by its identity, to whatever starts it."""

    name = "idle"
    looks_at = Sight.SOURCE
    answers = frozenset({RuntimeIdle})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        made = [use for use in code.idioms.of("make") if "needs-start" in use.idiom.traits]
        if not made:
            return
        starts = {name for use in made for name in _starts(use)}
        started, loose = self._started(code, starts)
        worked: dict[str, Use] = {}
        for use in code.idioms.uses:
            if "work" in use.idiom.traits or use.idiom.does in ("register", "serve", "subscribe"):
                worked.setdefault(code.lifetimes.identity(use.receiver), use)
        for use in made:
            made_at = use.receiver if "on-receiver" in use.idiom.traits else code.origins.of(use.call)
            identity = code.lifetimes.identity(made_at)
            works = identity in worked or not {"by-itself", "on-receiver"}.isdisjoint(use.idiom.traits)
            if not identity or identity in started or not works or loose & set(_starts(use)):
                continue
            if _handed_on(code, use.call, identity):
                continue
            start = _starts(use)[0]
            fact = RuntimeIdle(_method(use.call), start, use.framework.name, use.module.language)
            work = worked.get(identity)
            handed = (seen(fact, work.call, self.name, label="work is handed to it here"),) if work is not None and work.call is not use.call else ()
            yield seen(fact, use.call, self.name, handed)

    def _started(self, code: Code, starts: set[str]) -> tuple[set[str], set[str]]:
        """The identities that are started or iterated, and the names of starts on objects that cannot be told."""
        found: set[str] = {code.lifetimes.identity(use.receiver) for use in code.idioms.of("start")}
        loose: set[str] = set()
        for module in code.project.modules.values():
            for node in module.walk():
                if isinstance(node, Member) and node.name in starts:
                    identity = code.lifetimes.identity(code.origins.of(node.object))
                    if identity:
                        found.add(identity)
                    else:
                        loose.add(node.name)
                elif isinstance(node, Loop) and isinstance(node.over, (Name, Member)):
                    found.add(code.lifetimes.identity(code.origins.of(node.over)))
        return found - {""}, loose


def _starts(use: Use) -> list[str]:
    """The methods that start it, as `event_is` lists them."""
    return use.idiom.event_is.split("|") or ["start"]


def _handed_on(code: Code, made: Call, identity: str) -> bool:
    """Whether the object leaves the project's sight: given to a call, kept in a table, or returned by a function that nobody calls."""
    parent = made.parent
    while isinstance(parent, (Await, Keyword, Spread)):
        parent = parent.parent
    if isinstance(parent, (Call, Object, Sequence)) and parent is not made:
        return True
    for module in code.project.modules.values():
        for node in module.walk():
            if not isinstance(node, (Name, Member)) or isinstance(node.parent, Member):
                continue
            above = node.parent
            while isinstance(above, (Await, Keyword, Spread)):
                above = above.parent
            if isinstance(above, Call) and code.idioms.at(above):
                continue
            leaves = isinstance(above, Call) and above.callee is not node or isinstance(above, (Sequence, Object, Yield))
            stored = isinstance(above, Assign) and above.value is node and isinstance(above.targets[0], Member)
            if (leaves or stored) and code.lifetimes.identity(code.origins.of(node)) == identity:
                if isinstance(above, Call) and code.origins.of(above.callee).kind in ("function", "class"):
                    continue
                return True
    return isinstance(parent, Return) and not is_statement(made)


def _method(call: Call) -> str:
    return clean(dotted(call.callee).rsplit(".", 1)[-1], 60) or "it"


PROBE = Idle()
