"""Which calls to other servers failed for good in a recorded run?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.recorded import Call, Recording
from callcheck.sources.logs.failed_call import class_of

_MODEL_HOST = pattern(
    r"openai|anthropic|mistral|groq|deepseek|cohere|together|fireworks|openrouter|perplexity|x\.ai$|generativelanguage|aiplatform|bedrock|huggingface|azure\.com$"
)
_MODEL_PATH = pattern(r"/(?:chat/completions|completions|messages|responses|embeddings|models)$|:(?:stream)?[gG]enerateContent$|/api/(?:chat|generate)$|/(?:converse|invoke)(?:-\w+)*$")
_TIMED_OUT = pattern(r"(?i)timeout|timed ?out|^abort|^cancel|no answer")
_ASIDE = pattern(r"telemetry|analytics|sentry\.io$|posthog\.com$|segment\.(?:io|com)$|datadoghq|newrelic|nr-data\.net$|honeycomb\.io$|^registry\.npmjs|^pypi\.")
"""Whom apps and their tools report to: no delivery waits for what they answer."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})


@dataclass(frozen=True, slots=True)
class Failed:
    """Calls to one host that failed alike, and were not made good in the same request."""

    failure: str
    """auth, rate-limit, timeout, rejected or unavailable, as in `facts.logs.UpstreamFailure`."""
    peer: str
    """model or service."""
    calls: tuple[Call, ...]
    cured: int
    of: int
    """Calls to this host in all, those that go on left out."""
    to_the_end: bool
    """No later call to this host succeeded."""


def failed_calls(recording: Recording) -> Iterator[Failed]:
    """The failures by host and class, the commonest first. A request that emitted something after its failed call went on, and does not count."""
    groups: dict[tuple[str, str, tuple[str, int]], list[Call]] = {}
    cured: dict[tuple[str, str, tuple[str, int]], int] = {}
    made = Counter(_host(call) for call in recording.calls if call.ended)
    for call in recording.calls:
        failure = failure_of(call)
        if not failure or _ASIDE.search(call.address):
            continue
        key = failure, _peer(call), _host(call)
        if _made_good(call, recording):
            cured[key] = cured.get(key, 0) + 1
        else:
            groups.setdefault(key, []).append(call)
    for key, calls in sorted(groups.items(), key=lambda item: -len(item[1])):
        last = max(call.at for call in calls)
        later = any(_host(call) == key[2] and call.at > last and not failure_of(call) and call.ended for call in recording.calls)
        yield Failed(key[0], key[1], tuple(calls), cured.get(key, 0), max(made[key[2]], len(calls)), not later)


def _host(call: Call) -> tuple[str, int]:
    return call.address, call.port


def failure_of(call: Call) -> str:
    """How a call failed; "" if it did not, or nothing says."""
    if call.status >= 400:
        return class_of(call.status) or "rejected"
    if call.error:
        return "timeout" if _TIMED_OUT.search(f"{call.error} {call.message}") else "unavailable"
    return ""


def _peer(call: Call) -> str:
    return "model" if _MODEL_HOST.search(call.address) or _MODEL_PATH.search(call.path) else "service"


def _made_good(call: Call, recording: Recording) -> bool:
    """Whether the same request went on: a later try succeeded, or something was emitted after it."""
    if not call.request:
        return any(each.process is call.process and _host(each) == _host(call) and each.path == call.path and each.at > call.at and each.ended and not failure_of(each) for each in recording.calls)
    later = (each for each in recording.calls if each.request == call.request and each.process is call.process and each.at > call.at)
    if any(_host(each) == _host(call) and each.ended and not failure_of(each) for each in later):
        return True
    return any(each.request == call.request and each.process is call.process and each.at > call.at for each in recording.emissions)
