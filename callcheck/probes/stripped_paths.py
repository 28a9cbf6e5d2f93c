"""Does a proxy take off, or change, the part of the path by which the app knows a provider's request?

    location /api/ { proxy_pass http://app:8000/; }        # and what else `sources/rewritten` reads
    @app.post("/api/webhooks/stripe")                      # the app is asked for /webhooks/stripe
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.routes import Route, routes
from callcheck.sources.code.seen import seen
from callcheck.sources.rewritten import FILES, MARKS, Way, after, rewritten

_SERVES = "serves-hook"
"""The trait of what begins a server for a webhook at a path (the event) and tells the provider its address (the scope)."""
_ORIGIN = pattern(r"(?:https?://)?[^/]+")
_PARAMETER = pattern(r"^(?::|\{|<|\[|\*)")


class StrippedPaths:
    """For routes that providers call, whose whole path is known; silent where some route has the changed path, too."""

    name = "stripped-paths"
    looks_at = FILES
    marks = MARKS
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no configuration of a proxy"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        ways = list(rewritten(eyes))
        if not ways or not eyes.code.present:
            return
        known = [route for route in routes(eyes.code) if route.whole]
        for route in (*(each for each in known if hooked(each.path)), *_own_servers(eyes.code)):
            for way, asked in after(route.path, ways):
                if asked != route.path and not any(_fits(each.path, asked) for each in known):
                    yield self._lost(route, way, asked)

    def _lost(self, route: Route, way: Way, asked: str) -> Evidence:
        fact = AddressUnreachable("", clean(route.path, 100), "stripped", "", clean(asked, 100))
        because = (seen(fact, route.node, self.name, label="this is the path that the app knows"),)
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(way.file.name), way.line), because=because)


def _own_servers(code: Code) -> Iterator[Route]:
    """The path under which a library serves its webhook by itself, if the address that it tells the provider ends with that, as it is or behind a host."""
    for use in code.idioms.of("note"):
        told = code.idioms.text(code.idioms.option(use.call, use.idiom.scope)) if _SERVES in use.idiom.traits else ""
        for path in code.idioms.events(use) if told else ():
            asked = "/" + path.lstrip("/")
            if path and "*" not in path and _ORIGIN.fullmatch(told.removesuffix(asked)) and told.endswith(asked):
                yield Route(asked, True, use.call, use.idiom.traits)


def _fits(route: str, path: str) -> bool:
    one, other = route.strip("/").split("/"), path.strip("/").split("/")
    return len(one) == len(other) and all(a == b or _PARAMETER.match(a) for a, b in zip(one, other, strict=True))


PROBE = StrippedPaths()
