"""Is work that lies in a table begun by a message alone which nobody keeps?

    await sql.listen("ticket", (id) => print(id))                     // away for a restart, and nobody is told again
    update tickets set printed_at = now() where id = $1               // what is left with `printed_at is null` is read by nobody

PostgreSQL's NOTIFY and Redis' PUBLISH reach who listens at that moment (postgresql.org/docs/current/sql-notify.html; redis.io, pub/sub).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.lasting import reached, statements
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.subscribed import takers_of
from callcheck.sources.code.tree import Call, Function, Loop, Node, last_name

_MARKS = pattern(r"\bupdate\s+[\"`]?(?:\w+\.)?(\w+)[\"`]?\s(?:[^;]{0,200}?)\bset\b([^;]{1,400}?)(?:\bwhere\b|\breturning\b|;|$)", re.I)
_SETS = pattern(r"\b(\w+)\b[\"`]?\s*=\s*(?:now\s*\(|current_timestamp|true\b|'(\w+)'|\$\d|\*|%s|:\w)", re.I)
_ONE = pattern(r"\b(?:\w+\.)?\w*id\s*=\s*(?:\*|\$\d|%s|:\w|\?|%\(\w)", re.I)
"""A row that the message, or a client, asks for."""
_ASKED = frozenset({"request", "connection", "render"})
_SAYS = "what is announced while nobody listens stays in {} with {} open, and nothing reads such rows by itself; read them when listening begins, too"


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a row is marked as done."""

    at: Node
    table: str
    column: str
    word: str
    """What the column is set to; "" for a time, a flag and what is computed."""


class ToldOnce:
    """Lays the statement by which a handler marks its row as done beside those that look for rows without the mark."""

    name = "told-once"
    looks_at = Sight.SOURCE
    about = ("heard-by-all", "subscribe")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("heard-by-all", "subscribe"):
            if is_test(use.module.path) or not {"keeps-nothing", "pubsub"} & set(use.idiom.traits):
                continue
            for taker in takers_of(code, use):
                run = reached(code, taker)
                found = next((mark for each in run for mark in _marks(each) if _left_open(code, mark, run)), None)
                if found is not None:
                    why = _SAYS.format(clean(found.table, 30), clean(found.column, 30))
                    strength = "hint" if _of_the_store(code, use) else "fair"
                    fact = LibraryTrap("lossy-pubsub", strength, why, last_name(use.call.callee), use.framework.name, use.module.language)
                    yield seen(fact, use.call, self.name, (seen(fact, found.at, self.name, label="this marks a row as done"),))
                    break


def _of_the_store(code: Code, use: Use) -> bool:
    """Whether Redis itself announces it, as a key runs out: what is written for no reader may have another way back."""
    return any(code.idioms.text(node).startswith("__key") for node in code.idioms.placed(use.call, use.idiom.event))


def _marks(within: Function | Loop) -> Iterator[_Mark]:
    for node, text in statements(within):
        for update in _MARKS.finditer(text):
            yield from (_Mark(node, update[1], column[1], column[2] or "") for column in _SETS.finditer(update[2]))


def _left_open(code: Code, mark: _Mark, reached: list[Function | Loop]) -> bool:
    """Whether the handler takes its row only without the mark, and rows without it are looked for by nobody else, or only for somebody who asks."""
    other = rf"(?:=\s*'(?!{re.escape(mark.word)}')|(?:<>|!=)\s*')" if mark.word else r"is\s+null|(?:=|is)\s*false"
    without = re.compile(rf"\b(?:from|update)\s+[\"`]?(?:\w+\.)?{re.escape(mark.table)}\b[\s\S]*\bwhere\b[\s\S]*\b{re.escape(mark.column)}\b[\"`]?\s*(?:{other})", re.I)
    looks = False
    for module in code.project.naming(mark.column):
        for node, text in statements(module):
            if without.search(text):
                ours = _among(node, reached)
                if not _ONE.search(text) and (ours or _by_itself(code, function_of(node))):
                    return False
                looks = looks or ours
    return looks


def _among(node: Node, reached: list[Function | Loop]) -> bool:
    return any(module_of(each) is module_of(node) and each.at <= node.at < each.end for each in reached)


def _by_itself(code: Code, function: Function | None) -> bool:
    """Whether something runs at the start, by a timer or after a reconnection, and not only for a request or a signal; yes if who calls it is not known."""
    waiting: list[Function | None] = [function]
    met: set[int] = set()
    while waiting:
        here = waiting.pop()
        if here is None:
            return True
        if id(here) in met or code.lifetimes.roles(here) <= _ASKED:
            continue
        met.add(id(here))
        passing = [here.parent] if isinstance(here.parent, Call) and here.parent.callee is not here else []
        ways = [*passing, *code.origins.calls_of(here), *(call for call in code.origins.callers.passing(here) if here.name)]
        if not ways:
            return True
        waiting += [function_of(call) for call in ways if not _for_a_signal(code, call)]
    return False


def _for_a_signal(code: Code, call: Call) -> bool:
    """`process.on("SIGUSR2", …)`: whoever runs the program asks."""
    return last_name(call.callee) in ("on", "once") and bool(call.args) and code.idioms.text(call.args[0]).startswith("SIG")


PROBE = ToldOnce()
