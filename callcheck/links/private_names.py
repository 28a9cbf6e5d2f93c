"""Is somebody outside given an address that the code makes of a private name, which the platform itself sets?

    webhook: `http://${process.env.RAILWAY_PRIVATE_DOMAIN}:3000/done`      # <service>.railway.internal: no name outside of the project

Sources: docs.railway.com/variables/reference; fly.io/docs/machines/runtime-environment; render.com/docs/environment-variables.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.facts.variables import VariableRead, VariableSet

_PRIVATE = {"RAILWAY_PRIVATE_DOMAIN": "<service>.railway.internal", "FLY_PRIVATE_IP": "<machine>.vm.<app>.internal", "RENDER_DISCOVERY_SERVICE": "<service>-discovery"}
"""Such variables, and what they lead to."""


class PrivateNames:
    """States `address.unreachable`; silent where the deployment sets the variable, and where the address may be another variable's value."""

    name = "private-names"
    reads = frozenset({VariableSet, VariableRead})
    needs = frozenset({VariableRead})
    answers = frozenset({AddressUnreachable})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        reads = [(e, e.fact) for e in ledger.of(VariableRead) if isinstance(e.fact, VariableRead)]
        given = {e.fact.name for e in ledger.of(VariableSet) if isinstance(e.fact, VariableSet)}
        for item, read in reads:
            away = read.name in _PRIVATE and read.name not in given and read.needed and read.purpose == "callback outside"
            if away and not any(other is not item and other.where == item.where for other, _ in reads):
                fact = AddressUnreachable(read.name, _PRIVATE[read.name], "private", item.service, "")
                yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, item.service, because=(item,))


LINK = PrivateNames()
