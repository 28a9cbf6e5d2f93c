"""What did one request come to? Bounded in time and in what is read of the answer; redirects are not followed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import UsageError
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.scenario import Body, Call
from callcheck.sources.scenario import addresses, templates

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 65_536
"""Of an answer's body; what comes after is not read, and the connection is closed."""
_MOST_TIMES = 1000


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    sent_at: float
    """`time.monotonic()` just before it went out."""
    latency_s: float
    """Until the answer's headers, or until it failed."""
    status: int = 0
    """0 if there was no answer."""
    problem: str = ""
    """"" for an answer, whatever its status; else timeout, refused, dropped, dns, tls, unreachable, proxy or malformed."""
    location: str = ""
    """Where the answer redirects to; nobody went there."""
    body: bytes = b""
    arrivals: tuple[float, ...] = ()
    """`time.monotonic()` of each piece of the body, the first `_MOST_TIMES` of them."""
    whole: bool = True
    """Whether the answer's body ended, within its time and within `MOST_BYTES`."""

    @property
    def ended_at(self) -> float:
        """`time.monotonic()` when the answer's headers were there."""
        return self.sent_at + self.latency_s

    def fits(self, call: Call) -> bool:
        """Whether the answer is one of those that are in order."""
        return bool(self.status) and (self.status in call.statuses if call.statuses else self.status < 400)


class NotAllowed(UsageError):
    """A request would leave this machine, and nobody said that it may."""

    def __init__(self, host: str) -> None:
        super().__init__(f"requests to {clean(host, 80)} leave this machine", "--yes-send allows it; a trigger has real effects")


async def exchange(
    client: httpx.AsyncClient,
    call: Call,
    given: Mapping[str, Any],
    traceparent: str = "",
    anywhere: bool = False,
    enough: Callable[[float, bytes], bool] = lambda at, body: False,
) -> Exchange:
    """Send one request, its templates filled. Raises NotAllowed before anything is sent, and RuleError for an address that is none.

    `enough` is asked at each piece of the answer's body, with `time.monotonic()` and what there is of the body, whether the rest is of no interest.
    """
    import httpx

    url = addresses.parsed(call, templates.text(call.url, given))
    if not anywhere and not addresses.loopback(addresses.host(url)):
        raise NotAllowed(addresses.host(url))
    began = time.monotonic()
    try:
        request = _request(client, call, url, given, traceparent)
    except (ValueError, TypeError):  # A header that is no ASCII, a body that is no JSON.
        return Exchange(began, 0.0, problem="malformed")
    seen: dict[str, Any] = {}
    try:
        await asyncio.wait_for(_exchanged(client, request, seen, began, enough), call.timeout_s)
    except (TimeoutError, asyncio.TimeoutError):
        seen.setdefault("problem", "" if "status" in seen else "timeout")
        seen["whole"] = False
    except (httpx.HTTPError, OSError) as error:
        from callcheck.sources.online.calls import problem

        # A status that came before the connection broke is an answer all the same.
        seen.update(whole=False) if "status" in seen else seen.update(problem=problem(error))
    seen.setdefault("latency_s", time.monotonic() - began)
    return Exchange(began, **seen)


def _request(client: httpx.AsyncClient, call: Call, url: httpx.URL, given: Mapping[str, Any], traceparent: str) -> httpx.Request:
    headers = {"accept-encoding": "identity", "user-agent": "callcheck", **{name: templates.text(value, given) for name, value in call.headers.items()}}
    if traceparent and "traceparent" not in {name.lower() for name in headers}:
        headers["traceparent"] = traceparent
    body = templates.filled(call.body, given)
    kinds: dict[Body, dict[str, Any]] = {
        Body.JSON: {"json": body},
        Body.FORM: {"data": {name: str(value) for name, value in body.items()}} if isinstance(body, dict) else {},
        Body.TEXT: {"content": str(body).encode()},
    }
    return client.build_request(call.method, url, headers=headers, **kinds.get(call.kind, {}))


async def _exchanged(client: httpx.AsyncClient, request: httpx.Request, seen: dict[str, Any], began: float, enough: Callable[[float, bytes], bool]) -> None:
    response = await client.send(request, stream=True)
    try:
        seen.update(status=response.status_code, latency_s=time.monotonic() - began, location=response.headers.get("location", ""))
        async for part in response.aiter_raw():
            seen["body"] = seen.get("body", b"") + part
            now = time.monotonic()
            seen["arrivals"] = (*seen.get("arrivals", ()), now)[:_MOST_TIMES]
            if enough(now, seen["body"]) or len(seen["body"]) > MOST_BYTES:
                seen.update(body=seen["body"][:MOST_BYTES], whole=False)
                break
    finally:
        await response.aclose()
