"""Which callbacks are kept in a list or table, and called later by something else than the call that brought them?

    write(row, done) { this.pending.push({ row, done }); }            // kept
    flush() { for (const entry of this.pending.splice(0)) entry.done(); }   // called, in the context of whatever runs flush()
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Assign, Call, Function, Loop, Member, Name, Node, Object, Subscript, last_name

_KEEPS = frozenset({"push", "set", "add", "unshift", "enqueue"})
_SETTLES = frozenset({"resolve", "reject"})
"""What a promise waits for: behind the `await` the context is that of who waits."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A parameter of `keeper` that is kept at `at` and called by `caller`."""

    keeper: Function
    index: int
    at: Node
    caller: Function
    call: Call


def parked(origins: Origins) -> Iterator[Parked]:
    """Each callback that one function keeps and another of its file calls."""
    for call in origins.project.calls(*_KEEPS):
        if isinstance(call.callee, Member) and call.args and module_of(call).language != "python":
            yield from _kept(call, last_name(call.callee.object), call.args[-1])
    for assign in (a for module in origins.project.chosen.values() if module.language != "python" for a in module.all(Assign)):
        target = assign.targets[0]
        if isinstance(target, Subscript) and assign.value is not None:
            yield from _kept(assign, last_name(target.object), assign.value)


def _kept(at: Node, holder: str, value: Node) -> Iterator[Parked]:
    keeper = function_of(at)
    if keeper is None or not holder:
        return
    parts = [(entry.key or "", entry.value) for entry in value.entries] if isinstance(value, Object) else [("", value)]
    for key, part in parts:
        index = next((n for n, param in enumerate(keeper.params) if isinstance(part, Name) and param.name == part.id), -1)
        if index < 0 or not isinstance(part, Name) or part.id in _SETTLES:
            continue
        for caller, call in _callers(at, holder, key):
            if caller is not keeper:
                yield Parked(keeper, index, at, caller, call)


def _callers(at: Node, holder: str, key: str) -> Iterator[tuple[Function, Call]]:
    """The functions of the file that mention the holder and call something that they take from it."""
    for function in module_of(at).all(Function):
        if function.at <= at.at < function.end or not any(last_name(n) == holder for n in (*function.inside(Name), *function.inside(Member))):
            continue
        taken = _taken(function)
        for call in function.inside(Call):
            callee = call.callee
            fits = isinstance(callee, Member) and callee.name == key if key else isinstance(callee, Name) and callee.id in taken
            if fits or (key and isinstance(callee, Name) and callee.id == key and key in taken):
                yield function, call
                break


def _taken(function: Function) -> set[str]:
    """The names that a function gives to what it takes from somewhere: by loops, assignments and the parameters of callbacks."""
    targets = [loop.target for loop in function.inside(Loop) if loop.target is not None]
    targets += [target for assign in function.inside(Assign) if assign.declared for target in assign.targets]
    names = {name.id for target in targets for name in target.inside(Name)}
    params = (param for inner in function.inside(Function) if inner is not function for param in inner.params)
    return names.union(*({param.name, *param.binds} for param in params))
