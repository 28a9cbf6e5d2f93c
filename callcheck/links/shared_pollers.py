"""Which units of one deployment load a file that asks for the updates of a bot as soon as it is loaded?

    web: node src/web.js              # imports bot.js, to send
    dispatch: node src/dispatch.js    # imports bot.js, for its commands
    bot.launch()                      # in bot.js: both ask, and each update goes to one of them

Telegram ends the long poll of one for the other's (core.telegram.org/bots/api, getUpdates).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.meeting import ConsumersCompete, UpdatesPolled

_LASTING = frozenset({"web", "worker", "scheduler", "unknown"})
_FILE_EACH = frozenset({"kubernetes", "systemd"})
"""Systems whose units mostly have files of their own."""
_ONE_SHOT = ("release", "migrat", "seed", "deploy")
"""How units are called that run before the others, and end."""


class SharedPollers:
    """States `consumers.compete` for two units that one file of a deployment starts by programs of their own."""

    name = "shared-pollers"
    reads = frozenset({UpdatesPolled, ServiceRun})
    needs = frozenset({UpdatesPolled})
    answers = frozenset({ConsumersCompete})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        runs = [(item, item.fact) for item in ledger.of(ServiceRun) if isinstance(item.fact, ServiceRun) and item.fact.system != "package-script" and _lasts(item.fact)]
        for item in ledger.of(UpdatesPolled):
            fact = item.fact
            if not isinstance(fact, UpdatesPolled) or fact.apart:
                continue
            units = ledger.units(item)
            loading = [(each, run) for each, run in runs if run.entry and run.service in units]
            pair = next(((one, two) for at, one in enumerate(loading) for two in loading[at + 1 :] if _beside(*one, *two)), None)
            if pair is not None:
                (first, here), (second, there) = pair
                found = ConsumersCompete(fact.token, here.entry, there.entry, fact.framework, fact.language)
                yield Evidence(found, item.basis, self.name, item.where, item.excerpt, label=fact.says(), because=(first, second))


def _lasts(run: ServiceRun) -> bool:
    return run.role in _LASTING and not any(word in run.service.lower() for word in _ONE_SHOT)


def _beside(item: Evidence, run: ServiceRun, other: Evidence, second: ServiceRun) -> bool:
    """Whether two units run at the same time and are not one program: what another file, or folder, starts may be another stage."""
    paths = [each.where.path for each in (item, other) if each.where is not None]
    places = {posixpath.dirname(path) if run.system in _FILE_EACH else path for path in paths}
    return len(paths) == len((item, other)) and len(places) == 1 and run.system == second.system and run.service != second.service and run.entry != second.entry


LINK = SharedPollers()
