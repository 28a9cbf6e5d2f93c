"""Does anybody answer at the addresses that units are given?

    LOANS_URL: http://loans:8090        # ports: ["8090:3000"]: inside the network loans answers on 3000
    RESULT_URL: http://localhost:3000   # for the worker, whose own container that is
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.network import AddressUnreachable, PortsOpen
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.words import NOT_APP

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})
_PRIVATE = pattern(r"^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)|\.(?:internal|flycast|local|svc|cluster\.local|lan)$|^host\.docker\.internal$|^nomad_(?:host_|alloc_)?(?:addr|ip)_?\w*$")
_TUNNEL = pattern(r"\.(?:ngrok(?:-free)?\.(?:io|app|dev)|trycloudflare\.com|loca\.lt|localtunnel\.me|serveo\.net|lhr\.life|localhost\.run)$")
_PREVIEW = pattern(r"-git-[\w-]{1,60}\.vercel\.app$|-(?=[a-z]{0,8}\d)[a-z0-9]{9}-[\w-]{1,60}\.vercel\.app$")
"""Addresses that Vercel makes for one deployment or branch: vercel.com/docs/deployments/generated-urls."""
_CALLED_BACK = pattern(r"(?:CALLBACK|WEB_?HOOK|NOTIFY|NOTIFICATION|HOOK|RESULTS?|EVENTS?)_?(?:BASE_)?(?:URL|URI|ENDPOINT|TARGET|ADDRESS|HOST)?(?:_[A-Z0-9]+)?$")
_BROWSERS = pattern(r"^(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC_WEB|FRONTEND|CORS|CLIENT|ALLOWED|CSRF)|OAUTH|OIDC|REDIRECT|LOGIN|AUTH|ORIGIN")
"""Addresses that a browser on the developer's machine opens."""
_PAGES = pattern(r"(?:^|_)(?:DOCS?|USERDOCS|HELP|SITE|DOMAIN|HOMEPAGE|WEBSITE|BLOG|LANDING|TERMS|PRIVACY)(?:_|$)")
"""Addresses of pages that people are shown the way to."""
_OUTSIDE = pattern(r"(?:^|_)(?:EXTERNAL|PUBLIC|BROWSER)(?:_|$)")
"""Addresses that are told to people, beside the one by which the units call."""
_BY_HAND = pattern(r"(?:^|/)(?:scripts?|tools?|seeds?|seeders?|migrations?|benchmarks?)/")
"""Folders of programs that somebody runs by hand, beside the units."""
_CONTAINERS = frozenset({"compose", "kubernetes", "ecs", "nomad"})
_HOSTED = frozenset({"render", "heroku", "fly", "railway"})
"""Platforms that run each unit on a machine of its own: nobody else answers at its localhost."""
ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the units around an address."""

    ports: dict[str, Evidence]
    roles: dict[str, str]
    called_back: dict[str, list[Evidence]]
    """Variable -> where the code gives an address made of it away, to be called back."""
    called: dict[str, list[Evidence]]
    """Variable -> where the code gives it to a client of an API as the address to call."""
    told: frozenset[tuple[str, str, str]] = frozenset()
    """Variable, its address, and a unit that is told it."""

    def open(self, unit: str) -> PortsOpen | None:
        """The ports of a unit."""
        item = self.ports.get(unit)
        return item.fact if item is not None and isinstance(item.fact, PortsOpen) else None


class Addresses:
    """States `address.unreachable`, one for each variable of a unit."""

    name = "addresses"
    reads = frozenset({VariableSet, VariableRead, PortsOpen, ServiceRun})
    needs = frozenset({VariableSet})
    answers = frozenset({AddressUnreachable})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        by_hand = _read_by_hand(ledger)
        called_back: dict[str, list[Evidence]] = {}
        called: dict[str, list[Evidence]] = {}
        for item in ledger.of(VariableRead):
            if isinstance(item.fact, VariableRead) and item.fact.purpose.startswith("callback"):
                called_back.setdefault(item.fact.name, []).append(item)
            elif isinstance(item.fact, VariableRead) and item.fact.purpose == "upstream":
                called.setdefault(item.fact.name, []).append(item)
        roles = {e.fact.service: e.fact.role for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun)}
        told = frozenset((e.fact.name, e.fact.url, e.fact.service) for e in ledger.of(VariableSet) if isinstance(e.fact, VariableSet))
        known = _Known({e.service: e for e in ledger.of(PortsOpen) if isinstance(e.fact, PortsOpen) and e.fact.system != "ingress"}, roles, called_back, called, told)
        for item in ledger.of(VariableSet):
            if isinstance(item.fact, VariableSet) and item.fact.url and item.fact.name not in by_hand:
                found = _judge(item, item.fact, known)
                if found is not None:
                    yield found


def _read_by_hand(ledger: Ledger) -> set[str]:
    """The variables that nothing reads but what somebody runs by hand, outside of the units that are given them."""
    places: dict[str, list[bool]] = {}
    for item in ledger.of(VariableRead):
        if isinstance(item.fact, VariableRead):
            places.setdefault(item.fact.name, []).append(item.where is not None and bool(_BY_HAND.search(item.where.path)))
    return {name for name, read in places.items() if all(read)}


def _judge(item: Evidence, given: VariableSet, known: _Known) -> Evidence | None:
    try:
        parts = urlsplit(given.url)
        host, port = parts.hostname or "", str(parts.port or (443 if parts.scheme in ("https", "wss") else 80))
    except ValueError:
        return None
    if host in _LOOPBACK:
        return _loopback(item, given, port, known)
    uses = known.called_back.get(given.name, [])
    if _TUNNEL.search(host) and uses and given.system in _CONTAINERS | _HOSTED:
        return _stated(item, given, "tunnel", "", *uses[:1])
    if _PREVIEW.search(host) and uses:
        return _stated(item, given, "preview", "", *uses[:1])
    for use in uses:
        if isinstance(use.fact, VariableRead) and use.fact.purpose == "callback outside" and (_PRIVATE.search(host) or host in known.ports):
            return _stated(item, given, "private", "", use)
    name = host.split(".")[0] if host.endswith((".svc", ".cluster.local")) or host.count(".") == 1 else host
    target = known.ports.get(name if "." not in host or name != host else host)
    ports = target.fact if target is not None else None
    if isinstance(ports, PortsOpen) and target is not None:
        return _port(item, given, port, ports, target)
    if "." not in host and given.system in _CONTAINERS and known.ports and not given.url.startswith("https"):
        import difflib

        near = difflib.get_close_matches(host, [n for n in known.ports if n != given.service], 1, ALIKE)
        if near and host not in known.roles:
            return _stated(item, given, "wrong-host", near[0], known.ports[near[0]])
    return None


def _port(item: Evidence, given: VariableSet, port: str, ports: PortsOpen, target: Evidence) -> Evidence | None:
    inside = ports.inside.split(",") if ports.inside else []
    if not inside or port in inside or ports.system == "host" or ports.system != given.system:
        return None
    if port in ports.outside.split(",") and ports.system != "kubernetes":
        return _stated(item, given, "published-port", inside[0], target)
    return _stated(item, given, "wrong-port", ", ".join(inside), target) if ports.whole else None


def _loopback(item: Evidence, given: VariableSet, port: str, known: _Known) -> Evidence | None:
    own = known.open(given.service)
    uses = known.called_back.get(given.name, [])
    outside = [e for e in uses if isinstance(e.fact, VariableRead) and e.fact.purpose == "callback outside"]
    if uses and (given.system in _HOSTED or outside):
        return _stated(item, given, "loopback", "", *(outside or uses)[:1])
    if given.system not in _CONTAINERS or (own is not None and own.system == "host"):
        return None
    other = next(
        (
            e for unit, e in known.ports.items()
            if unit != given.service and isinstance(e.fact, PortsOpen) and port in f"{e.fact.inside},{e.fact.outside}".split(",")
            # A Service may be called otherwise than its Deployment, and be the unit's own.
            and (e.fact.system != "kubernetes" or port in e.fact.inside.split(",") or unit in known.roles)
        ),
        None,
    )
    served = given.service and known.roles.get(given.service) in NOT_APP and given.system == "compose" and _CALLED_BACK.search(given.name)
    if served and other is None:
        # A product that is told to post to its own container, where nothing of the project runs.
        apps = [unit for unit in known.ports if unit != given.service and known.roles.get(unit, "tool") not in NOT_APP]
        other = known.ports[apps[0]] if len(apps) == 1 else None
    serves = own is not None and port in f"{own.inside},{own.outside}".split(",")
    if uses:
        return _stated(item, given, "loopback", "", *uses[:1])
    clients = known.called.get(given.name, [])
    # The containers of a pod or a task share their localhost; those of Compose do not.
    if clients and given.system == "compose" and not serves:
        return _stated(item, given, "upstream-loopback", other.service if other else "", *clients[:1])
    if _BROWSERS.search(given.name) or serves or other is None:
        return None
    ports = known.open(other.service)
    published = ports is not None and port not in ports.inside.split(",")
    if published and _OUTSIDE.search(given.name):
        return None
    if not _CALLED_BACK.search(given.name) and published and (given.name, given.url, other.service) in known.told:
        return None  # both are told where people find the app: at the port that it has outside
    background = known.roles.get(given.service) in ("worker", "scheduler") or known.roles.get(given.service) in NOT_APP
    # A pod's containers share their localhost, and a Service may be called otherwise than its Deployment.
    named = given.system != "kubernetes" and _CALLED_BACK.search(given.name)
    if not named and _PAGES.search(given.name):
        return None
    if named or background:
        return _stated(item, given, "loopback", other.service, other)
    return None


def _stated(item: Evidence, given: VariableSet, why: str, instead: str, *because: Evidence) -> Evidence:
    fact = AddressUnreachable(given.name, given.url, why, given.service, instead)
    return Evidence(fact, item.basis, "addresses", item.where, item.excerpt, item.service, because=(item, *because))


LINK = Addresses()
