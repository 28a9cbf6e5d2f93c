"""Does an address that is given away fall back to this machine, because the deployment sets another name than the code reads?

    publicUrl: process.env.PUBLIC_URL ?? "http://localhost:3000"      # the code
    environment: { BASE_URL: https://shop.example.com }               # the deployment; nothing reads BASE_URL
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.public_url import is_public

_DEPLOYS = frozenset({"compose", "kubernetes", "ecs", "nomad", "render", "heroku", "fly"})


class StandIns:
    """States `address.unreachable` for what is called back, where the variable is set nowhere and its like is set and read by nothing."""

    name = "stand-ins"
    reads = frozenset({VariableSet, VariableRead})
    needs = frozenset({VariableSet, VariableRead})
    answers = frozenset({AddressUnreachable})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        given = [(e, e.fact) for e in ledger.of(VariableSet) if isinstance(e.fact, VariableSet) and e.fact.system in _DEPLOYS]
        reads = [(e, e.fact) for e in ledger.of(VariableRead) if isinstance(e.fact, VariableRead)]
        names = {name for _, read in reads for name in read.name.split("|")}
        told: set[str] = set()
        for item, read in reads:
            if not read.fallback or not read.purpose.startswith("callback") or read.name in told or any(each.name == read.name for _, each in given):
                continue
            other = next(((e, each) for e, each in given if each.name not in names and is_public(each.url)), None)
            closed = read.purpose == "callback outside" and given and not any(each.name == "*" for _, each in given)
            if other is None and not closed:
                continue
            told.add(read.name)
            at, near = other or given[0]
            instead = near.name if other is not None else ""
            fact = AddressUnreachable(read.name, read.fallback, "loopback", near.service, instead)
            label = f"{near.name} is set, and nothing reads it" if other is not None else f"{read.name} is not among what is set"
            beside = Evidence(near, at.basis, at.probe, at.where, at.excerpt, at.service, label)
            yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, item.service, because=(item, beside))


LINK = StandIns()
