"""What does one address answer? One GET, bounded in time, in length and in redirects; nothing of it is kept.

A key goes to the host that was asked and to no other: a redirect to another host, or from https to http, is not followed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.model.noun import dataclass, field

if TYPE_CHECKING:
    import ssl

    import httpx

LONGEST_S = 10.0
"""For a call with all its redirects; whatever has not come by then is called a timeout."""
MOST_BYTES = 1_000_000
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Asked:
    """One GET: its address and headers, the key among them."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it. `problem` is "" if there is an answer with a status; otherwise one word of `UpstreamChecked.outcome`."""

    problem: str
    status: int = 0
    latency_s: float = 0.0
    body: Any = None
    """The JSON in it; None if it is none, or too long."""
    headers: Mapping[str, str] = field(default_factory=dict)


def ask_all(calls: Sequence[Asked], longest_s: float = LONGEST_S) -> list[Reply]:
    """All replies, in order, at the latest after `longest_s`: the calls run side by side, and who hangs is left behind."""
    if not calls:
        return []
    replies: dict[int, Reply] = {}
    trusted = _trusted()  # takes long, so once, and before any time is taken

    def one(number: int, call: Asked) -> None:
        replies[number] = ask(call, trusted, longest_s)

    threads = [threading.Thread(target=one, args=(number, call), daemon=True) for number, call in enumerate(calls)]
    ends = time.monotonic() + longest_s + 0.5
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    return [replies.get(number) or Reply("timeout", latency_s=longest_s) for number in range(len(calls))]


def _trusted() -> ssl.SSLContext:
    """The certificates that the environment trusts. Raises SourceError."""
    import httpx

    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise SourceError(f"the trusted certificates cannot be read: {error}", "SSL_CERT_FILE or SSL_CERT_DIR says where they are") from error


def ask(call: Asked, trusted: ssl.SSLContext, longest_s: float = LONGEST_S) -> Reply:
    """One reply. Each wait for the network has `longest_s`; `ask_all` bounds their sum."""
    import httpx

    began = time.monotonic()
    try:
        # Proxies as the environment says; no cookies, no .netrc.
        with httpx.Client(timeout=longest_s, follow_redirects=False, verify=trusted) as client:
            began = time.monotonic()
            return _followed(client, call, began, began + longest_s)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        word = problem(error)
        return Reply("proxy" if word in ("dns", "refused", "unreachable") and _proxied(call.url) else word, latency_s=time.monotonic() - began)


def _proxied(url: str) -> bool:
    """Whether the environment has a proxy between: then it is the proxy that is not reached."""
    from urllib.parse import urlsplit
    from urllib.request import getproxies, proxy_bypass

    parts, proxies = urlsplit(url), getproxies()
    return bool(proxies.get(parts.scheme) or proxies.get("all")) and not proxy_bypass(parts.netloc.rpartition("@")[2])


def _followed(client: httpx.Client, call: Asked, began: float, ends: float) -> Reply:
    url = client.build_request("GET", call.url).url
    for _ in range(MOST_REDIRECTS + 1):
        with client.stream("GET", url, headers={"accept-encoding": "identity", **call.headers}) as response:
            latency = time.monotonic() - began
            if response.status_code in _REDIRECTS and "location" in response.headers:
                there = url.join(response.headers["location"])
                if there.host != url.host or there.port != url.port or there.scheme != url.scheme:
                    return Reply("redirected", response.status_code, latency)
                url = there
                continue
            body, problem = _read(response, ends)
            return Reply(problem, response.status_code, latency, body, response.headers)
    return Reply("redirect-loop", response.status_code, time.monotonic() - began)


def _read(response: httpx.Response, ends: float) -> tuple[Any, str]:
    """The JSON of the body, and what is wrong with it."""
    import json

    parts: list[bytes] = []
    length = 0
    for part in response.iter_raw(65_536):
        parts.append(part)
        length += len(part)
        if length > MOST_BYTES:
            return None, "oversized" if response.status_code < 300 else ""
        if time.monotonic() > ends:
            return None, "timeout"
    try:
        return json.loads(b"".join(parts)), ""
    except (ValueError, RecursionError):
        return None, "malformed" if response.status_code < 300 else ""


def problem(error: BaseException) -> str:
    """One word for why no answer came: timeout, proxy, dns, tls, refused, unreachable, dropped or malformed."""
    import socket
    import ssl

    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    if isinstance(error, httpx.ProxyError):
        return "proxy"
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, socket.gaierror):
            return "dns"
        if isinstance(inner, ssl.SSLError):
            return "tls"
        if isinstance(inner, ConnectionRefusedError):
            return "refused"
        inner = inner.__cause__ or inner.__context__
    if isinstance(error, httpx.ConnectError):
        return "unreachable"
    return "dropped" if isinstance(error, httpx.TransportError) else "malformed"
