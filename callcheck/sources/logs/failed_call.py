"""What does a record tell of a call to somebody else that failed?

    error: [tags][643] attempt 1 of 3 failed: TypeError: fetch failed
        at async inferTags (/app/dist/tagger.js:31:20) {
      [cause]: HeadersTimeoutError: Headers Timeout Error
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from callcheck.model.log import Level, Place, Signature
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.frames import Frame, ends_program, own_frame
from callcheck.sources.logs.peers import ADDRESS, CALLBACK, MODEL, peer_of
from callcheck.sources.logs.quoting import named_below, quoted
from callcheck.sources.logs.view import BY_NAME, View

_SPENT = "insufficient_quota"
"""OpenAI's word for an account without credit, which no retry cures."""
_CLASSES = ("auth", "rate-limit", "timeout", "rejected", "unavailable")
_CODE = rare(
    r"(?:[Ee]rror code|[Ss]tatus(?:[ _]?[Cc]ode)?|HTTP(?:/[\d.]+|-Code)?|httpStatusCode|err\.status|[Rr]esponse code|(?:[Aa]nswer|[Rr]espond|[Rr]epli|[Rr]eject|[Rr]eturn)(?:ed|s)(?: with)?|said|gave|got|Error|Exception|(?:Permission|Access)Denied|Forbidden|Unauthenticated|Unauthorized|ResourceExhausted|TooManyRequests|NotFound|InvalidArgument|ServiceUnavailable|DeadlineExceeded|(?:overloaded|limit(?:ed)?|unavailable|busy|refused|denied|failed|forbidden|unauthorized) \(|<title>(?:[^<|]{1,80}\|)?|<h1>|(?i:" + BY_NAME + r"))"
    r"[\"']?[:=]?\s{0,2}[\"\[(]?(\d{3})\b(?! (?:rows|items|records|events|messages|results|lines|bytes|users|tokens|files|jobs|ms)\b)",
    re.ASCII,
)
_FAILED = pattern(r"[45]\d\d\b", re.ASCII)
"""The end of any of the numbers that `class_of` knows."""
_ERROR = pattern(r"\b((?:[a-z_]\w{0,60}\.){0,6}[A-Z]\w{0,80}(?:Error|Exception|Timeout|Exceeded|Refused)|(?:[a-z_]\w{0,60}\.){0,6}(?:exceptions|errors)\.[A-Z]\w{0,80})\b", re.ASCII)
_FRAMES = pattern(r"^[ \t|]{1,40}at [^\n]{0,400}", re.M)
"""Calls in a stack, whose methods may be called as errors are: `at Policy.ThrowIfTimeout(...)`."""
_LOCAL = pattern(r"^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|::1)(?::\d+)?$", re.I)
_INWARD = rare(
    r"\b(?:path|user_?agent|remote_?(?:addr|address|ip)|client_?ip|ip)[=:] ?\S|\b(?:agent|peer)=\S|\b(?:request|post) (?:without|from|with (?:bad|wrong|invalid))\b",
    re.I,
)
"""Our own answer to somebody else's request."""
_OUTWARD = rare(
    r"Request failed with status code|\bHTTPError\b|HTTPStatusError|ClientResponseError|FetchError|AxiosError|(?:Client|Server) error '\d{3}|Response code \d{3}|\d{3} (?:Client|Server) Error: .{0,80} for url"
    r"|\b(?:push|sync|upload|export|fetch|download|call|forward|submit|lookup)(?:ing|ed)?\b.{0,60}\b(?:failed|refused|rejected)\b"
    r"|\b(?:[Ee]ndpoint|[Rr]eceiver|[Ss]ubscriber|[Tt]arget|[Rr]emote|[Pp]artner|[Pp]eer|[Ss]erver|[Tt]hey) (?:(?:answer|respond|repli|return|reject)(?:ed|s)(?: with)?|said|gave|sent back) \d{3}\b"
)
"""Our own request to somebody else."""
_REACHED = rare(
    r"ReadTimeout|Read timed out|read timeout=|awaiting (?:response )?headers|\btimeout of \d{1,7} ?ms exceeded|Headers? ?Timeout|UND_ERR_(?:HEADERS|BODY)_TIMEOUT|SocketTimeoutException: Read"
    r"|\b(?:did not|didn't|never) (?:answer|respond|reply|acknowledge)\b|\bno (?:answer|response|reply|acknowledgement) (?:with)?in\b"
)
"""A time limit that runs out when the connection stands: who was called takes too long."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed call."""

    kind: str
    """auth, rate-limit, timeout, rejected or unavailable; "" for the line after a last attempt, which gives up."""
    peer: str
    """model, callback, infrastructure or service."""
    status: int
    """0 where none is told."""
    error: str
    address: str
    ids: frozenset[str]
    order: int
    """Rises along the file."""
    time: float | None
    place: Place
    instance: str
    retried: bool
    """The record says that there will be another attempt."""
    final: bool
    """It says that there will be none."""
    text: str
    began: Place | None = None
    """The first attempt, where this is the last."""
    frame: Frame | None = None
    """The call in the app's own code, where a traceback shows it."""
    named: int = 0
    """How many lines below its first the error stands that it comes from (`[cause]: HeadersTimeoutError`), where nothing else stands in between."""
    uncaught: bool = False
    """Nobody caught it, as far as its record tells: a program that writes nothing more has ended with it."""
    reached: bool = False
    """A time-out of somebody who was reached."""
    alone: bool = False
    """It stands in a long log where nobody read what followed."""

    @property
    def loopback(self) -> bool:
        return bool(_LOCAL.match(self.address))


