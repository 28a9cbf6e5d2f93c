"""What runs only in the primary process of a cluster?

    if (cluster.isPrimary) cron.schedule("0 2 * * *", bill);     // under PM2 the daemon is the primary: this never runs
    export const isLeader = () => cluster.isPrimary;             // nor what asks this
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
from callcheck.sources.code.tree import Member, Name, last_name

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
                call = next((first for body, otherwise in bodies(place) if not otherwise and (first := first_call(body)) is not None), None)
                if call is not None:
                    method = clean(last_name(call.callee), 60)
                    yield seen(CallNoted("primary-only", method, "", "module", "node-processes", module.language), call, self.name)


PROBE = Primary()
