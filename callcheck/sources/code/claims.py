"""Does a function claim its work in a database that all processes share, so that one of them does it?

    claimed = await pool.query("insert into runs (day) values ($1) on conflict do nothing returning day", [day])
    if (claimed.rowCount === 0) return;
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.query_texts import query_texts
from callcheck.sources.code.scopes import is_statement
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Catch,
    Conditional,
    Function,
    If,
    Literal,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Return,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_HOLDS = pattern(r"\bfor\s+(?:no\s+key\s+)?update\b[^;]{0,60}\bskip\s+locked\b|\bpg_(?:try_)?advisory_|\bget_lock\s*\(|\bsp_getapplock\b", re.I)
"""What other processes wait for, or are told nothing of: nothing is to be asked afterwards."""
_TELLS = pattern(
    r"\bon\s+conflict\b[\s\S]{0,200}?\bdo\s+nothing\b|\binsert\s+(?:or\s+)?ignore\b|\bon\s+duplicate\s+key\b|\bwhere\s+not\s+exists\b"
    r"|\bupdate\b[\s\S]{1,300}?\bset\b[\s\S]{1,300}?\bwhere\b[\s\S]{1,300}?(?:\bis\s+null\b|\band\b|\b(?:status|state|claimed\w*|locked\w*|taken\w*)\s*(?:=|<))",
    re.I,
)
"""What tells by the rows that it changed whether this process came first."""
_METHODS = frozenset(
    "onConflictDoNothing on_conflict_do_nothing orIgnore doNothing findOrCreate get_or_create update_or_create findOneAndUpdate find_one_and_update updateMany setNX".split()
)
"""The same, as methods of libraries that write the statement."""
_ONLY_FIRST = ("nx", "NX", "skip_locked", "skipLocked", "skipDuplicates", "ignore_conflicts")
_TAKEN_CODES = ("23505", "P2002", "ER_DUP_ENTRY", "SQLITE_CONSTRAINT_UNIQUE", 11000)
_TAKEN = pattern(r"Integrity|Unique|Duplicate", re.I)
_ROWS = frozenset({"rowcount", "fetchone", "fetchall", "fetchmany", "fetch", "lastrowid"})
"""What a cursor says of the statement that it was given last."""


def claims(code: Code, function: Function | Loop) -> bool:
    """Whether what a function does next hangs on a statement of which only the first process is told that it changed something."""
    for call in function.inside(Call):
        texts = [text for arg in (*call.args, *(each.value for each in call.keywords)) for text in query_texts(code, arg)]
        if any(_HOLDS.search(text) for text in texts):
            return True
        first = last_name(call.callee) in _METHODS or any(_TELLS.search(text) for text in texts) or _only_first(call)
        if first and _asked(function, call):
            return True
    return _taken(function)


def _only_first(call: Call) -> bool:
    """`set(key, 1, nx=True)`, `set(key, 1, "EX", 60, "NX")`, `set(key, 1, { NX: true })`."""
    return any(call.keyword(name) is not None for name in _ONLY_FIRST) or any(isinstance(arg, Literal) and arg.value in ("nx", "NX") for arg in call.args)


def _asked(function: Function | Loop, call: Call) -> bool:
    """Whether a test, or who called the function, hears what the call gave."""
    node: Node = call
    while isinstance(node.parent, (Await, Member, Call, Assign, Return, If, Conditional, Operation, Loop)):
        if isinstance(node.parent, (Return, If, Conditional)) or (isinstance(node.parent, Loop) and node is not node.parent.target):
            return True
        if isinstance(node.parent, Assign):
            names = {name.id for target in node.parent.targets for name in target.inside(Name)}
            return any(name.id in names for test in _tests(function, call) for name in test.inside(Name))
        node = node.parent
    return is_statement(node) and any(each.name in _ROWS and each.at > call.at for each in function.inside(Member))


def _tests(function: Function | Loop, call: Call) -> Iterator[Node]:
    """What is tested, gone over or given back after a call."""
    asked = [*(each.test for each in function.inside(If)), *(each.test for each in function.inside(Conditional))]
    heard = [*(each.test or each.over for each in function.inside(Loop)), *(each.value for each in function.inside(Return))]
    yield from (each for each in (*asked, *heard) if each is not None and each.at > call.at)


def _taken(function: Function | Loop) -> bool:
    """`except IntegrityError: return`: the row was there."""
    if any(_TAKEN.search(name) for each in function.inside(Catch) for name in each.types):
        return True
    return any(literal.value in _TAKEN_CODES for each in function.inside(Catch) for literal in each.inside(Literal))
