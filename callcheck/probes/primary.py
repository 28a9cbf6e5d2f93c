"""What runs only in the primary process of a cluster?

    if (cluster.isPrimary) cron.schedule("0 2 * * *", bill);     // under PM2 the daemon is the primary: this never runs
    if (cluster.isPrimary) for (let i = 0; i < 4; i++) cluster.fork();   // nor does this
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
from callcheck.sources.code.tree import Call, If, Member, Name, last_name

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
        project = eyes.code.project
        for module in project.naming(*_PRIMARY):
            for branch in module.all(If) if not is_test(module.path) else ():
                if not (isinstance(branch.test, (Member, Name)) and last_name(branch.test) in _PRIMARY):
                    continue
                calls = [call for statement in branch.then for call in statement.inside(Call)]
                if calls:
                    method = clean(last_name(calls[0].callee), 60)
                    yield seen(CallNoted("primary-only", method, "", "module", "node-processes", module.language), calls[0], self.name)


PROBE = Primary()
