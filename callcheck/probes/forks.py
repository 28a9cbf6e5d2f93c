"""Does the program fork workers of itself?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.deployment import InstancesFactor
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Loop, Member, Node

_FORKS = ("cluster.fork",)
_ENDS = ("exit", "disconnect")


class Forks:
    """Finds `cluster.fork()` in the sources; how often it is called is seldom written down, so it counts as more than one, unless the program plainly calls it once."""

    name = "forks"
    looks_at = Sight.SOURCE
    marks = ("fork",)
    signs = (Sign(words=("fork",), also=("cluster",)),)
    answers = frozenset({InstancesFactor})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        forks = [node for node in code.project.calls("fork") if isinstance(node.callee, Member) and code.origins.of(node.callee).qualified in _FORKS]
        first = [node for node in forks if not _in_place_of_another(node)]
        if first and (len(first) > 1 or not _once(first[0])):
            yield seen(InstancesFactor(2, True, "processes", "node-cluster", "", "cluster.fork()"), first[0], self.name)


def _once(node: Node) -> bool:
    """Whether a call stands among what the module does as it is loaded, outside of loops and functions."""
    return enclosing(node, Function, Loop) is None


def _in_place_of_another(node: Node) -> bool:
    """Whether a worker is forked for one that ended: `cluster.on("exit", () => cluster.fork())`."""
    function = enclosing(node, Function)
    call = function.parent if function is not None else None
    return isinstance(call, Call) and isinstance(call.callee, Member) and call.callee.name in ("on", "once") and isinstance(call.args[0], Literal) and call.args[0].value in _ENDS


PROBE = Forks()
