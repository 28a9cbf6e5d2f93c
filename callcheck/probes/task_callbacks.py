"""Can a task that is to be called after another be called with what it is given?

    render.apply_async((path,), link=notify.s(user_id))      # notify(result, user_id)
    chain(fetch.s(url), store.s())                           # store(result of fetch)
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
from callcheck.sources.code.tree import Call, Function, Literal, Member, Node, Sequence, Spread

_FAILURE = ("request", "exc", "traceback")
"""What a callback for errors is called with once it takes more than one argument (celery/app/builtins.py, backends/base.py)."""


class TaskCallbacks:
    """Looks at the `task-callback` idioms: where a signature stands that gets the result of another task first."""

    name = "task-callbacks"
    looks_at = Sight.SOURCE
    about = ("task-callback",)
    answers = frozenset({HandlerMisfit})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        tasks = {id(task): use for use in code.idioms.of("task") for task in (next((a for a in use.call.up() if isinstance(a, Function)), None),) if task is not None}
        for use in code.idioms.of("task-callback"):
            first = ("result",) if "after-success" in use.idiom.traits else _FAILURE
            placed = code.idioms.placed(use.call, use.idiom.event)
            for node in placed[1:] if "follows" in use.idiom.traits else placed:
                yield from self._judge(code, node, first, tasks)

    def _judge(self, code: Code, node: Node, first: tuple[str, ...], tasks: dict[int, Use]) -> Iterator[Evidence]:
        if isinstance(node, Sequence):
            for item in node.items:
                yield from self._judge(code, item, first, tasks)
            return
        if not isinstance(node, Call) or not isinstance(node.callee, Member) or node.callee.name not in ("s", "si") or any(isinstance(a, Spread) for a in node.args):
            return
        task = code.origins.of(node.callee.object).node
        decorating = tasks.get(id(task))
        if not isinstance(task, Function) or decorating is None or len(task.decorators) != 1:
            return
        bound = decorating.call.keyword("bind")
        own = isinstance(bound, Literal) and bound.value is True
        # `.si()` is immutable: the result before it is not handed on.
        before = first if node.callee.name == "s" else ()
        given = Given((*before, *(f"argument {at}" for at in range(1, len(node.args) + 1))), tuple(k.name for k in node.keywords if k.name))
        old_style = first is _FAILURE and len(task.params) - own == 1 and not node.args
        if not old_style and not fits(task, given, own):
            fact = HandlerMisfit(clean(task.name, 60), "", clean(takes(task), 80), clean(str(given), 120), "celery", "python")
            yield seen(fact, node, self.name, (seen(fact, task, self.name, label="the task that is called"),), label=f"it is called with ({clean(str(given), 80)})")


PROBE = TaskCallbacks()
