"""Does a tool of this project take longer than the client that calls it waits for the answer?

    server.registerTool("survey", …, async ({ basin }) => { for (const lane of lanes) await sound(lane); })    // a rest of 6 s for each
    await client.callTool({ name: "survey" }, undefined, { onprogress })                                       // given up after 60 s

Source: @modelcontextprotocol/sdk 1.17 and 1.32.2, dist/esm/shared/protocol.js: DEFAULT_REQUEST_TIMEOUT_MSEC is 60000, and progress starts it anew only with resetTimeoutOnProgress.
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
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.lengths import TIMES, limits, rests, said_so, steps_of
from callcheck.sources.code.said_lengths import length_in, own_length
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Node, Object, last_name
from callcheck.sources.code.work_limits import Limit

_PATIENCE_S = 60
_OPTIONS = 2
"""Where a call has its options: behind what is asked for, and the schema of the answer."""


class SlowTools:
    """Follows a tool, by the name that it is called by, to the longest of its steps."""

    name = "slow-tools"
    looks_at = Sight.SOURCE
    about = ("call-tool",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("call-tool"):
            patience = _patience(code, use.call)
            if patience is None or is_test(use.module.path):
                continue
            names = set(code.idioms.events(use)) - {""}
            for tool in code.idioms.of("tool"):
                found = _too_long(code, tool, patience) if names.intersection(code.idioms.events(tool)) else None
                if found is None:
                    continue
                step, limit = found
                why = f"the tool may be at it for {said_so(limit.seconds)}, and the call ends after {said_so(patience)}, progress or not; give it resetTimeoutOnProgress: true, or a timeout"
                fact = LibraryTrap("upstream-timeout", "strong" if limit.kind in ("said", "rounds", "pause") else "fair", clean(why, 160), clean(last_name(use.call.callee), 60), use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, step, self.name, label="the tool takes its time here"),))
                break


def _patience(code: Code, call: Call) -> float | None:
    """For how many seconds the call waits; None where progress makes it wait on, or that cannot be read."""
    if len(call.args) <= _OPTIONS:
        return _PATIENCE_S
    options = code.origins.of(call.args[_OPTIONS]).node
    if not isinstance(options, Object) or any(not entry.key for entry in options.entries):
        return None
    again = options.get("resetTimeoutOnProgress")
    if again is not None and not (isinstance(again, Literal) and again.value is False):
        return None
    given = options.get("timeout")
    number = number_of(code.origins, given) if given is not None else _PATIENCE_S * 1000
    return number / 1000 if number else None


def _too_long(code: Code, tool: Use, patience: float) -> tuple[Node, Limit] | None:
    """The step of a tool, or what is said of it, that lasts longer."""
    told = ((node, length_in(node.value)) for node in tool.call.inside(Literal) if isinstance(node.value, str) and " " in node.value)
    found: list[tuple[Node, Limit | None]] = list(told)
    for handler in code.idioms.handlers(tool):
        if isinstance(handler, Function):
            found.append((handler, own_length(handler)))
            found += [(call, limit) for call, function in steps_of(code, handler) for limit in limits(code, call, function)]
            found += rests(code, handler)
    return next(((node, limit) for node, limit in found if limit is not None and limit.seconds >= patience * TIMES[limit.kind]), None)


PROBE = SlowTools()
