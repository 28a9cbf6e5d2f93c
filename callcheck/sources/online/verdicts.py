"""What does a reply mean: which outcome, how many requests are left, which models are there?

    429 {"error": {"code": "insufficient_quota", ...}}         400 {"error": {"status": "INVALID_ARGUMENT", "message": "API key not valid. ..."}}
"""

from __future__ import annotations

import json

from callcheck.sources.online.calls import Reply

_BY_STATUS = {401: "auth", 402: "quota", 403: "forbidden", 404: "not-found", 405: "not-found", 408: "timeout", 429: "rate-limited", 529: "overloaded"}
_REMAINING = ("x-ratelimit-remaining-requests", "anthropic-ratelimit-requests-remaining")
_QUOTA = ("insufficient_quota", "exceeded your current quota, please check your plan", "credit balance is too low")
_BAD_KEY = ("api_key_invalid", "api key not valid")


def outcome(reply: Reply, keyed: bool, signed: bool = False) -> str:
    """One of the words of `UpstreamChecked.outcome`; `keyed`: whether a key was sent; `signed`: whether the API's clients sign instead."""
    if reply.problem:
        return reply.problem
    if 200 <= reply.status < 300:
        return "ok"
    said = json.dumps(reply.body).lower() if reply.body is not None else ""
    if reply.status in (400, 402, 429) and any(word in said for word in _QUOTA):
        return "quota"
    word = _BY_STATUS.get(reply.status, "")
    if reply.status == 400 and any(word in said for word in _BAD_KEY):
        word = "auth"
    if word in ("auth", "forbidden") and not keyed:
        return "unsigned" if signed else "no-key"
    if reply.status == 503 and "overloaded" in said:
        return "overloaded"
    return word or ("unavailable" if reply.status >= 500 else "rejected")


def remaining(reply: Reply) -> int:
    """Requests that are left in the running period; -1 if the headers do not say."""
    told = next((reply.headers[name] for name in _REMAINING if name in reply.headers), "")
    return int(told) if told.isdecimal() else -1


def models(reply: Reply) -> frozenset[str] | None:
    """The names in a list of models, whole and without `models/` or `:latest`; None if it is none, or has further pages."""
    body = reply.body if isinstance(reply.body, dict) else {}
    rows = body.get("data", body.get("models", body.get("modelSummaries")))
    if reply.problem or not isinstance(rows, list) or body.get("has_more") or body.get("nextPageToken"):
        return None
    named = {str(row.get(key)) for row in rows if isinstance(row, dict) for key in ("id", "name", "model", "modelId") if row.get(key)}
    return frozenset(named | {name.removeprefix("models/") for name in named} | {name.removesuffix(":latest") for name in named})
