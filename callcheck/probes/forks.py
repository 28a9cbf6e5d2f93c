"""Does the program fork workers of itself?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.deployment import InstancesFactor
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Member

_FORKS = {"cluster.fork": "node-cluster"}


class Forks:
    """Finds `cluster.fork()` in the sources; how often it is called is seldom written down, so it counts as more than one."""

    name = "forks"
    looks_at = Sight.SOURCE
    marks = ("fork",)
    signs = (Sign(words=("fork",), also=("cluster",)),)
    answers = frozenset({InstancesFactor})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for node in code.project.calls("fork"):
            system = _FORKS.get(code.origins.of(node.callee).qualified) if isinstance(node.callee, Member) else None
            if system:
                yield seen(InstancesFactor(2, True, "processes", system, "", "cluster.fork()"), node, self.name)
                return


PROBE = Forks()
