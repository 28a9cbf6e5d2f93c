"""Which addresses do the files tell a product of monitoring or delivery to post to?

    receivers: [{type: webhook, settings: {url: https://desk.example.org/alarms}}]         # a contact point of Grafana, in a ConfigMap as well
    webhook_configs: [{url: https://desk.example.org/alarms}]                              # Alertmanager
    service.webhook.desk: "url: https://desk.example.org/deployed"                         # Argo CD's notifications
    hooks: [{hook: web_hook, config: {url: https://desk.example.org/kratos/after}}]        # Ory Kratos
    webhook: {urls: [https://desk.example.org/livekit]}                                    # LiveKit
    webhook: https://desk.example.org/hasura                                               # an event trigger of Hasura
    [integration.http] event_endpoint_url="https://desk.example.org/up"                    # ChirpStack

Sources: grafana.com, file provisioning of contact points, and the provider's grafana_contact_point; prometheus.io, webhook_config, and AlertmanagerConfig of
its operator; argo-cd.readthedocs.io, notifications, webhook; fluxcd.io, Provider (generic); falcosidekick, config.yaml; ory.sh, webhooks; docs.livekit.io,
webhooks; hasura.io, event triggers' metadata; distribution.github.io, notifications; chirpstack.io, integration http. What they bring for an
answer stands beside the address, so that a login by name and password, or by a certificate, is told from none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

FILES = ("*.yaml", "*.yml", "*.tf", "*.json", "*.toml")
_TOLD = pattern(r"(?:^|[\s{,\"'])(?:(?:url|uri|address|endpoint|webhook(?:_?url)?|(?:event_)?endpoint_url)[\"']?[ \t]*[:=][ \t]*[\"']?|(?:urls[\"']?[ \t]*[:=][ \t]*\[|-)[ \t]*[\"']?)(?P<scheme>https?)://(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?::\d{1,5})?(?P<path>/[\w./-]{1,200})(?=[\"'\s},]|$)")
_SENDS = pattern(r"(?:^|[\n{,])[ \t]*(?:-[ \t]+)?(?:type[\"']?[ \t]*[:=][ \t]*[\"']?(?:webhook|generic(?:-hmac)?)\b|[\"']?webhook(?:_configs|Configs)?[\"']?[ \t]*[:{]|hook:[ \t]*web_hook\b|notifications:[ \t]*(?=\n)|\[integration\.http\]|service\.webhook\.[\w-]{1,60}:)")
_BASIC = pattern(r"(?i)basic_?-?auth|\busername\b|http_?user\b|\bcert_?file\b|\bcert:|client_?cert")
_BEARER = pattern(r"(?i)\bbearer\b|authorization|credentials|\btoken\b|headers")
_MARKS = ("webhook", "web_hook", "Provider", "notifications", "integration.http")
_NEAR = 12
_LARGEST_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Posted:
    """An address that is posted to ("" for a host that is not known), and what its sender brings: "" for nothing, token, or login for what a person could bring as well."""

    host: str
    path: str
    brings: str
    where: Location
    plain: bool = False
    """Whether it is an address of http."""
    outside: bool = False
    """Whether whoever posts is on the Internet for certain."""


def posted(eyes: Eyes) -> tuple[Posted, ...]:
    """Every such address with a domain, which a name inside a network has not."""
    return eyes.once(("posted",), lambda: tuple(_found(eyes)))


def _found(eyes: Eyes) -> Iterator[Posted]:
    for file in eyes.tree.named(*FILES):
        if aside(eyes, file) or file.size > _LARGEST_BYTES:
            continue
        text = eyes.readable(file)
        lines = text.split("\n") if any(mark in text for mark in _MARKS) else []
        for number, line in enumerate(lines):
            found = _TOLD.search(line) if "://" in line else None
            if found is None or found["host"].endswith((".svc", ".local", ".internal")):
                continue
            if _SENDS.search("\n".join(lines[max(0, number - _NEAR) : number + 1])):
                beside = "\n".join(lines[max(0, number - 3) : number + _NEAR])
                brings = "login" if _BASIC.search(beside) else "token" if _BEARER.search(beside) else ""
                yield Posted(found["host"], found["path"], brings, Location(clean(file.name), number + 1), found["scheme"] == "http")
