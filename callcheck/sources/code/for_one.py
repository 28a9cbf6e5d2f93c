"""Does code run in one chosen process only: below a test on what sets processes apart, in a class that is listed for such a one alone?

    if (process.env.NODE_APP_INSTANCE === "0") start();        const jobs = process.env.APP_ROLE === "jobs"; if (jobs) start();
    @Module({ providers: [Orders, ...(jobs ? [Sweep] : [])] })       ConditionalModule.registerWhen(JobsModule, "RUN_JOBS")
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.environ import variable
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import enclosing, function_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
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
_SAME, _OTHER = frozenset({"===", "==", "in"}), frozenset({"!==", "!=", "not in"})
_ROLES = pattern(r"(?:^|_)(?:ROLE|PROCESS_TYPE)$", re.I)
_SERVING = frozenset({"web", "api", "server", "http"})
"""Roles of processes that serve requests, of which there may be many."""
_APPLICATIONS = ("application", "app")
"""The names under which a module has what a server is to serve."""
_DEEPEST = 4
_LISTS = frozenset({"push", "registerWhen", "unshift", "concat"})
"""Calls that put a class into a container's list."""


def for_one_process(code: Code, node: Node, depth: int = 0) -> bool:
    """Whether only one chosen process gets here: by a test in this function, at each of its calls, or where its class is listed."""
    if any(_chooses(code, test, wanted) for test, wanted in tests_above(node)):
        return True
    if any(isinstance(above, Call) and last_name(above.callee) == "registerWhen" for above in node.up()):
        return True
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


def tests_above(node: Node) -> Iterator[tuple[Node, bool]]:
    """The tests that a piece of code stands below, up to the top of its file, each with the result by which one gets there: those around it, and those
    above it that end the function: `if (process.env.NODE_APP_INSTANCE !== "0") return;`."""
    below = node
    for above in node.up():
        if isinstance(above, (If, Conditional)) and below is not above.test:
            yield above.test, _in_then(above, below)
        elif isinstance(above, Operation) and above.operator in ("&&", "and") and above.operands and below is not above.operands[0]:
            yield above.operands[0], True
        elif isinstance(above, Function):
            early = (each for each in above.body if isinstance(each, If) and each.line < node.line)
            yield from ((each.test, False) for each in early if any(isinstance(s, Return) for s in each.then))
        below = above


def _in_then(above: If | Conditional, below: Node) -> bool:
    return below is above.then if isinstance(above, Conditional) else any(below is each for each in above.then)


def _chooses(code: Code, test: Node, wanted: bool) -> bool:
    """By the names and texts of a test, and of what a name in it was given; not where it lets through, as `wanted` says, whatever serves requests."""
    held = (given_once(code.origins, name) for name in test.walk() if isinstance(name, (Name, Member)))
    parts = [test, *(each.value for each in held if each is not None and each.value is not None)]
    words = (dotted(n) if isinstance(n, (Name, Member)) else str(n.value) for part in parts for n in part.walk() if isinstance(n, (Name, Member, Literal)))
    return bool(_CHOSEN.search(" ".join(words))) and not any(_lets_servers_in(code, part, wanted) for part in parts)


def _lets_servers_in(code: Code, test: Node, wanted: bool) -> bool:
    """Whether a comparison has the result that is wanted in each process that serves: `ROLE == "web"`, or with what the module sets that the server loads."""
    if not isinstance(test, Operation) or test.operator not in _SAME | _OTHER or len(test.operands) != 2:
        return False
    one, other = test.operands if not isinstance(test.operands[0], Literal) else reversed(test.operands)
    said = [str(each.value) for each in (other.items if isinstance(other, Sequence) else [other]) if isinstance(each, Literal)]
    held = given_once(code.origins, one) if isinstance(one, (Name, Member)) else None
    name, _ = variable(code.origins, code.idioms.text, held.value if held is not None and held.value is not None else one)
    serving = frozenset(said) & _SERVING or frozenset({"web"})
    values = code.once(set_by_servers).get(name, serving if _ROLES.search(name) else frozenset()) if name else frozenset()
    return bool(said) and any(((value in said) is (test.operator in _SAME)) is wanted for value in values)


def set_by_servers(code: Code) -> dict[str, frozenset[str]]:
    """The variables that modules set which a server loads, since they have its application, and their values."""
    found: dict[str, frozenset[str]] = {}
    for module in code.project.naming("environ"):
        tops = [each for each in module.all(Assign) if function_of(each) is None and isinstance(each.value, (Call, Literal))]
        if any(last_name(target) in _APPLICATIONS for each in tops for target in each.targets if isinstance(target, Name)):
            for each in tops:
                read = dotted(each.targets[0])
                if read.startswith("os.environ.") and isinstance(each.value, Literal):
                    name = read.removeprefix("os.environ.")
                    found[name] = found.get(name, frozenset()) | {str(each.value.value)}
    return found
