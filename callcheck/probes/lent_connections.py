"""Does the connection that listens go back to its pool, or end, before a notification can come over it?

    async with pool.acquire() as conn:                         # asyncpg takes its listeners off as it goes back
        await conn.add_listener("berths", show)
    with engine.connect() as conn: conn.execute(text("LISTEN jobs"))
    const client = await pool.connect(); await client.query("LISTEN jobs"); client.release();

Sources: asyncpg 0.30, pool.py (release) and connection.py (_check_listeners, reset); psycopg_pool 3.2, pool.py (connection, _reset_connection) and psycopg 3.2, notifies(): they
come to the connection that listens; docs.sqlalchemy.org, pooling, reset on return; aiopg 1.4, pool.py (release); node-postgres.com, pg.Pool: a client that idles is ended.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.connection_ends import before_end, ending_block, ending_calls
from callcheck.sources.code.listens import listens
from callcheck.sources.code.made_from import made_from
from callcheck.sources.code.scopes import function_of, module_of, up_to, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Loop,
    Member,
    Name,
    Node,
    Return,
    With,
    Yield,
    dotted,
    last_name,
)

_BACK = frozenset({"release", "putconn", "releaseConnection", "done", "end", "close"})
_WAITS = pattern(r"(?:notif\w*|poll|select|sleep|wait\w*|join|run\w*|serve\w*|listen\w*|consume\w*|get|loop\w*|result|watch\w*|read\w*|next|recv\w*|pause|stream\w*)")
"""What may keep a plain function at a line."""
_WHY = "the connection goes back, or ends, right after LISTEN, and what it listened to with it; keep a connection of its own for as long as it is to hear"


class LentConnections:
    """Silent where anything is waited for before the connection goes, and where it is handed on, or kept, in that time."""

    name = "lent-connections"
    looks_at = Sight.SOURCE
    marks = ("LISTEN", "listen ", "add_listener")
    signs = (Sign(words=("add_listener",)), Sign(pattern=r"[\"'`](?:LISTEN|listen)[ \t]+[\w\"$%{]"))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for call in listens(eyes.code):
            function = function_of(call)
            if function is None or not isinstance(call.callee, Member):
                continue
            names = made_from(call.callee.object, function, _of_connection)
            gone = ending_block(call, function, names, _lent) or next((each for each in ending_calls(call, function, names, _BACK, handed=True) if not _closes_cursor(each, function)), None)
            if gone is not None and not _waits(function, call, gone, names):
                fact = LibraryTrap("listener-removed", "strong", _WHY, last_name(call.callee), "", module_of(call).language)
                label = "it goes at the end of this block" if isinstance(gone, With) else "it goes here"
                yield seen(fact, call, self.name, (seen(fact, gone, self.name, label=label),))


def _of_connection(made: Node) -> bool:
    """Whether something is made of a connection, which it does not outlive, and is none itself: a cursor, or what is written on."""
    made = made.value if isinstance(made, Await) else made
    return isinstance(made, Call) and last_name(made.callee) in ("cursor", "execution_options", "get_raw_connection") or isinstance(made, Member)


def _lent(block: With, made: Node | None) -> bool:
    """Whether what a block holds was lent to it."""
    # Of psycopg2 a block ends the transaction alone (psycopg.org/docs/usage.html, with statement).
    return isinstance(made, Call) and last_name(made.callee) in ("acquire", "connection", "connect", "getconn", "begin") and dotted(made.callee) != "psycopg2.connect"


def _closes_cursor(node: Call, function: Function) -> bool:
    held = node.callee.object if isinstance(node.callee, Member) else None
    made = next((each.value for each in within(function) if isinstance(each, Assign) and isinstance(held, Name) and isinstance(each.targets[0], Name) and each.targets[0].id == held.id), None)
    made = made.value if isinstance(made, Await) else made
    return isinstance(made, Call) and last_name(made.callee) == "cursor"


def _waits(function: Function, call: Call, gone: Node, names: set[str]) -> bool:
    """Whether anything but the connection's own short questions is waited for until the end, or the end lies in another call than the beginning."""
    for node in before_end(call, function, gone):
        if isinstance(node, (Yield, Loop)) or isinstance(node, With) and node.is_async:
            return True
        if isinstance(node, Await) and node.value is not gone and not _asks(node.value, names):
            return True
        if isinstance(node, Call) and not isinstance(node.parent, Await) and _WAITS.fullmatch(last_name(node.callee) or ""):
            return True
        if isinstance(node, Return) and not isinstance(gone, With):
            return True
    return any(isinstance(above, Loop) for above in up_to(call, function)) and isinstance(gone, Call)


def _asks(value: Node, names: set[str]) -> bool:
    """A question to the connection itself, which is answered at once."""
    if not isinstance(value, Call) or not isinstance(value.callee, Member):
        return False
    held = value.callee.object
    return isinstance(held, Name) and held.id in names and not _WAITS.fullmatch(value.callee.name)


PROBE = LentConnections()
