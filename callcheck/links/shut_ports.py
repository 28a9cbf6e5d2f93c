"""Is somebody outside given an address with a port that the deployment opens to nobody outside?

    ports: ["127.0.0.1:5050:5050"]                      # whoever is not on this host is refused; Caddy publishes 80 and 443
    PUBLIC_URL: http://recall.example.org:5050          # given to Twilio as the address to call back

Sources: docs.docker.com/engine/network/port-publishing (a port published with 127.0.0.1 is the host's alone, one that is not published nobody's
outside); kubernetes.io, Ingress ("does not expose arbitrary ports or protocols").
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServerBound, ServiceRun
from callcheck.model.facts.network import AddressUnreachable, PortsOpen
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.pattern import pattern

_OWN = pattern(r"^(?:[A-Z0-9]+_)?(?:WEB_?HOOK|CALLBACK)S?_(?:TUNNEL_|PUBLIC_|EXTERNAL_|BASE_)?(?:URL|HOST)$")
"""Names under which products are told the address at which they are called, such as n8n's WEBHOOK_URL; one with a path is somebody else's."""
_ELSEWHERE = pattern(r"\.(?:ts\.net|local(?:host)?|test|localtest\.me|nip\.io|sslip\.io)$")
"""Names whose ports are handed on to the host's own address (tailscale.com/kb/1223/funnel), and those of machines of developers."""
_WEB = ("443", "80")
_HOSTS = frozenset({"systemd", "supervisor"})
_PORTS = pattern(r"(?:[:= ]|-p)(\d{2,5})\b")
"""A port in the command of a server."""


class ShutPorts:
    """States `address.unreachable` for variables that hold a public address with a port written out."""

    name = "shut-ports"
    reads = frozenset({VariableSet, VariableRead, PortsOpen, ServiceRun, ServerBound})
    needs = frozenset({VariableSet})
    answers = frozenset({AddressUnreachable})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        uses = {name: e for e in ledger.of(VariableRead) if isinstance(e.fact, VariableRead) and e.fact.purpose == "callback outside" for name in e.fact.name.split("|")}
        for item in ledger.of(VariableSet):
            given = item.fact
            host, port, bare = _parts(given.url) if isinstance(given, VariableSet) and given.url else ("", "", False)
            if not isinstance(given, VariableSet) or "." not in host or not port or port in _WEB or _ELSEWHERE.search(host):
                continue
            use = uses.get(given.name)
            if use is None and not (bare and _OWN.search(given.name) and any(port in _all(unit) for _, unit in _units(ledger) if unit.service == given.service)):
                continue
            shut = _ingress(host, port, ledger) if given.system == "kubernetes" else _published(port, ledger) if given.system == "compose" else _bound(given, port, ledger)
            if shut is not None:
                fact = AddressUnreachable(given.name, given.url, "shut-port", given.service, shut[1])
                yield Evidence(fact, item.basis, self.name, item.where, item.excerpt, item.service, because=(item, shut[0], *([use] if use is not None else ())))


def _parts(url: str) -> tuple[str, str, bool]:
    """Host and port as they are written, and whether no path follows."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "", str(parts.port or ""), parts.path in ("", "/")
    except ValueError:
        return "", "", False


def _units(ledger: Ledger) -> list[tuple[Evidence, PortsOpen]]:
    """What is known of the ports of units, of which each file of a deployment may say something."""
    return [(e, e.fact) for e in ledger.of(PortsOpen) if isinstance(e.fact, PortsOpen) and e.fact.system != "ingress"]


def _all(unit: PortsOpen) -> list[str]:
    return f"{unit.inside},{unit.outside}".split(",")


def _ingress(host: str, port: str, ledger: Ledger) -> tuple[Evidence, str] | None:
    """The Ingress of a host, which answers at other ports, and the one that is right."""
    found = [(e, e.fact) for e in ledger.of(PortsOpen) if isinstance(e.fact, PortsOpen) and e.fact.system == "ingress" and e.fact.service == host]
    return (found[0][0], _WEB[0]) if found and not any(port in _all(each) for _, each in found) else None


def _published(port: str, ledger: Ledger) -> tuple[Evidence, str] | None:
    """The unit that answers at a port which is published to nobody outside, and a port of the proxy that is; None where another program may let it in."""
    units = _units(ledger)
    proxies = {e.fact.service for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.role == "proxy"}
    # What shares the host's network, or dials out as tunnels do, lets in what no list of ports tells.
    if any(unit.system != "compose" or port in _opened(unit) or (unit.service in proxies and not unit.outside) for _, unit in units):
        return None
    right = next((each for each in _WEB if any(each in _opened(unit) for _, unit in units if unit.service in proxies)), "")
    kept = next((item for item, unit in units if port in unit.host_only.split(",")), None)
    inner = next((item for item, unit in units if right and port in unit.inside.split(",")), None)
    found = kept or inner
    return (found, right) if found is not None else None


def _opened(unit: PortsOpen) -> set[str]:
    """The ports at which a unit is reached from outside of its host."""
    return set(unit.outside.split(",")) - set(unit.host_only.split(","))


def _bound(given: VariableSet, port: str, ledger: Ledger) -> tuple[Evidence, str] | None:
    """The server of a program on the host, which listens at this port for the host alone."""
    commands = [e.fact.command for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.service == given.service and e.fact.system == given.system]
    if given.system not in _HOSTS or not any(port in _PORTS.findall(command) for command in commands):
        return None
    return next(((e, "") for e in ledger.of(ServerBound) if isinstance(e.fact, ServerBound) and e.fact.service == given.service), None)


LINK = ShutPorts()
