"""Do HAProxy, Caddy, Traefik or a cloud's balancer spread requests, and does a client keep its own instance?

    backend app                                   reverse_proxy node-a:3000 node-b:3000 {
        balance source                                lb_policy ip_hash
        server a 10.0.0.1:3000                    }

nginx, Kubernetes Services and Ingresses are read by probes of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import (
    BalancerPool,
    InstancesFactor,
    InstancesPossible,
    LoadBalanced,
    StickySessions,
)
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, load, tables, value_at
from callcheck.sources.files import File
from callcheck.sources.launch import COMPOSE_FILES, aside

_BACKEND = pattern(r"^(?:backend|listen)[ \t]+(\S{1,100})[^\n]*\n((?:[ \t]+[^\n]*\n?|[ \t]*\n|#[^\n]*\n)*)", re.MULTILINE)
_DEFAULTS = pattern(r"^defaults\b[^\n]*\n((?:[ \t]+[^\n]*\n?|[ \t]*\n|#[^\n]*\n)*)", re.MULTILINE)
"""What holds for the backends below it that say nothing else."""
_BALANCE = pattern(r"^[ \t]+balance\b", re.MULTILINE)
_SERVER = pattern(r"^[ \t]+server(?:-template)?[ \t]+\S+[ \t]+(?:(\d+)[ \t]+)?([\w.-]+):\d+", re.MULTILINE)
_STICKS = pattern(r"^[ \t]+(balance[ \t]+source|balance[ \t]+(?:hdr|uri|url_param|hash|rdp-cookie)\b|cookie[ \t]+\S+[ \t]+(?:insert|prefix|rewrite)|stick[ \t]+(?:on|match)[ \t]+\S+|hash-type)", re.MULTILINE)
_PROXY = pattern(r"^[ \t]*reverse_proxy[ \t]+([^\n{]*)(\{((?:[^{}]|\{[^{}]*\})*)\})?", re.MULTILINE)
_TO = pattern(r"^[ \t]*to[ \t]+([^\n]+)", re.MULTILINE)
_POLICY = pattern(r"^[ \t]*lb_policy[ \t]+(ip_hash|client_ip_hash|cookie|header|uri_hash|query)\b", re.MULTILINE)
_DYNAMIC = ("traefik*.y*ml", "dynamic*.y*ml", "*/traefik/*.y*ml", "*/dynamic/*.y*ml", "traefik*.toml", "dynamic*.toml", "*/traefik/*.toml", "*/dynamic/*.toml")
"""Files of Traefik's file provider; a folder of them is usual."""
_UPSTREAM = pattern(r"^(?:https?://|h2c://)?([\w.-]+):\d+$")
_SERVED = pattern(r"^(?:[a-z0-9]{1,8}://)?([\w.-]{1,200})(?::\d+)?(?:/|$)")
_CLOUD: dict[tuple[str, ...], tuple[str, str]] = {
    # Labels of Traefik's Docker provider, and its dynamic files.
    (*COMPOSE_FILES, *_DYNAMIC): (
        r"loadbalancer\.sticky(?:\.cookie)?(?:\.\w+)?\s*[=:]\s*\"?(?!false)\w|^[ \t]*sticky:[ \t]*$", "cookie"),
    # An attribute of the target group, in Terraform, CloudFormation or CDK's output.
    ("*.tf",): (r"stickiness\s*\{[^}]*enabled\s*=\s*true|stickiness\s*\{(?![^}]*enabled)[^}]*type\s*=|session_affinity\s*=\s*\"(?!NONE)\w|^[ \t]*(?:client_affinity_enabled|session_affinity)[ \t]*=[ \t]*true\b", "cookie"),
    ("*.y*ml", "*.json"): (r"stickiness\.enabled\W{1,12}(?:Value\W{1,8})?true|sessionAffinity\"?\s*:\s*\"?true|stickySessions\"?\s*:\s*\{?\s*\"?affinity\"?\s*:\s*\"?sticky", "cookie"),
    # What a chart hands on to its Ingress, whose template may lie in another chart.
    ("values*.y*ml",): (r"ingress\.kubernetes\.io/affinity[\"']?\s*:\s*[\"']?cookie\b", "cookie"),
    # What a script of a platform's command line asks for: Azure's, Google's and Heroku's.
    ("*.sh", "*.ps1", "*.yaml", "*.yml", "Makefile"): (r"--client-affinity-enabled[ \t=]+[\"']?true\b|sticky-sessions[ \t]+set\b[^\n]{0,300}--affinity[ \t=]+sticky\b|\bgcloud\b[^\n]{0,600}\s--session-affinity\b|^\s*-?\s*[\"']?--session-affinity\b|\bheroku\s+features:enable\s+http-session-affinity\b", "cookie"),
    ("*.bicep",): (r"stickySessions\s*:\s*\{\s*affinity\s*:\s*'sticky'", "cookie"),
}  # fmt: skip


