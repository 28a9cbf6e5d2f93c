"""How does a bus that is written by hand call the functions it holds, and does it hold them weakly?

    for fn in self._subs[name]: fn(**kw)            # plainly: a coroutine that it gives back is dropped
    self._subs.append(weakref.ref(fn))              # a bound method is gone at once
"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.tables import REFERENCES, Touch
from callcheck.sources.code.tree import Assign, Call, Function, Member, Name, Node, Spread, last_name

_ASKS = frozenset("iscoroutinefunction iscoroutine isawaitable ensure_future create_task gather run_coroutine_threadsafe async_to_sync".split())
_ADAPTS = frozenset({"signature", "getfullargspec", "getargspec", "bind"})
WEAK_TABLES = frozenset({"WeakSet", "WeakKeyDictionary", "WeakValueDictionary"})


class Dispatch:
    """What the emissions of each table of one project have in common; Python alone, where it matters."""

    def __init__(self, touches: Iterable[Touch]) -> None:
        self._emits: dict[str, list[Touch]] = {}
        for touch in touches:
            if touch.does == "emit" and isinstance(touch.at, Call) and module_of(touch.at).language == "python":
                self._emits.setdefault(touch.table, []).append(touch)

    def traits(self, touch: Touch) -> tuple[str, ...]:
        """`calls-plainly` for a registration whose coroutines nobody awaits, `hands-on` for an emission that passes on all it is given."""
        emits = self._emits.get(touch.table, [])
        if touch.does == "register" and emits and all(_plain(each) for each in emits):
            return ("calls-plainly",)
        return ("hands-on",) if touch.does == "emit" and touch in emits and _hands_on(touch) else ()

    def takes(self, touch: Touch) -> str:
        """What every emission calls a registered function with, as `Idiom.takes`; "" if it differs or cannot be told."""
        shapes = {_shape(each) for each in self._emits.get(touch.table, [])} if touch.does == "register" else set()
        return shapes.pop() if len(shapes) == 1 else ""


def weakly(touch: Touch) -> str:
    """`ref` or `WeakMethod` if a registration keeps a reference of this kind, `ref` too for a weak table; "" if it holds on."""
    call = touch.at
    wrapped = call.args[-1] if isinstance(call, Call) and call.args else None
    if isinstance(wrapped, Call) and last_name(wrapped.callee) in REFERENCES:
        return last_name(wrapped.callee)
    made: list[Node] = [touch.site] if touch.site is not None else []
    if touch.cls is not None:
        made = [assign for assign in touch.cls.inside(Assign) if any(isinstance(t, Member) and t.name == touch.field for t in assign.targets)]
    values = [each.value if isinstance(each, Assign) else each for each in made]
    return "ref" if any(last_name(n) in WEAK_TABLES for v in values if v is not None for n in (*v.inside(Name), *v.inside(Member))) else ""


def _plain(touch: Touch) -> bool:
    """Whether what the called function gives back is dropped, and the function around never asks for coroutines."""
    inner = function_of(touch.at)
    return is_statement(touch.at) and not (_names(touch.function) | (_names(inner) if inner is not None else set())) & _ASKS


def _hands_on(touch: Touch) -> bool:
    call, kinds = touch.at, {p.name: p.kind for p in touch.function.params}
    if not isinstance(call, Call) or _names(touch.function) & _ADAPTS:
        return False
    spread = [a.value.id for a in call.args if isinstance(a, Spread) and isinstance(a.value, Name)]
    named = [k.value.id for k in call.keywords if not k.name and isinstance(k.value, Name)]
    whole = len(spread) == len(call.args) and len(named) == len(call.keywords)
    return whole and all(kinds.get(n) == "rest" for n in spread) and all(kinds.get(n) == "keywords" for n in named) and bool(spread or named)


def _shape(touch: Touch) -> str:
    call = touch.at
    if not isinstance(call, Call) or any(isinstance(a, Spread) for a in call.args) or any(not k.name for k in call.keywords) or _names(touch.function) & _ADAPTS:
        return ""
    given = [last_name(a) if isinstance(a, (Name, Member)) else f"argument{at}" for at, a in enumerate(call.args)]
    return " | ".join(filter(None, (" ".join(given), " ".join(k.name for k in call.keywords))))


def _names(function: Function) -> set[str]:
    return {last_name(call.callee) for call in function.inside(Call)}
