"""Does what one unit sends over a broker reach code that no unit of the deployment loads?

    web: node src/web.js              # agenda.schedule("in 2 hours", "remind", ...); the only line of the Procfile
    agenda.define("remind", ...)      # in src/jobs.js, which nobody starts
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.links._deployed import deployed, loads
from callcheck.links._ends import BROKERS, meets, name_of
from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.channels import ChannelEnd
from callcheck.model.facts.deployment import ServerlessFunction, ServiceRun
from callcheck.model.facts.starting import ServiceOff
from callcheck.model.facts.work import WorkUnserved


class IdleEnds:
    """States `work.unserved`; silent unless it is known of every unit what it loads, and where any end that is loaded may be meant."""

    name = "idle-ends"
    reads = frozenset({ServiceRun, ChannelEnd, ServerlessFunction, ServiceOff})
    needs = frozenset({ServiceRun, ChannelEnd})
    answers = frozenset({WorkUnserved})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a name that is sent."""
        started = deployed(ledger) if ledger.closed else None
        if started is None:
            return
        services = started.services  # A script of a package is none.
        ends: dict[str, tuple[list[Evidence], list[Evidence]]] = {}
        for item in ledger.of(ChannelEnd):
            if isinstance(item.fact, ChannelEnd) and item.fact.space.split(" ")[0] in BROKERS:
                ends.setdefault(item.fact.space, ([], []))[item.fact.does == "listens"].append(item)
        told: set[tuple[str, str]] = set()
        for space, (out, heard) in ends.items():
            for item in out:
                name = name_of(item)
                takers = [each for each in heard if meets(name_of(each), name)]
                if (space, name) in told or not takers or not loads(ledger, item, services) or any(loads(ledger, each, services) for each in takers):
                    continue
                told.add((space, name))
                fact = WorkUnserved(name, BROKERS[space.split(" ")[0]], "", started.named, str(item.fact.attributes()["code.language"]))
                yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, because=(item, takers[0], *(e for e, _ in started.units[:3])))


LINK = IdleEnds()
