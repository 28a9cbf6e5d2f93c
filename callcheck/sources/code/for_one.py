"""Does code run in one chosen process only: below a test on what sets processes apart, in a class that is listed for such a one alone?

    if (process.env.NODE_APP_INSTANCE === "0") start();        const jobs = process.env.APP_ROLE === "jobs"; if (jobs) start();
    @Module({ providers: [Orders, ...(jobs ? [Sweep] : [])] })       ConditionalModule.registerWhen(JobsModule, "RUN_JOBS")
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import enclosing, function_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Conditional,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Return,
    Sequence,
    dotted,
    last_name,
)

_CHOSEN = pattern(r"NODE_APP_INSTANCE|INSTANCE_ID|WORKER_ID|pm_id|isPrimary|isMaster|INSTANCE|LEADER|SCHEDUL|CRON|ORDINAL|lock|redlock|advisory|(?:^|[ _.])ROLE(?:$|[ _])|PROCESS_TYPE", re.I)
"""Names in a test that picks one process."""
_DEEPEST = 4
_LISTS = frozenset({"push", "registerWhen", "unshift", "concat"})
"""Calls that put a class into a container's list."""


def for_one_process(code: Code, node: Node, depth: int = 0) -> bool:
    """Whether only one chosen process gets here: by a test in this function, at each of its calls, or where its class is listed."""
    below = node
    for above in node.up():
        if isinstance(above, (If, Conditional)) and below is not above.test and _chooses(code, above.test):
            return True
        if isinstance(above, Operation) and above.operator == "&&" and above.operands and below is not above.operands[0] and _chooses(code, above.operands[0]):
            return True
        if isinstance(above, Call) and last_name(above.callee) == "registerWhen":
            return True
        if isinstance(above, Function) and _leaves_early(code, above, node):
            return True
        below = above
    if depth >= _DEEPEST:
        return False
    function, cls = function_of(node), enclosing(node, ClassDef)
    calls = code.origins.calls_of(function) if function is not None else []
    if calls:
        return all(for_one_process(code, call, depth + 1) for call in calls)
    listed = _listings(code, cls) if isinstance(cls, ClassDef) else []
    return bool(listed) and all(for_one_process(code, each, depth + 1) for each in listed)


def _listings(code: Code, cls: ClassDef) -> list[Name]:
    """Where a class is put into a list, as a container's modules do it."""
    found = []
    for module in code.project.naming(cls.name):
        named = (name for name in module.all(Name) if name.id == cls.name) if not is_test(module.path) else ()
        for name in named:
            holder = name.parent
            lists = isinstance(holder, Sequence) or (isinstance(holder, Call) and last_name(holder.callee) in _LISTS)
            if lists and code.origins.of(name).cls is cls:
                found.append(name)
    return found


def _leaves_early(code: Code, above: Function, node: Node) -> bool:
    """`if (process.env.NODE_APP_INSTANCE !== "0") return;` above the node."""
    tests = (each for each in above.body if isinstance(each, If) and each.line < node.line)
    return any(_chooses(code, each.test) and any(isinstance(s, Return) for s in each.then) for each in tests)


def _chooses(code: Code, test: Node) -> bool:
    """By the names and texts of a test, and of what a name in it was given."""
    held = (given_once(code.origins, name) for name in test.walk() if isinstance(name, (Name, Member)))
    parts = [test, *(each.value for each in held if each is not None and each.value is not None)]
    words = (dotted(n) if isinstance(n, (Name, Member)) else str(n.value) for part in parts for n in part.walk() if isinstance(n, (Name, Member, Literal)))
    return bool(_CHOSEN.search(" ".join(words)))