def kind_of(view: View, signs: Sequence[Signature]) -> str:
    """The class of failure that a record tells of, by its status and by the signatures found in it; "" if it tells of none."""
    found = {s.kind for s in signs}
    if any(s.kind == "auth" and s.peer == "model" for s in signs):
        return "auth"
    status = _status_of(view.full)
    by_status = class_of(status) if status and not view.says(_INWARD, 600) else ""
    # GitHub answers 403, and ElevenLabs 401, to who has asked too often.
    told_apart = by_status == "rejected" and found - {"rejected", "unavailable"} or by_status == "auth" and "rate-limit" in found and "auth" not in found
    if by_status and not told_apart and (found or _of_a_call(view)):
        return "timeout" if by_status == "unavailable" and "timeout" in found else by_status
    return next((kind for kind in _CLASSES if kind in found), "")


def _of_a_call(view: View) -> bool:
    """Whether a status in a record is the answer to a call of our own, where no signature says so."""
    if view.says(MODEL, 600) or view.says(CALLBACK, 600) or (view.record.more and view.full_says(MODEL, 8000)):
        return True
    return bool(_OUTWARD.search(view.full, 0, 4000))


def failed_call(view: View, kind: str, peer: str) -> Failure:
    """What a record tells of a failed call of this class; without a class, of the line after a last attempt."""
    full = view.full
    address = ""
    found = ADDRESS.search(full) if kind else view.find(ADDRESS, 600)
    if found:
        address = next((g for g in found.groups() if g), "") if kind else found[2] or ""
    errors = _ERROR.findall(_FRAMES.sub("", full) if view.record.more else full)
    return Failure(
        kind=kind,
        peer=peer_of(view, peer) if kind else "",
        status=_status_of(full),
        error=errors[-1][:120] if errors else "",
        address=address[:200],
        ids=view.ids,
        order=view.order,
        time=view.time,
        place=view.place,
        instance=view.instance,
        retried=view.retried,
        final=view.final or (_SPENT in full and not view.retried) or (view.record.level >= Level.ERROR and "raised unexpected" in view.text),
        text=quoted(view, (errors[-1] if errors else "",)),
        frame=own_frame(full) if kind and view.record.more else None,
        uncaught=bool(kind) and view.record.level is Level.UNKNOWN and bool(view.record.more) and ends_program(full),
        named=named_below(view, errors[-1]) if kind and errors and view.record.more else 0,
        reached=kind == "timeout" and _REACHED.search(full, 0, 4000) is not None,
    )


def _status_of(full: str) -> int:
    """The HTTP status by which a text says that a call failed, or 0."""
    # Few texts have such a number at all, and to look for one takes a tenth of the search for all the words that may stand before it.
    code = _CODE.search(full) if _FAILED.search(full) else None
    return int(code[1]) if code and class_of(int(code[1])) else 0


def class_of(status: int) -> str:
    """The class of failure that an HTTP status stands for, or ""."""
    if status in (401, 403):
        return "auth"
    if status in (402, 429):
        return "rate-limit"
    if status in (408, 504, 522, 524):
        return "timeout"
    if status in (400, 404, 405, 410, 413, 415, 422):
        return "rejected"
    return "unavailable" if 500 <= status <= 599 else ""
