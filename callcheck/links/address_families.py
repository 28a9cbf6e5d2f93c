"""Is a service looked for at ::1, though it listens on 127.0.0.1 alone?

    Environment=SCORER_URL=http://localhost:9000          # ::1 first, for Node from 17 on, where the resolver names it first
    ExecStart=uvicorn app:app --host 127.0.0.1 --port 9000
    Error: connect ECONNREFUSED ::1:9000
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServerBound, ServiceRun
from callcheck.model.facts.logs import UpstreamFailure
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.listening import listening_at
from callcheck.model.pattern import pattern

_REFUSED = pattern(r"^\[?::1\]?:(\d{2,5})$")
_APART = frozenset({"compose", "kubernetes", "ecs", "nomad"})
"""Systems whose units may each have a localhost of their own."""


class AddressFamilies:
    """States `address.unreachable` (why: family, or family-call where it is no callback) for refused calls to ::1 at the port of a unit of 127.0.0.1."""

    name = "address-families"
    reads = frozenset({UpstreamFailure, ServerBound, ServiceRun, VariableSet, VariableRead})
    needs = frozenset({UpstreamFailure, ServerBound, ServiceRun})
    answers = frozenset({AddressUnreachable})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        bound = {(e.fact.service, e.fact.system) for e in ledger.of(ServerBound) if isinstance(e.fact, ServerBound) and e.fact.address == "127.0.0.1" and not e.fact.language}
        here = [(e, listening_at(e.fact.command)) for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.system not in _APART and (e.fact.service, e.fact.server) in bound]
        for failed in ledger.of(UpstreamFailure):
            fact = failed.fact
            port = _REFUSED.match(fact.address) if isinstance(fact, UpstreamFailure) and fact.failure == "unavailable" else None
            # Whoever tries both addresses, and is refused at both, finds nobody at all.
            if port is None or not isinstance(fact, UpstreamFailure) or any("127.0.0.1:" in each.excerpt for each in (failed, *failed.because)):
                continue
            run = next((e for e, its in here if port[1] in its), None)
            if run is None:
                continue
            given = next((e for e in ledger.of(VariableSet) if isinstance(e.fact, VariableSet) and _at(e.fact.url) == port[1]), None)
            name, url = (given.fact.name, given.fact.url) if given is not None and isinstance(given.fact, VariableSet) else ("", fact.address)
            back = fact.peer == "callback" or any(isinstance(e.fact, VariableRead) and name and e.fact.name == name and e.fact.purpose.startswith("callback") for e in ledger.of(VariableRead))
            found = AddressUnreachable(name, url, "family" if back else "family-call", given.service if given is not None else "", f"127.0.0.1:{port[1]}")
            at = given or failed
            yield Evidence(found, at.basis, self.name, at.where, at.excerpt, at.service, because=(failed, run))


def _at(url: str) -> str:
    """The port of an address that names `localhost`."""
    try:
        parts = urlsplit(url)
        return str(parts.port or "") if parts.hostname == "localhost" else ""
    except ValueError:
        return ""


LINK = AddressFamilies()
