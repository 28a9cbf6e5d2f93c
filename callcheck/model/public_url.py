"""Is an address one that somebody on the Internet can be given?"""

from __future__ import annotations

from urllib.parse import urlsplit


def is_public(url: str) -> bool:
    """Whether it is https and its host has a domain, and none that only a local network or a cluster knows. No for what is no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme == "https" and "." in host and not host.endswith((".local", ".internal", ".svc"))
