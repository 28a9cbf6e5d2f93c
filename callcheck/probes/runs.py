"""Are runs streamed where somebody listens for streamed events, and are their results used?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import ResultUnused, RunWithoutStream
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.left_alone import left_alone
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    Function,
    If,
    Module,
    Name,
    dotted,
    last_name,
)  # fmt: skip


class Runs:
    """Looks at how agents, teams, runtimes and coroutines are run."""

    name = "runs"
    looks_at = Sight.SOURCE
    signs = (Sign(dropped=("coroutine", "generator")), Sign(words=("map",), pattern=r"(?m)^[ \t]+(?:list\()?map\("))
    answers = frozenset({RunWithoutStream, ResultUnused})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._unstreamed(code)
        yield from self._own_streams(code)
        yield from self._coroutines(code)
        yield from self._maps(code)

    def _unstreamed(self, code: Code) -> Iterator[Evidence]:
        """A plain run on an object on which streamed events are listened to, and no streaming run anywhere on it."""
        runs = list(code.idioms.of("run"))
        streaming = {code.lifetimes.identity(u.receiver) for u in runs if "streaming" in u.idiom.traits}
        for use in runs:
            identity = code.lifetimes.identity(use.receiver)
            if "non-streaming" not in use.idiom.traits or identity in streaming:
                continue
            for heard in code.idioms.of("register"):
                if heard.framework is use.framework and code.lifetimes.identity(heard.receiver) == identity:
                    for event in code.idioms.events(heard):
                        if event and event in use.framework.streamed:
                            yield self._without(code, use.call, heard.call, event, use.framework.name)

    def _without(self, code: Code, run: Call, heard: Call, event: str, framework: str) -> Evidence:
        fact = RunWithoutStream(_method(run), clean(event, 80), framework, module_of(run).language)
        listens = seen(fact, heard, self.name, label=f"listens for {event}, which only a streaming run emits")
        return seen(fact, run, self.name, (listens,))

    def _own_streams(self, code: Code) -> Iterator[Evidence]:
        """What the project's own object emits only while it streams, where only the sibling that does not is called."""
        listening = list(code.idioms.of("register"))
        if not listening:
            return
        from callcheck.sources.code.streaming import unasked_streams, whole_calls

        told: set[tuple[int, str]] = set()
        for heard in listening:
            for event in code.idioms.events(heard):
                for call in (*whole_calls(code, heard, event), *unasked_streams(code, heard, event)):
                    if (call.at, event) not in told:
                        told.add((call.at, event))
                        yield self._without(code, call, heard.call, event, heard.framework.name)

    def _coroutines(self, code: Code) -> Iterator[Evidence]:
        """A call of the project's own async function (Python) or generator (both) as a bare statement."""
        for module in code.project.chosen.values():
            for node in module.all(Call):
                if last_name(node.callee) not in code.deferred or not left_alone(node) or _told_apart(node):
                    continue
                origin = code.origins.of(node.callee)
                function = origin.node if origin.kind == "function" else None
                if not isinstance(function, Function) or function.decorators or node.new:
                    continue
                if function.is_generator:
                    yield seen(ResultUnused("generator", function.name, "", module.language), node, self.name, (_made(self.name, function, module),))
                elif function.is_async and module.language == "python":
                    yield seen(ResultUnused("coroutine", function.name, "", module.language), node, self.name, (_made(self.name, function, module),))

    def _maps(self, code: Code) -> Iterator[Evidence]:
        """Python's `map()` calls nothing before somebody iterates over it, and in `list(map(...))` an async function only makes coroutines."""
        for module in code.project.chosen.values():
            for call in module.calls("map") if module.language == "python" else ():
                above = call.parent
                listed = isinstance(above, Call) and call in above.args and dotted(above.callee) in ("list", "tuple", "set")
                if not isinstance(call.callee, Name) or not call.args or not left_alone(above if listed and above is not None else call):
                    continue
                function = code.origins.of(call.args[0]).node
                if isinstance(function, Function) and (not listed or function.is_async):
                    form, name = ("coroutine", function.name) if listed else ("generator", "map")
                    yield seen(ResultUnused(form, clean(name, 60), "", module.language), call, self.name)


def _method(call: Call) -> str:
    return clean(dotted(call.callee).rsplit(".", 1)[-1], 60) or "it"


def _made(probe: str, function: Function, module: Module) -> Evidence:
    form = "generator" if function.is_generator else "coroutine"
    return seen(ResultUnused(form, function.name, "", module.language), function, probe, label=f"calling it only makes a {form}")


def _told_apart(node: Call) -> bool:
    """Whether the call stands below a test of a type, so that its object is not what it seems to be."""
    return any(isinstance(a, If) and any(isinstance(t, Call) and dotted(t.callee) == "isinstance" for t in a.test.walk()) for a in node.up())


PROBE = Runs()
