"""Which loops hold a thread for long, since each of their rounds computes for a while and none of them waits?

    for (const name of names) { const image = PNG.sync.read(readFileSync(name)); tell(name); }
    for (const row of rows) pack(row);                                  function pack(row) { … gzipSync(row.blob) … }
    files.forEach((file) => sheets.push(XLSX.readFile(file)));
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Await, Call, Function, Loop, Member, Node, Sequence, Spread, Yield

_GOES_OVER = frozenset({"forEach", "map", "flatMap", "filter", "reduce"})
_OWN_THREAD = pattern(r"\bparentPort\b|\{[^}\n]{0,80}\bworkerData\b[^}\n]{0,80}\}\s{0,4}(?:from\b|=\s{0,4}require)")
"""What a file has that runs in a thread of its own, where nobody else is served (nodejs.org/api/worker_threads)."""
_DEEPEST = 2
"""How many functions may lie between the loop and what computes."""


def held_rounds(code: Code, call: Call, depth: int = 0) -> Node | None:
    """The loop without a wait, or the call that goes over a list, that makes a call in each of its rounds; it may stand in what calls the function of that."""
    if _OWN_THREAD.search(module_of(call).text):
        return None
    below: Node = call
    for above in call.up():
        if isinstance(above, Loop) and any(part is below for part in above.body):
            return above if not _waits(above) and not _few(code, above.over) else None
        if isinstance(above, Function):
            over = above.parent
            if isinstance(over, Call) and isinstance(over.callee, Member) and over.callee.name in _GOES_OVER and above in over.args and not above.is_async:
                return over if not _few(code, over.callee.object) else None
            if above.is_async or above.is_generator or depth >= _DEEPEST:
                return None
            return next((found for each in code.origins.calls_of(above) if (found := held_rounds(code, each, depth + 1)) is not None), None)
        below = above
    return None


def _waits(loop: Loop) -> bool:
    return loop.is_async or any(function_of(each) is function_of(loop) for kind in (Await, Yield) for each in loop.inside(kind))


def _few(code: Code, over: Node | None) -> bool:
    """Whether a loop goes over a list that is written out, and so has few rounds."""
    named = code.origins.of(over).node if over is not None else None
    return any(isinstance(each, Sequence) and each.items and not any(isinstance(item, Spread) for item in each.items) for each in (over, named))
