"""Which calls to other servers do exported OpenTelemetry spans tell of?

    {"name": "POST", "kind": 3, "attributes": [{"key": "server.address", ...}, {"key": "http.response.status_code", "value": {"intValue": "401"}}], ...}

Spans of kind CLIENT, by the conventions 1.23 and later and by those before (`http.url`, `http.status_code`), and those of model clients (`gen_ai.*`), which
have no status and name the client's error. A trace is taken for one request, since what belongs together is in one.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

_CLIENT = (3, "SPAN_KIND_CLIENT")
_STATUS = ("http.response.status_code", "http.status_code")
_ADDRESS = ("server.address", "net.peer.name", "http.host")
_PORT = ("server.port", "net.peer.port")
_URL = ("url.full", "http.url")
_PATH = ("url.path", "http.target")
_PORTS = {"https": 443, "http": 80}
_ERRORS = (
    (pattern(r"(?i)authentication|permissiondenied|unauthorized|forbidden|invalidapikey"), 401),
    (pattern(r"(?i)ratelimit|toomanyrequests|insufficientquota|throttl|resourceexhausted"), 429),
)
"""Errors of model clients -> the status that they stand for."""


@dataclass(frozen=True, slots=True)
class Called:
    """One call."""

    id: str
    trace: str
    parent: str
    address: str
    port: int
    path: str
    status: int
    error: str
    message: str
    at: int
    """Microseconds since the epoch."""
    ended: int


def called(span: dict[str, Any], said: dict[str, Any]) -> Called | None:
    """The call that a span with these attributes is of; None if it is of none. Raises ValueError for numbers that are none."""
    address, url = _first(said, _ADDRESS), urlsplit(_first(said, _URL))
    address = address or url.hostname or ""
    model = any(key.startswith("gen_ai.") for key in said)
    if span.get("kind") not in _CLIENT or not address or not (model or _first(said, _STATUS) or "http.request.method" in said or "http.method" in said):
        return None
    error, message = _error(span, said)
    status = int(_first(said, _STATUS) or 0)
    if model and not status:
        status = next((number for known, number in _ERRORS if known.search(error)), 0)
    path = (url.path or _first(said, _PATH)).partition("?")[0] or ("/v1/chat/completions" if model else "/")
    return Called(
        str(span.get("spanId") or ""), str(span.get("traceId") or ""), str(span.get("parentSpanId") or ""), address.rpartition("@")[2],
        int(_first(said, _PORT) or url.port or _PORTS.get(url.scheme, 0)), path, status, _named(error, status), message,
        int(span.get("startTimeUnixNano") or 0) // 1000, int(span.get("endTimeUnixNano") or 0) // 1000,
    )  # fmt: skip


def innermost(calls: list[Called]) -> list[Called]:
    """Without the calls of model clients that spans below tell of as HTTP requests."""
    above = {call.parent for call in calls}
    return [call for call in calls if call.id not in above]


def _named(error: str, status: int) -> str:
    """An error's name, which may be a status once more, or the number of a DOMException."""
    return error if not error.isdigit() else "" if status else "Error"


def _first(said: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(said[key]) for key in keys if said.get(key) not in (None, "")), "")


def _error(span: dict[str, Any], said: dict[str, Any]) -> tuple[str, str]:
    """The error that a failed span names, and what it says."""
    status = span.get("status") or {}
    raised = next((event for event in span.get("events") or () if event.get("name") == "exception"), None)
    told = {str(each.get("key")): next(iter((each.get("value") or {}).values()), "") for each in (raised or {}).get("attributes") or ()}
    if raised is None and "error.type" not in said and status.get("code") not in (2, "STATUS_CODE_ERROR"):
        return "", ""
    error = str(told.get("exception.type") or said.get("error.type") or "error")
    return error, str(told.get("exception.message") or status.get("message") or "")
