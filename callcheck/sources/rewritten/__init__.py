"""What does a proxy put in the place of the beginning of a path, before the app is asked for it?

    nginx.ingress.kubernetes.io/rewrite-target: /$2        path: /api(/|$)(.*)
    location /api/ { proxy_pass http://app:8000/; }        # with a path of its own, nginx puts it in the place of /api/
    handle_path /api/* { reverse_proxy app:8000 }          # Caddy takes /api off
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.sources.rewritten.way import Way as Way

if TYPE_CHECKING:
    from callcheck.sources import Eyes

__all__ = ["CONFIGURED", "FILES", "MARKS", "Way", "after", "rewritten"]
CONFIGURED = ("*nginx*", "*.conf", "*.conf.template", "*.vhost", "*.cfg", "*Caddyfile*", "sites-*/*", "*/sites-*/*")
"""Files of proxies that have a language of their own."""
FILES = ("*.yaml", "*.yml", *CONFIGURED)
MARKS = ("rewrite-target", "proxy_pass", "ProxyPass", "strip", "Strip", "handle_path", "replace-path", "replacepath", "URLRewrite", "prefix_rewrite", "rewrite:")


def rewritten(eyes: Eyes) -> Iterator[Way]:
    """Every such rule, of files that can be read; those of examples left out."""
    from callcheck.sources.rewritten import configured, meshes, traefik

    for read in (configured.read, meshes.read, traefik.read):
        yield from read(eyes)


def after(path: str, ways: Iterable[Way]) -> Iterator[tuple[Way, str]]:
    """Each rule that changes a path, with what the app is asked for; one behind which a longer one hands the path on as it is does not count."""
    fitting = [(way, found) for way in ways if (found := way.match.match(path))]
    kept = max((found.end() for way, found in fitting if way.put is None), default=-1)
    for way, found in fitting:
        if way.put is not None and found.end() > kept:
            yield way, _put(way.put, found, path)


def _put(put: str, found: re.Match[str], path: str) -> str:
    if "$" in put:
        return "/" + re.sub(r"\$(\d)", lambda group: found[int(group[1])] or "" if int(group[1]) <= found.re.groups else "", put).lstrip("/")
    return "/" + put.strip("/") + ("/" if put.strip("/") and found.end() < len(path) else "") + path[found.end() :].lstrip("/")