class Balancers:
    """States what a pool's own lines say; a proxy with one backend of one address says nothing."""

    name = "balancers"
    looks_at = ("haproxy*", "*.cfg", "Caddyfile*", "*.caddy", *dict.fromkeys(glob for globs in _CLOUD for glob in globs))
    marks = ("\nbackend", "\nlisten", "reverse_proxy", "loadBalancer", "tick", "ffinity")
    answers: frozenset[type[Fact]] = frozenset({LoadBalanced, StickySessions, InstancesFactor, InstancesPossible, BalancerPool})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        readers: dict[tuple[str, ...], Callable[[File, str], Iterator[Evidence]]] = {
            ("haproxy*", "*.cfg"): _haproxy,
            ("Caddyfile*", "*.caddy"): _caddy,
        }
        for globs, read in readers.items():
            for file in eyes.tree.named(*globs):
                yield from read(file, _text(eyes, file))
        for file in eyes.tree.named(*_DYNAMIC):
            if "loadBalancer" in (text := _text(eyes, file)):
                yield from _traefik(file, text)
        for globs, (sign, by) in _CLOUD.items():
            for file in eyes.tree.named(*globs):
                text = _text(eyes, file)
                # Most files name none of it, and the pattern is for those that do.
                if "tick" in text or "ffinity" in text:
                    found = re.search(sign, text, re.MULTILINE)
                    if found:
                        yield _evidence(StickySessions(by, ""), file, text, found.start())


def _text(eyes: Eyes, file: File) -> str:
    return "" if aside(eyes, file) and ".github/workflows/" not in file.name else eyes.readable(file, 300_001)


def _evidence(fact: Fact, file: File, text: str, at: int, service: str = "") -> Evidence:
    return Evidence(fact, Basis.DECLARED, "balancers", Location(clean(file.name), text.count("\n", 0, at) + 1), service=service)


def _haproxy(file: File, text: str) -> Iterator[Evidence]:
    for found in _BACKEND.finditer(text):
        name, body = clean(found[1], 80), found[2]
        servers = list(_SERVER.finditer(body))
        hosts = [server[2] for server in servers]
        count = sum(int(server[1] or 1) for server in servers)
        many = count > 1
        begin, sticks = found.start(2), _STICKS.search(body)
        if sticks is None:
            begin, sticks = _by_default(text[: found.start()], body)
        if many and sticks:
            by = "cookie" if "cookie" in sticks[1] else "ip" if "src" in sticks[1] or "source" in sticks[1] else "header"
            yield _evidence(StickySessions(by, name), file, text, begin + sticks.start(1), name)
        yield from _pool("haproxy", name, hosts, count, bool(sticks), file, text, found.start())


def _by_default(above: str, body: str) -> tuple[int, re.Match[str] | None]:
    """Where the defaults above a backend begin that keep a client on one server, and by which line; one about balancing holds where the backend has none of its own."""
    last = next(reversed([*_DEFAULTS.finditer(above)]), None)
    sticks = _STICKS.search(last[1]) if last is not None else None
    if last is None or sticks is None or (sticks[1].startswith("balance") and _BALANCE.search(body)):
        return 0, None
    return last.start(1), sticks


def _caddy(file: File, text: str) -> Iterator[Evidence]:
    for found in _PROXY.finditer(text):
        block = found[3] or ""
        words = found[1].split() + [word for line in _TO.findall(block) for word in line.split()]
        hosts = [host[1] for word in words if (host := _UPSTREAM.match(word))]
        count = max(len(hosts), 2 if "dynamic " in block else 0)
        policy = _POLICY.search(block)
        if policy:
            by = "cookie" if policy[1] == "cookie" else "ip" if "ip" in policy[1] else "header"
            yield _evidence(StickySessions(by, ""), file, text, found.start(3) + policy.start(1))
        yield from _pool("caddy", "", hosts, count, bool(policy), file, text, found.start(1))


def _traefik(file: File, text: str) -> Iterator[Evidence | Lost]:
    """`http.services.web.loadBalancer.servers` of the file provider; a cookie is told with the others."""
    try:
        services = value_at(load(text, file.name), "http", "services")
    except SourceError as error:
        yield Lost(clean(file.name), error.message)
        return
    for name, service in services.items() if isinstance(services, Table) else ():
        balancer = value_at(service, "loadBalancer")
        rows = tables(balancer.get("servers")) if isinstance(balancer, Table) else []
        hosts = [host[1] for row in rows if (host := _SERVED.match(str(row.get("url") or row.get("address") or "")))]
        if isinstance(balancer, Table) and rows:
            at = len("\n".join(text.split("\n")[: rows[0].line - 1])) + 1
            yield from _pool("traefik", clean(str(name), 80), hosts, len(hosts), "sticky" in balancer, file, text, at)


def _pool(system: str, name: str, hosts: list[str], count: int, sticky: bool, file: File, text: str, at: int) -> Iterator[Evidence]:
    if count > 1 and not sticky:
        yield _evidence(LoadBalanced(system, name), file, text, at, name)
    if len(hosts) > 1:
        said = clean(f"{name or 'reverse_proxy'}: {count} servers", 80)
        yield _evidence(InstancesFactor(count, False, "replicas", system, name, said), file, text, at, name)
    elif count > 1 and hosts:
        # As many as are found by the name, up to this number (docs.haproxy.org, server-template).
        yield _evidence(InstancesPossible("", system, name, clean(f"{name}: up to {count} servers", 80)), file, text, at, name)
    if len(set(hosts)) > 1 or len(hosts) > 1 and hosts[0] in ("localhost", "127.0.0.1"):
        yield _evidence(BalancerPool(clean(",".join(dict.fromkeys(hosts)), 200), system, name), file, text, at, name)


PROBE = Balancers()
