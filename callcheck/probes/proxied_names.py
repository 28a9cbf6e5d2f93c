"""Does the app give itself away, to be called back, by the name that only the proxy in front of it uses?

    location / { proxy_pass http://api:8000; }                                # without proxy_set_header Host, the app is asked for as api:8000
    transcribe(webhook_url=str(request.url_for("done")))                      # http://api:8000/done, which nobody outside can resolve

Sources: nginx.org, proxy_set_header (Host is $proxy_host unless it is set); httpd.apache.org, ProxyPreserveHost (off).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.asked_hosts import asked_host
from callcheck.sources.code.given_away import given_away, goes_out
from callcheck.sources.code.hook_paths import PUBLIC
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Function, Node
from callcheck.sources.environment.callers import runs, services
from callcheck.sources.fronts import Front, Way, inside
from callcheck.sources.fronts.proxies import FILES, proxies

_READS_FORWARDED = pattern(r"(?i)forwarded[-_.]?host|\bx_host\b|trust.?proxy|\bproxy_fix|ProxyFix|\.proxy\s*=\s*true|SERVER_NAME|\bforwarded\b")
"""Of a program that takes its name from the header in which a proxy tells the one that was asked for."""
_ADDRESS = pattern(r"^[\d.]+$")


class ProxiedNames:
    """Silent unless every way to the route that gives the address away calls the app by a name of its own network."""

    name = "proxied-names"
    looks_at = FILES
    marks = ("proxy_pass", "ProxyPass")
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no configuration of a web server"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        fronts = proxies(eyes) if eyes.code.present else ()
        if not any(_unknown(way.host) for front in fronts for way in front.ways):
            return
        code = eyes.code
        around = services(eyes)
        for node, value in _addresses(code):
            asked = asked_host(code, value)
            ways = [way for way in _taken(code, fronts, asked) if way.host not in around or runs(around[way.host], module_of(asked).path)] if asked is not None else []
            if asked is None or not ways or not all(_unknown(way.host) for way in ways) or any(way.forwards for way in ways) and _reads_forwarded(code):
                continue
            way = ways[0]
            fact = AddressUnreachable("", clean(f"http://{way.host}", 200), "proxied", "", "")
            there = (seen(fact, asked, self.name, label="the address has the name that is asked for"), seen(fact, node, self.name, label="it is given away here"))
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(way.file.name), way.line), label=f"the app is asked for as {clean(way.host, 60)}", because=there)
            return


def _addresses(code: Code) -> Iterator[tuple[Node, Node]]:
    """What is given away to somebody on the Internet, under a name of a callback or to the method that registers one: where, and the value."""
    yield from ((away.node, away.value) for away in given_away(code) if not away.browsed and goes_out(code, away.node))
    for use in code.idioms.of("calls-back"):
        yield from ((use.call, arg) for arg in use.call.args[:1] if not is_test(use.module.path))


def _taken(code: Code, fronts: Sequence[Front], asked: Node) -> list[Way]:
    """The ways that the request takes whose name it is: those of its route's path, or every way to the app where that is not known."""
    around = [above for above in asked.up() if isinstance(above, Function)]
    paths = [route.path for route in routes(code) if route.whole and any(route.node in function.decorators or route.node in function.up() for function in around)]
    if not paths:
        return [way for front in fronts for way in front.ways if way.goes == "app"]
    return [way for front in fronts for path in paths if (way := front.way("/" + path.lstrip("/"))) is not None and way.goes == "app"]


def _unknown(host: str) -> bool:
    """Whether nobody outside knows a name: it has no dot, or is of a network of its own."""
    return host != "" and (inside(host) if _ADDRESS.match(host) else PUBLIC.match(f"https://{host}/") is None)


def _reads_forwarded(code: Code) -> bool:
    return any(_READS_FORWARDED.search(code.project.text(path)) for path in code.project.sources if not is_test(path))


PROBE = ProxiedNames()
