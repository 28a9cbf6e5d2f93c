"""Can a task that is to be called after another be called with what it is given?

    render.apply_async((path,), link=notify.s(user_id))      # notify(result, user_id)
    chain(fetch.s(url), store.s())                           # store(result of fetch)
    fetch.s(url) | store.s()                                 # the same
    chord(pages)(gather.s())                                 # gather(results of the pages)
    dramatiq.pipeline([fetch.message(url), store.message()]) # store(result of fetch)
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import HandlerMisfit
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.fits import Given, fits, takes
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Member, Node, Operation, Sequence, Spread, last_name

_FAILURE = ("request", "exc", "traceback")
"""What a callback for errors is called with once it takes more than one argument (celery/app/builtins.py, backends/base.py)."""
_SIGNATURES = frozenset({"s", "si", "message"})
"""Methods of a task that describe a call of it: Celery's, and dramatiq's (composition.py, middleware/pipelines.py)."""
_BEFORE = frozenset({*_SIGNATURES, "signature", "subtask", "group", "chain", "chord", "pipeline"})
"""What stands ahead of a `|` that puts one task behind another."""


class TaskCallbacks:
    """Looks at the `task-callback` idioms: where a signature stands that gets the result of another task first."""

    name = "task-callbacks"
    looks_at = Sight.SOURCE
    about = ("task-callback", "task")
    answers = frozenset({HandlerMisfit})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        tasks = {id(task): use for use in code.idioms.of("task") for task in (next((a for a in use.call.up() if isinstance(a, Function)), None),) if task is not None}
        for use in code.idioms.of("task-callback"):
            first = ("result",) if "after-success" in use.idiom.traits else _FAILURE
            placed = code.idioms.placed(use.call, use.idiom.event)
            if "follows" in use.idiom.traits:
                listed = placed[0].items if len(placed) == 1 and isinstance(placed[0], Sequence) else placed
                placed = listed[1:]
            if "then-called" in use.idiom.traits:
                placed = _called_with(use.call)
            for node in placed:
                yield from self._judge(code, node, first, tasks)
        for call in code.project.calls(*_SIGNATURES) if tasks else ():
            if _is_piped(call):
                yield from self._judge(code, call, ("result",), tasks)

    def _judge(self, code: Code, node: Node, first: tuple[str, ...], tasks: dict[int, Use]) -> Iterator[Evidence]:
        if isinstance(node, Sequence):
            for item in node.items:
                yield from self._judge(code, item, first, tasks)
            return
        if not isinstance(node, Call) or not isinstance(node.callee, Member) or node.callee.name not in _SIGNATURES or any(isinstance(a, Spread) for a in node.args):
            return
        task = code.origins.of(node.callee.object).node
        decorating = tasks.get(id(task))
        if not isinstance(task, Function) or decorating is None or len(task.decorators) != 1 or decorating.call.keyword("pipe_ignore") is not None:
            return
        bound = decorating.call.keyword("bind")
        own = isinstance(bound, Literal) and bound.value is True
        # `.si()` is immutable: the result before it is not handed on.
        before = () if node.callee.name == "si" else first
        given = Given((*before, *(f"argument {at}" for at in range(1, len(node.args) + 1))), tuple(k.name for k in node.keywords if k.name))
        old_style = first is _FAILURE and len(task.params) - own == 1 and not node.args
        if not old_style and not fits(task, given, own):
            fact = HandlerMisfit(clean(task.name, 60), "", clean(takes(task), 80), clean(str(given), 120), decorating.idiom.reason, "python")
            yield seen(fact, node, self.name, (seen(fact, task, self.name, label="the task that is called"),), label=f"it is called with ({clean(str(given), 80)})")


def _called_with(call: Call) -> list[Node]:
    """What the result of a call is called with at once: `chord(pages)(gather.s())`."""
    above = call.parent
    return list(above.args[:1]) if isinstance(above, Call) and above.callee is call else []


def _is_piped(call: Call) -> bool:
    """Whether a signature stands behind another one's `|`."""
    above = call.parent
    if not isinstance(above, Operation) or above.operator != "|":
        return False
    at = next((n for n, each in enumerate(above.operands) if each is call), 0)
    return at > 0 and isinstance(before := above.operands[at - 1], Call) and last_name(before.callee) in _BEFORE


PROBE = TaskCallbacks()
