"""Does Traefik reach the service whose labels tell of it?

    labels: [traefik.enable=true, "traefik.http.routers.pay.rule=Host(`pay.example`)"]
    networks: [backend, edge]                         # and Traefik is on edge alone: which of the two addresses it takes is left to chance
    traefik.docker.network=edge                       # while Docker calls it shop_edge: a name that is not found counts for nothing

Sources: traefik v3.1, pkg/provider/docker/config.go, getIPAddress() (the label's network, or the first of a map) and shared.go, keepContainer (exposedByDefault); traefik/traefik#1156, #979;
doc.traefik.io, routers: one without an entry point that exists is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.environment.compose import LESSER
from callcheck.sources.fronts.traefik import STATIC, Labelled, Traefik, traefik
from callcheck.sources.launch import COMPOSE_FILES

_APART = "{0} is on no network of Traefik's, so what comes in for it ends in 504; give both one"
_CHANCE = "{0} is on several networks, Traefik takes any of its addresses, and {1} is none of its own: 504; say traefik.docker.network={2}"
_MISNAMED = "Docker knows no network {1} of {0} (the project comes in front), so Traefik takes any of its addresses: 504 from some; name {2}"
_OUTSIDE = "the label has Traefik ask for {0} on {1}, where Traefik is not: 504; name {2}"
_OFF = "Traefik leaves out what is not enabled (exposedByDefault is false), and {0} is not: 404; say traefik.enable=true"
_ENTRY = "Traefik has no entry point {1}, so the router of {0} is left out: 404; it has {2}"


class TraefikLabels:
    """Silent where names of networks are filled in later, and where Traefik is not in the files, or on its machine's own network."""

    name = "traefik-labels"
    looks_at = (*COMPOSE_FILES, *STATIC)
    marks = ("traefik.http.routers",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Compose file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = traefik(eyes)
        for service in found[1] if found is not None else ():
            if found is not None and not LESSER.search(service.file.base):
                yield from self._of(found[0], service)

    def _of(self, proxy: Traefik, service: Labelled) -> Iterator[Evidence]:
        enabled = service.labels.get("traefik.enable", ("", 0))[0].lower()
        if enabled == "false" or service.routed is None:
            return
        if proxy.shy and not enabled:
            yield self._told(_OFF.format(service.name), proxy, service, service.routed[1])
            return
        strange = next(((name, line) for name, line in service.entries() if proxy.entries and name.lower() not in proxy.entries and "$" not in name), None)
        if strange is not None:
            yield self._told(_ENTRY.format(service.name, strange[0], " and ".join(sorted(proxy.entries)[:3])), proxy, service, strange[1])
            return
        yield from self._networks(proxy, service)

    def _networks(self, proxy: Traefik, service: Labelled) -> Iterator[Evidence]:
        own, shared = set(service.networks), set(service.networks) & proxy.networks
        if not own or not proxy.networks or "" in own | proxy.networks or (proxy.stacked and shared):
            return
        line = min(service.networks.values())
        named = service.network or ((proxy.network, 0) if proxy.network else None)
        meant = min(shared, default="")
        if not shared:
            yield self._told(_APART.format(service.name), proxy, service, line)
        elif named is not None and named[0] in own and named[0] not in proxy.networks:
            yield self._told(_OUTSIDE.format(service.name, named[0], meant), proxy, service, named[1] or line)
        elif own == shared or (named is not None and (service.is_on(named[0]) or "$" in named[0])):
            return
        elif named is not None:
            yield self._told(_MISNAMED.format(service.name, named[0], meant), proxy, service, named[1] or line)
        else:
            yield self._told(_CHANCE.format(service.name, min(own - shared), meant), proxy, service, line)

    def _told(self, why: str, proxy: Traefik, service: Labelled, line: int) -> Evidence:
        fact = LibraryTrap("unreachable-callback-url", "strong", clean(why, 160), clean(service.name, 60), "traefik", "")
        beside = Evidence(fact, Basis.DECLARED, self.name, Location(clean(proxy.file.name), proxy.line), label="this is Traefik")
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(service.file.name), line), service=clean(service.name, 80), because=(beside,))


PROBE = TraefikLabels()
