"""What runs only in the primary process of a cluster?

    if (cluster.isPrimary) cron.schedule("0 2 * * *", bill);     // under PM2 the daemon is the primary: this never runs
    export const isLeader = () => cluster.isPrimary;             // nor what asks this

A program that forks its own workers there is as well off under PM2, whose workers do what its own would do: of that branch only what it does beside the forking is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import CallNoted
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tested import bodies, first_call, places
from callcheck.sources.code.tree import Await, Call, Literal, Member, Name, Node, dotted, last_name

_PRIMARY = ("isPrimary", "isMaster")


class Primary:
    """Looks at branches for the primary process; whether somebody else is the primary, the rule asks."""

    name = "primary"
    looks_at = Sight.SOURCE
    marks = _PRIMARY
    signs = (Sign(words=_PRIMARY),)
    answers = frozenset({CallNoted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in code.project.naming(*_PRIMARY):
            named = (node for kind in (Member, Name) for node in module.all(kind) if last_name(node) in _PRIMARY) if not is_test(module.path) else ()
            for place in (place for node in named for place in places(code, node)):
                call = next((first for body, otherwise in bodies(place) if not otherwise and (first := _first(body)) is not None), None)
                if call is not None:
                    method = clean(last_name(call.callee), 60)
                    yield seen(CallNoted("primary-only", method, "", "module", "node-processes", module.language), call, self.name)


def _first(body: list[Node]) -> Call | None:
    """The first call that matters; where workers are forked, the first that is a statement of its own and has nothing to do with them."""
    calls = [call for statement in body for call in statement.inside(Call)]
    if not any(map(_forks, calls)):
        return first_call(body)
    return next((call for call in calls if _is_statement(call) and first_call([call]) is call and not any(map(_of_workers, (call, *call.up())))), None)


def _forks(call: Call) -> bool:
    return last_name(call.callee) == "fork"


def _of_workers(node: Node) -> bool:
    """Whether a call forks, or sets up or follows the workers: `cluster.on("exit", ...)`; what they send is for the primary to work on."""
    return isinstance(node, Call) and ((dotted(node.callee).startswith("cluster.") and not _takes_messages(node)) or any(map(_forks, node.inside(Call))))


def _takes_messages(call: Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], Literal) and call.args[0].value == "message"


def _is_statement(call: Call) -> bool:
    """Whether nothing is done with what a call gives, but for waiting for it."""
    node = call.parent if isinstance(call.parent, Await) else call
    return any(node is each for name in ("body", "then", "orelse", "final") for each in getattr(node.parent, name, ()))


PROBE = Primary()
