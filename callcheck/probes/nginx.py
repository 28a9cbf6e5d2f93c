"""Does nginx spread requests over several servers, and does a client keep its own?

upstream nodes {
    ip_hash;
    server 10.0.8.11:3001;
    server 10.0.8.12:3001;
}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import BalancerPool, InstancesFactor, LoadBalanced, StickySessions
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.files import File
from callcheck.sources.launch import own_texts

_LARGEST_BYTES = 300_001
_UPSTREAM = pattern(
    r"^[ \t]*upstream[ \t]+([\w.-]{1,100})\s{0,20}\{((?:[^{}]|\$\{\w{1,80}\}){0,20000})\}", re.MULTILINE
)
_SERVER = pattern(r"(?:^|(?<=;))[ \t]*server[ \t]+([^;#\n]{1,300});", re.MULTILINE)
_OWN = pattern(r"(?:127\.[\d.]{1,20}|localhost|\[::1\]|\d[\d.]{6,20}|unix:\S{0,200})(?::\d{1,5})?")
"""One address and no more, as a name that several machines answer to is not."""
_STICKY = pattern(r"(?:^|(?<=;))[ \t]*(ip_hash|hash|sticky)\b([^;#\n]{0,200});", re.MULTILINE)


class Nginx:
    """Only upstreams with several live servers say anything; round robin is the default (ngx_http_upstream_module)."""

    name = "nginx"
    looks_at = ("*nginx*", "*.conf", "*.conf.template", "*.vhost", "sites-*/*", "*/sites-*/*", "default")
    answers: frozenset[type[Fact]] = frozenset({LoadBalanced, StickySessions, InstancesFactor, BalancerPool})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and any(_texts(eyes)) else "no nginx configuration"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file, text in _texts(eyes):
            for found in _UPSTREAM.finditer(text):
                yield from _upstream(found, file, text)


def _upstream(found: re.Match[str], file: File, text: str) -> Iterator[Evidence]:
    name, body, path = clean(found[1], 80), found[2], clean(file.name)
    servers = [server for server in _SERVER.findall(body) if not re.search(r"\s(?:backup|down)\b", server)]
    first = text.count("\n", 0, found.start(1)) + 1
    here = Location(path, first)
    if len(servers) == 1 and _OWN.fullmatch(servers[0].split()[0]):
        return  # Nothing is chosen between here: what listens there may be several workers, of which nginx knows nothing.
    if sticky := _STICKY.search(body):
        line = text.count("\n", 0, found.start(2) + sticky.start(1)) + 1
        by = "cookie" if "cookie" in sticky[0] else "ip" if sticky[1] == "ip_hash" or "addr" in sticky[2] else "header"
        yield Evidence(StickySessions(by, name), Basis.DECLARED, "nginx", Location(path, line), service=name)
    elif len(servers) > 1:
        yield Evidence(LoadBalanced("nginx", name), Basis.DECLARED, "nginx", here, service=name)
    if len(servers) > 1:
        text_said = f"upstream {name}: {len(servers)} servers"
        factor = InstancesFactor(len(servers), False, "replicas", "nginx", name, clean(text_said, 80))
        yield Evidence(factor, Basis.DECLARED, "nginx", here, service=name)
        members = ",".join(dict.fromkeys(server.split()[0].rsplit(":", 1)[0] for server in servers))
        yield Evidence(BalancerPool(clean(members, 200), "nginx", name), Basis.DECLARED, "nginx", here, service=name)


def _texts(eyes: Eyes) -> Iterator[tuple[File, str]]:
    return ((file, text) for file, text in own_texts(eyes, *Nginx.looks_at, most=_LARGEST_BYTES) if "upstream" in text and _UPSTREAM.search(text))


PROBE = Nginx()
