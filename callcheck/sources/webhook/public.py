"""Does a public address lead to our receiver?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from callcheck.model.errors import UsageError
from callcheck.model.measured import UNANSWERED
from callcheck.model.printable import clean

if TYPE_CHECKING:
    import httpx

LONGEST_S = 8.0


def address(said: str) -> str:
    """What `--public-url` says, without a slash at its end. Raises UsageError if it is no address that others could call."""
    import httpx

    try:
        url = httpx.URL(said)
    except (httpx.InvalidURL, ValueError) as error:
        raise UsageError(f"--public-url {clean(said, 80)} is no address: {error}", "such as https://abc.ngrok.app") from error
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise UsageError(f"--public-url {clean(said, 80)} is no plain http address", "such as https://abc.ngrok.app")
    return said.rstrip("/")


async def reached(base: str, token: str) -> str:
    """`ok` if the receiver answers there, from here; else what happens instead. A name that only a container knows is not found from here, so
    this settles nothing by itself."""
    import httpx

    from callcheck.sources.online.calls import problem

    try:
        async with httpx.AsyncClient(timeout=LONGEST_S, follow_redirects=False) as client:
            answer = await asyncio.wait_for(_asked(client, f"{base}/{token}"), LONGEST_S)
    except (TimeoutError, asyncio.TimeoutError):
        return "no answer in time"
    except (httpx.HTTPError, OSError) as error:
        word = problem(error)
        return UNANSWERED.get(word, word)
    status, body = answer
    if status == 200 and body == token.encode():
        return "ok"
    return f"somebody else answers {status} there" if status != 200 else "somebody else answers there"


async def _asked(client: httpx.AsyncClient, url: str) -> tuple[int, bytes]:
    async with client.stream("GET", url, headers={"accept-encoding": "identity", "user-agent": "callcheck"}) as response:
        async for part in response.aiter_raw(256):
            return response.status_code, part
        return response.status_code, b""
