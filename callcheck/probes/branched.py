"""Is a callback given to a function of the project that, called this way, takes the branch without the stream?

    async def run(goal, on_step=None, live=False):
        if not live:
            return await graph.ainvoke(goal)
        async for step in graph.astream(goal): await on_step(step)
    await run(goal, show)                                   # live stays False: nobody calls show
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import RunWithoutStream
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.branches import Arguments, branches, looped, told
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Member, Name, Node, last_name

_STREAMS = pattern(r"stream|live|incremental|partial|token|chunk|delta|sse")
_WORDS = ("stream", "astream", "astream_events", "run_stream", "run_streamed", "streaming", "stream_chat", "astream_chat", "invoke_stream", "runStream", "streamText", "streamEvents", "text_stream", "stream_events")


class Branched:
    """Functions that call what they are given for each item of a stream, and calls of them that leave the stream turned off."""

    name = "branched"
    looks_at = Sight.SOURCE
    marks = ("stream",)
    answers = frozenset({RunWithoutStream})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in code.project.naming(*_WORDS):
            if is_test(module.path):
                continue
            for function in module.all(Function):
                for name, places in told(function).items():
                    loops = [loop for place in places if (loop := looped(place, function)) is not None]
                    if loops and all(branches(place, function) for place in places) and any(_streams(function, place, loop) for place, loop in zip(places, loops, strict=False)):
                        yield from self._calls(code, function, name, places)

    def _calls(self, code: Code, function: Function, name: str, places: list[Node]) -> Iterator[Evidence]:
        for call in code.origins.calls_of(function):
            arguments = Arguments(code.origins, function, call)
            given = arguments.of(places[0])
            if given is None or isinstance(given, Literal) or is_test(module_of(call).path):
                continue
            if all(any(arguments.holds(each.test) is (not each.wanted) for each in branches(place, function)) for place in places):
                own = name.removeprefix("self.")
                fact = RunWithoutStream(clean(function.name, 60), clean(own, 80), "", module_of(call).language)
                turned = next(each.test for each in branches(places[0], function) if arguments.holds(each.test) is (not each.wanted))
                because = (seen(fact, turned, self.name, label="called this way, it takes the other branch"), seen(fact, places[0], self.name, label=f"{clean(own, 40)} is only called here"))
                yield seen(fact, call, self.name, because)


def _streams(function: Function, place: Node, loop: Node) -> bool:
    """Whether the loop goes over a stream, or a test that leads to it speaks of one."""
    tests = [each for branch in branches(place, function) for each in branch.test.walk() if isinstance(each, (Name, Member))]
    over = getattr(loop, "over", None)
    called = [last_name(each.callee) for each in over.inside(Call)] if over is not None else []
    keywords = [keyword.name for each in (over.inside(Call) if over is not None else ()) for keyword in each.keywords]
    return any(_STREAMS.search(word) for word in (*(last_name(each) for each in tests), *called, *keywords))


PROBE = Branched()
