"""What came of asking each endpoint, all side by side, and of asking again for models that its list does not name?"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.online import calls, verdicts
from callcheck.sources.online.calls import Asked, Reply
from callcheck.sources.online.endpoints import Endpoint

_PROFILE = pattern(r"^(?:arn:|(?:us|eu|apac|jp|au|ca|global)(?:-gov)?\.)")
_MOST_MODELS = 3
"""Names that are asked for one by one, for each endpoint."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one endpoint did."""

    outcome: str
    status: int
    latency_s: float
    slower: bool
    """The answer came later than the code's own client would have waited."""
    remaining: int
    unknown: tuple[str, ...]
    """Models that it says it does not have, printable."""


def check(found: Sequence[Endpoint], longest_s: float = calls.LONGEST_S) -> list[tuple[Endpoint, Seen]]:
    """Each with what it did; takes at most twice `longest_s`, whatever they do."""
    replies = calls.ask_all([_asked(end, end.system.path) for end in found], longest_s)
    wanted = [(number, model) for number, (end, reply) in enumerate(zip(found, replies, strict=True)) for model in _missing(end, reply)]
    again = calls.ask_all([_asked(found[number], found[number].system.single.format(quote(model, safe=""))) for number, model in wanted], longest_s)
    unknown = {pair for pair, reply in zip(wanted, again, strict=True) if reply.status == 404 and not reply.problem}
    return [
        (end, _seen(end, reply, tuple(clean(model, 80) for number, model in wanted if (number, model) in unknown and number == index)))
        for index, (end, reply) in enumerate(zip(found, replies, strict=True))
    ]


def _asked(end: Endpoint, path: str) -> Asked:
    headers = dict(end.system.extra)
    if end.key and end.system.header:
        headers[end.system.header] = f"Bearer {end.key}" if end.system.header == "authorization" else end.key
    return Asked(end.base + path, headers)


def _missing(end: Endpoint, reply: Reply) -> list[str]:
    """Models that the list does not name. It may lack names that stand for others, so these are asked for."""
    known = verdicts.models(reply)
    if known is None or not end.system.single:
        return []
    # An inference profile of Bedrock (`us.anthropic.…`, an ARN) is no foundation model, and is listed elsewhere.
    models = [model for model in end.models if end.system.name != "bedrock" or not _PROFILE.match(model)]
    return [model for model in models if model not in known][:_MOST_MODELS]


def _seen(end: Endpoint, reply: Reply, unknown: tuple[str, ...]) -> Seen:
    outcome = verdicts.outcome(reply, bool(end.key), end.system.signed)
    slower = bool(reply.status) and 0 < end.timeout_s < reply.latency_s
    return Seen(outcome, reply.status, reply.latency_s, slower, verdicts.remaining(reply), unknown)
