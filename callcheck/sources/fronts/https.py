"""Does what stands in front of the app answer plain http with a redirect to https, and where is that said?

    server { listen 80; return 301 https://$host$request_uri; }     # nginx
    [http_service] force_https = true                               # Fly
    spec: {tls: [...]}                                              # ingress-nginx: ssl-redirect is on for a host with a certificate
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Location
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table
from callcheck.sources.launch import COMPOSE_FILES, aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_SAID = {
    ("*nginx*", "*.conf", "*.conf.template", "sites-*/*", "*/sites-*/*"): pattern(r"^[ \t]*return[ \t]+30[178][ \t]+https://", re.MULTILINE),
    ("fly*.toml",): pattern(r"^[ \t]*force_https[ \t]*=[ \t]*true", re.MULTILINE),
    (*COMPOSE_FILES, "traefik*.y*ml", "traefik*.toml"): pattern(r"redirections\.entrypoint\.scheme=https|redirectscheme\.scheme[=:]\s*\"?https|^[ \t]*scheme:[ \t]*https", re.MULTILINE),
}
FILES = tuple(glob for globs in _SAID for glob in globs)
_NAMED = pattern(r"\bserver_name[ \t]+([^;\n]{1,300});|\bHost\(([^)\n]{1,300})\)")
_LARGEST_BYTES = 300_000


def redirected(eyes: Eyes, host: str) -> Location | None:
    """The line that sends a request for a host from http to https; None where none is known to."""
    for globs, said in _SAID.items():
        for file in eyes.tree.named(*globs):
            if aside(eyes, file) or file.size > _LARGEST_BYTES:
                continue
            try:
                text = eyes.text(file)
            except SourceError:
                continue
            found = said.search(text)
            if found and _serves(text, host):
                return Location(clean(file.name), text.count("\n", 0, found.start()) + 1)
    return _by_certificate(eyes, host)


def _serves(text: str, host: str) -> bool:
    """Whether a file may be about a host: it names this one, or one with a wildcard or a variable, or none at all."""
    named = " ".join(part for found in _NAMED.findall(text) for part in found)
    return not named or host in named or host.partition(".")[2] in named or any(mark in named for mark in ("_", "$", "*", "~"))


def _by_certificate(eyes: Eyes, host: str) -> Location | None:
    from callcheck.sources.manifests import collect

    for ingress in collect(eyes).of("Ingress"):
        notes = ingress.get("metadata", "annotations")
        off = isinstance(notes, Table) and any(key.endswith("/ssl-redirect") and str(value).lower() == "false" for key, value in notes.items())
        nginx = ingress.get("spec", "ingressClassName") == "nginx" or isinstance(notes, Table) and "nginx" in str(notes.get("kubernetes.io/ingress.class"))
        hosts = [str(each) for row in ingress.get("spec", "tls") or () if isinstance(row, Table) for each in row.get("hosts") or ()]
        if host in hosts and nginx and not off:
            return ingress.where("spec", "tls")
    return None
