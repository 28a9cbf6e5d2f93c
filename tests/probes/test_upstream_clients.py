"""Do the real clients of OpenAI and Anthropic fail in the way that callcheck names, on the same answers of the same server?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callcheck.sources.online.check import check
from callcheck.sources.online.endpoints import Endpoint
from callcheck.sources.online.systems import BY_NAME
from tests.tools.model_api import serving

RAISED = {
    "auth": "AuthenticationError",
    "forbidden": "PermissionDeniedError",
    "not-found": "NotFoundError",
    "rejected": "UnprocessableEntityError",
    "rate-limited": "RateLimitError",
    "quota": "RateLimitError",
    "unavailable": "InternalServerError",
    "timeout": "APITimeoutError",
    "dropped": "APIConnectionError",
    "redirect-loop": "APIConnectionError",
}
"""What callcheck calls it, and the class that both clients raise then."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving() as (address, _):
        yield address


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


def client(name: str, base: str) -> Any:
    library = pytest.importorskip(name, reason=f"the {name} package, of the dev extra, is not installed")
    made = library.OpenAI if name == "openai" else library.Anthropic
    return made(api_key="not-a-key", base_url=base, timeout=1.0, max_retries=0)


def named(name: str, base: str) -> str:
    """What callcheck says of the same address."""
    ((_, seen),) = check([Endpoint(BY_NAME[name], base, "not-a-key", "KEY", None)], 1.0)
    return seen.outcome


@pytest.mark.parametrize("how", [*RAISED, "overloaded"])
@pytest.mark.parametrize(("name", "path"), [("openai", "/v1"), ("anthropic", "")])
def test_a_client_raises_what_callcheck_names(name: str, path: str, how: str, url: str) -> None:
    base = f"{url}/{how}{path}"
    asked = client(name, base)
    with pytest.raises(Exception) as raised:
        asked.models.list()
    said = named(name, base)
    overloaded = "OverloadedError" if name == "anthropic" else "InternalServerError"
    assert (said, type(raised.value).__name__) == (how, {**RAISED, "overloaded": overloaded}[how])
    if name == "openai" and said in ("quota", "rate-limited"):
        assert (raised.value.code == "insufficient_quota") == (said == "quota")


@pytest.mark.parametrize(("name", "path"), [("openai", "/v1"), ("anthropic", "")])
def test_a_client_is_content_where_callcheck_is(name: str, path: str, url: str) -> None:
    base = f"{url}/ok{path}"
    assert [model.id for model in client(name, base).models.list().data] == ["gpt-known"]
    assert named(name, base) == "ok"
