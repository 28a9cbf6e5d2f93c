"""Which servers in containers listen on the container's own address alone, so that nobody outside of it reaches them?

    CMD ["uvicorn", "shop.api:app"]             # 127.0.0.1 by default
    api: {build: ., command: node server.js}    # server.js: app.listen(3000, "127.0.0.1")
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServerBound, ServerlessFunction, ServiceRun
from callcheck.model.facts.network import AddressUnreachable, PortsOpen

_CONTAINERS = frozenset({"compose", "kamal", "kubernetes", "ecs", "docker", "swarm", "cloud-run", "azure-container-apps", "fly", "app-runner", "digitalocean", "render"})
_IMAGE = "dockerfile"


class OwnAddresses:
    """States `address.unreachable`, one for each server that a unit in a container runs."""

    name = "own-addresses"
    reads = frozenset({ServerBound, ServiceRun, ServerlessFunction, PortsOpen})
    needs = frozenset({ServerBound})
    answers = frozenset({AddressUnreachable})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        contained = _contained(ledger)
        for item in ledger.of(ServerBound):
            bound = item.fact
            if not isinstance(bound, ServerBound):
                continue
            for run_item, run in contained:
                if _runs(ledger, item, bound, run):
                    fact = AddressUnreachable("", bound.address, "listens-alone", run.service, "0.0.0.0")
                    because = () if run_item.where == item.where else (run_item,)
                    yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, run.service, label=bound.says(), because=because)
                    break


def _contained(ledger: Ledger) -> list[tuple[Evidence, ServiceRun]]:
    """The units that run in a container of their own, with nothing in it that could hand requests on to a server there."""
    runs = [(e, e.fact) for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun)]
    shared = {e.fact.service for e in ledger.of(PortsOpen) if isinstance(e.fact, PortsOpen) and e.fact.system == "host"}
    shared |= {run.service for _, run in runs if run.role == "proxy"}
    # The adapter for AWS Lambda asks the server from inside of the container.
    shared |= {e.fact.service for e in ledger.of(ServerlessFunction) if isinstance(e.fact, ServerlessFunction) and e.fact.platform == "aws-lambda"}
    deployed = any(run.system not in (_IMAGE, "package-script", "") for _, run in runs)
    # Where units of a deployment run, these say with which command an image is started.
    systems = _CONTAINERS if deployed else {_IMAGE}
    return [(e, run) for e, run in runs if run.system in systems and run.role in ("web", "unknown") and run.service not in shared]


def _runs(ledger: Ledger, item: Evidence, bound: ServerBound, run: ServiceRun) -> bool:
    """Whether a unit runs a server: its own command says so, or it loads the file that does, as its main program if that is asked."""
    if not bound.language:
        return bound.service == run.service and bound.system == run.server != ""  # what no program is known for may be a client
    path = item.where.path if item.where is not None else ""
    if not run.entry or run.server not in ("node", "python", "") or (bound.guarded and path not in ledger.mains):
        return False
    return run.service in ledger.units(item) if ledger.loaded else path in ledger.reached


LINK = OwnAddresses()
