"""Is the sender's answer held back until a listener is done, though the listener acknowledges first and then works for long?

    new ExpressReceiver({ processBeforeResponse: true })       // nothing is answered before the listener has returned
    app.command("/report", async ({ ack }) => { await ack(); for (const id of ids) await fetch(url(id)); });
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Await, Call, Function, Loop, last_name

_LONG = 3
"""Requests one after the other that may take as long as such a sender waits; a model, a program and a loop of requests count as much."""
_DEEPEST = 4


class HeldAnswers:
    """Weighs what the listeners with a deadline wait for, where a `holds-answer` idiom puts the answer off."""

    name = "held-answers"
    looks_at = Sight.SOURCE
    about = ("holds-answer",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        holding = next((use for use in code.idioms.of("holds-answer") if not is_test(use.module.path)), None)
        if holding is None:
            return
        long = {id(use.call): _LONG for use in code.idioms.of("wait", "lengthy") if "slow" in use.idiom.traits or use.idiom.does == "lengthy"}
        weights = {**{id(use.call): 1 for use in code.idioms.of("asks", "outward")}, **long}
        for use in code.idioms.uses:
            if "must-call-ack" in use.idiom.traits and use.framework is holding.framework and use.call.keyword("lazy") is None and not is_test(use.module.path):
                for handler in (each for each in code.idioms.handlers(use) if isinstance(each, Function)):
                    yield from self._judge(code, use, handler, holding, weights)

    def _judge(self, code: Code, use: Use, handler: Function, holding: Use, weights: dict[int, int]) -> Iterator[Evidence]:
        acks = [call for call in handler.inside(Call) if last_name(call.callee) == "ack"]
        parts = [(weight, call) for call, weight in _weighed(code, handler, weights, 0) if acks and call.at > acks[0].at]
        if sum(weight for weight, _ in parts) < _LONG:
            return
        work = max(parts, key=lambda part: part[0])[1]
        trap = LibraryTrap("callback-rejected", "strong", clean(holding.idiom.says, 160), clean(last_name(work.callee), 60), holding.framework.name, use.module.language)
        because = (
            seen(trap, holding.call, self.name, label="nothing is answered before the listener is done", spot=r"process_?[bB]efore_?[rR]esponse"),
            seen(trap, acks[0], self.name, label="this alone answers nobody"),
        )
        yield seen(trap, work, self.name, because)


def _weighed(code: Code, function: Function, weights: dict[int, int], depth: int) -> Iterator[tuple[Call, int]]:
    """The calls of a function that are waited for, with what they weigh; those of a loop are made many times."""
    for call in function.inside(Call):
        if function_of(call) is not function or not _waited(call, function):
            continue
        weight = weights.get(id(call), 0)
        origin = code.origins.of(call.callee) if not weight and depth < _DEEPEST else None
        if origin is not None and origin.kind == "function" and isinstance(origin.node, Function) and origin.node is not function:
            weight = sum(each for _, each in _weighed(code, origin.node, weights, depth + 1))
        if weight:
            yield call, weight * (_LONG if any(isinstance(above, Loop) for above in call.up() if above.at > function.at) else 1)


def _waited(call: Call, function: Function) -> bool:
    """Whether the function goes on only when the call is done; in Python a plain function waits for whatever it calls."""
    if not function.is_async:
        return module_of(call).language == "python"
    return any(isinstance(above, Await) for above in call.up() if above.at > function.at)


PROBE = HeldAnswers()
