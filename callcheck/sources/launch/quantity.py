"""Which number does an expression in a configuration written in Python or JavaScript come to?

workers = int(os.getenv("WEB_CONCURRENCY", multiprocessing.cpu_count() * 2 + 1))
instances: process.env.NODE_ENV === "production" ? "max" : 1
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcheck.sources.code.tree import (
    Assign,
    Call,
    Conditional,
    Export,
    If,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Operation,
    Subscript,
    Try,
    dotted,
)
from callcheck.sources.launch.words import Number, number

UNKNOWN = Number(None, False)
SEVERAL = Number(2, True)
_DEEPEST = 8
"""With at most four operands a call, 65,000 steps for the worst of texts."""
_CPUS = ("cpu_count", "cpus", "availableParallelism", "sched_getaffinity", "process_cpu_count")
_CASTS = (
    "int",
    "Number",
    "parseInt",
    "Number.parseInt",
    "round",
    "math.ceil",
    "math.floor",
    "Math.floor",
    "Math.ceil",
    "Math.round",
    "str",
    "len",
)


def quantity(node: Node | None, env: Mapping[str, str], names: Mapping[str, Node], depth: int = 0) -> Number:
    """The count that the expression means; the highest where it depends on the environment, 2 at least for a count of CPUs."""
    if node is None or depth > _DEEPEST:
        return UNKNOWN
    if isinstance(node, Literal):
        return SEVERAL if node.value == "max" else number(node.value, env)
    if isinstance(node, Name):
        return quantity(names.get(node.id), env, {k: v for k, v in names.items() if k != node.id}, depth + 1)
    if isinstance(node, Member):
        if node.name in ("length", "size"):
            return quantity(node.object, env, names, depth + 1)
        return _variable(node, env)
    if isinstance(node, Subscript):
        name = node.key.value if isinstance(node.key, Literal) else ""
        return number(env.get(str(name)), env)
    if isinstance(node, Call):
        return _call(node, env, names, depth)
    if isinstance(node, Conditional):
        return highest([quantity(branch, env, names, depth + 1) for branch in (node.then, node.orelse)])
    if isinstance(node, Operation):
        return _operation(node, env, names, depth)
    return UNKNOWN


def highest(found: list[Number]) -> Number:
    """The larger of several possible numbers."""
    known = [item for item in found if item.many is not None]
    if not known:
        return UNKNOWN
    return max(known, key=lambda item: (item.many or 0, item.at_least))


def _variable(node: Member, env: Mapping[str, str]) -> Number:
    return number(env.get(node.name), env) if dotted(node).startswith(("process.env.", "os.environ.")) else UNKNOWN


def _call(node: Call, env: Mapping[str, str], names: Mapping[str, Node], depth: int) -> Number:
    callee = dotted(node.callee)
    last = callee.rsplit(".", 1)[-1] if callee else node.callee.name if isinstance(node.callee, Member) else ""
    args = node.args[:4]
    if last in _CPUS:
        return SEVERAL
    if callee in ("os.getenv", "getenv", "os.environ.get", "environ.get") and args:
        name = args[0].value if isinstance(args[0], Literal) else ""
        stated = number(env.get(str(name)), env)
        return (
            stated
            if stated.many is not None
            else quantity(args[1], env, names, depth + 1)
            if len(args) > 1
            else UNKNOWN
        )
    if last in ("max", "min") and args:
        found = [quantity(arg, env, names, depth + 1) for arg in args]
        if last == "max":
            return highest(found)
        known = [item for item in found if item.many is not None]
        return min(known, key=lambda item: item.many or 0) if known else UNKNOWN
    if callee in _CASTS and args:
        return quantity(args[0], env, names, depth + 1)
    return UNKNOWN


def _operation(node: Operation, env: Mapping[str, str], names: Mapping[str, Node], depth: int) -> Number:
    found = [quantity(item, env, names, depth + 1) for item in node.operands[:4]]
    if node.operator in ("||", "??", "or"):
        return next((item for item in found if item.many), found[-1] if found else UNKNOWN)
    if any(item.many is None for item in found):
        return UNKNOWN
    if any(item.at_least for item in found):
        return SEVERAL
    counts = [item.many or 0 for item in found]
    if len(counts) == 1:
        return Number(-counts[0], False) if node.operator == "-" else UNKNOWN
    left, right = counts[0], counts[1]
    if node.operator == "+":
        return Number(left + right, False)
    if node.operator == "*":
        return Number(left * right, False)
    if node.operator == "-":
        return Number(left - right, False)
    return UNKNOWN


def assigned(module: Module) -> dict[str, Node]:
    """Names that the module's top level sets, and their values; the last one wins."""
    found: dict[str, Node] = {}
    for item in module.body:
        nodes = [item]
        if isinstance(item, Export):
            nodes = [value for value in item.names.values() if isinstance(value, Node)]
        for node in nodes:
            if isinstance(node, Assign) and node.value is not None:
                for target in node.targets:
                    if isinstance(target, Name):
                        found[target.id] = node.value
    return found


def values_of(module: Module, name: str) -> list[Node]:
    """What a name may be set to at the module's top level, also in the branches of an `if`, in order; what an unconditional line sets takes the place of all before it."""
    return _values(module.body, name, 0)


def _values(body: Sequence[Node], name: str, depth: int) -> list[Node]:
    found: list[Node] = []
    for node in body if depth <= _DEEPEST else ():
        if isinstance(node, Assign) and node.value is not None and any(isinstance(target, Name) and target.id == name for target in node.targets):
            found = [node.value]
        elif isinstance(node, If):
            then, orelse = (_values(branch, name, depth + 1) for branch in (node.then, node.orelse))
            found = [*(() if then and orelse else found), *then, *orelse]
        elif isinstance(node, Try):
            found += _values(node.body, name, depth + 1)
    return found
