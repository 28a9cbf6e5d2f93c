"""Which calls to others failed, for good or only for a while?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from callcheck.model.log import Level, Place, Signature
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.attempts import attempt_before, line_of, numbered, same_end
from callcheck.sources.logs.bounded import Rank, Smallest, Table, add_counts, first_of, keep_first, rank_of
from callcheck.sources.logs.frames import Frame, own_frame
from callcheck.sources.logs.quoting import quoted
from callcheck.sources.logs.view import Moment, View, later

_SPENT = "insufficient_quota"
"""OpenAI's word for an account without credit, which no retry cures."""
_MOST = 2_000
_MOST_IDS = 20_000
_MOST_FILES = 8
_UNITS = 3
_NEARLY_ALL = 0.8
CLASSES = ("auth", "rate-limit", "timeout", "rejected", "unavailable")
_CODE = rare(
    r"(?:Error code|[Ss]tatus(?:[ _]?[Cc]ode)?|HTTP(?:/[\d.]+)?|httpStatusCode|err\.status|[Rr]esponse code|(?:[Aa]nswer|[Rr]espond|[Rr]epli|[Rr]eject|[Rr]eturn)(?:ed|s)(?: with)?|said|gave|got|Error|Exception|(?:Permission|Access)Denied|Forbidden|Unauthenticated|Unauthorized|ResourceExhausted|TooManyRequests|NotFound|InvalidArgument|ServiceUnavailable|DeadlineExceeded|(?:overloaded|limit(?:ed)?|unavailable|busy|refused|denied|failed|forbidden|unauthorized) \()"
    r"[\"']?[:=]?\s{0,2}[\"\[(]?(\d{3})\b(?! (?:rows|items|records|events|messages|results|lines|bytes|users|tokens|files|jobs|ms)\b)",
    re.ASCII,
)
_ERROR = pattern(r"\b((?:[a-z_]\w{0,60}\.){0,6}[A-Z]\w{0,80}(?:Error|Exception|Timeout|Exceeded|Refused)|(?:[a-z_]\w{0,60}\.){0,6}(?:exceptions|errors)\.[A-Z]\w{0,80})\b", re.ASCII)
_BACK = rare(
    r"\b(?:is|are) back\b|\bback (?:up|online|again|to normal)\b|\breconnected\b|\bconnection (?:is |was |has been )?(?:restored|re-?established)\b|\b(?:available|reachable|up|healthy|connected) again\b"
    r"|\brecovered\b",
    re.I,
)
_ADDRESS = rare(
    r"(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH) ((?:[\w.-]+|[0-9a-f:]+):\d{2,5}|[\w.-]+\.[\w.-]+(?![\w.=-]))"
    r"|https?://(?:[^\s/\"'<>)@]*@)?([^\s/\"'<>)@]+)|host='([\w.-]+)'|Cannot connect to host ([\w.-]+:\d+)|\('([\w.-]+)', (\d+)\)"
    r"|(?:[Cc]onnection to|[Cc]onnecti?(?:ng)? to|dial tcp:?|refused:) (?:lookup )?((?:[\w.-]+/)?(?:[\w.-]+|\[[0-9a-f:]+\]):\d{2,5})\b",
    re.ASCII,
)
_LOCAL = pattern(r"^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|::1)(?::\d+)?$", re.I)
_MODEL = rare(
    r"openai|anthropic|claude|\bgpt-|bedrock|ollama|litellm|chat/completions|/v1/(?:messages|completions|embeddings|responses|audio|images|rerank|moderations)|\bwhisper|/transcriptions|stable-?diffusion|comfyui|\bvllm|elevenlabs|deepgram|\bllms?\b|mistral|gemini|generativelanguage"
    r"|\bgenai|vertex|huggingface|cohere|\bgroq|deepseek|completion|embedding|\bai_apicall|inference|\bmodel\b|:11434|chatmodel|langchain|autogen|crewai|overloaded",
    re.I,
)
_INFRA = rare(
    r"redis|postgres|\bpg\b|mysql|mariadb|mongo|kafka|rabbit|amqp|\bpika\b|aio_pika|\bbroker\b|nats\b|memcache|\bdb\b|database|:(?:6379|5432|3306|27017|5672|9092|11211|4222|2379)\b|object store|\bs3\b|\bminio"
    r"|sentry|otel|opentelemetry|telemetry|tracer|trac(?:e|ing) |\bspans?\b|collector|exporter|metrics|statsd|datadog|langsmith|smith\.langchain|smtp|mail server|(?<!node:)\bdns\b(?!:\S)|etcd|consul|zookeeper|elastic"
    r"|leader ?election|(?:leader|lock|renew\w*|acquir\w*|los[te]\w*)[ _-](?:the )?lease\b|\blease (?:lock|lost|expired|renew)|carbon|graphite|prometheus|cache\b|virus",
    re.I,
)
_RESET = rare(r"\bECONNRESET\b|\bEPIPE\b|socket hang up|connection reset by peer", re.I)
_QUEUE = rare(r"\b(?:queue|consumer|subscriber)\b", re.I)
"""Whose connection it is that is reset, where a line names no other end: that to the broker."""
_CALLBACK = rare(
    r"webhook|callback|\bhooks?\b|\bnotif(?:y|ying|ied|ications?)\b|/receive|deliver|forward|postback|call back|recv|hand(?:ed|ing)? over|result url|subscriber (?:url|endpoint|could|cannot|did|was|is|answer|refus|return|unreachable)|on_complete|\bsend(?:ing)? data to",
    re.I,
)
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
_SENDING = rare(
    r"\b(?:post(?:ing|ed)?|send(?:ing)?|deliver(?:ing)?|call(?:ing)?|notify(?:ing)?|forward(?:ing)?|push(?:ing)?)\b.{0,80}https?://(?!api\.)|web-?hook|callback|\bhooks\b",
    re.I,
)
_API = rare(
    r"\b(api\.openai\.com|[\w-]{1,60}\.openai\.azure\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|[\w-]{0,40}aiplatform\.googleapis\.com|bedrock-runtime\.[\w-]{1,30}\.amazonaws\.com"
    r"|api\.mistral\.ai|api\.cohere\.(?:ai|com)|api\.groq\.com|openrouter\.ai|api\.deepseek\.com|api-inference\.huggingface\.co|api\.together\.xyz|api\.x\.ai)\b"
)
_API_NAMES = (
    "openai.", "anthropic.com", "googleapis.com", "bedrock-runtime", "mistral.ai", "cohere.", "groq.com", "openrouter.ai", "deepseek.com", "huggingface.co",
    "together.xyz", "x.ai",
)  # fmt: skip
_CLIENT = pattern(r"HTTP Request: [A-Z]+ https?://(?:[^\s/\"@]*@)?([^\s/\"]+)(/\S*) \"HTTP/[\d.]+ (\d{3})", re.ASCII)
_SERVED = pattern(r"\[GIN\] .{0,60}?\| (\d{3}) \| +(\S+) \|.{0,60}?\| POST +\"/(?:api/(?:chat|generate|embed\w*)|v1/\S+)\"")
"""Ollama's own line for a request."""
_LIMITS = ("30s", "1m0s", "1m1s", "2m0s", "2m1s", "5m0s", "5m1s", "10m0s", "10m1s")
_ANSWERED = rare(r"^(?:[\w.:\[\]-]{1,80} ){0,2}(?:request (?:completed|finished|handled|ended)|response(?: sent)?)\b.{0,200}\bstatus(?:_?code)?[=:]\"?[23]\d\d\b", re.I)
"""The app's answer to its own caller, whose status a stream has sent before the call is refused."""
_OTHERS_NOISE = rare(
    r"health|probe|readi|liveness|wrong password|login rejected|invalid credentials|bad credentials", re.I
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed call."""

    kind: str
    peer: str
    status: int
    error: str
    address: str
    ids: frozenset[str]
    order: int
    time: float | None
    place: Place
    instance: str
    retried: bool
    final: bool
    text: str
    began: Place | None = None
    """The first attempt, where this is the last."""
    frame: Frame | None = None
    """The call in the app's own code, where a traceback shows it."""
    named: int = 0
    """How many lines below its first the error stands that it comes from (`[cause]: HeadersTimeoutError`), where nothing else stands in between."""
    alone: bool = False
    """It stands in a long log where nobody read what followed."""

    @property
    def loopback(self) -> bool:
        return bool(_LOCAL.match(self.address))


@dataclass(slots=True)
class Calls:
    """What a client's own request lines say of one peer."""

    ok: int = 0
    by_class: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[tuple[Place, str, int]]] = field(default_factory=dict)

    def add(self, view: View, status: int) -> None:
        """One answer."""
        kind = class_of(status)
        if not kind:
            self.ok += 1
            return
        self.by_class[kind] = self.by_class.get(kind, 0) + 1
        keep_first(self.samples.setdefault(kind, []), (view.place, view.text[:400], status), 6)

    def merge(self, other: Calls) -> None:
        """Take the other's in."""
        self.ok += other.ok
        add_counts(self.by_class, other.by_class)
        for kind, samples in other.samples.items():
            self.samples[kind] = first_of(self.samples.get(kind, []), samples, 6)


def _priority(failure: Failure) -> tuple[Rank, str, int]:
    """Attempts of one unit of work stay together, and with what is known of its ids elsewhere."""
    where = failure.place.whole, failure.order
    return min(map(rank_of, failure.ids), default=rank_of(f"{where}")), *where


def keep_latest(held: list[Moment], moments: list[Moment]) -> None:
    """Put each file's latest moment in, of at most eight files."""
    for moment in moments:
        for number, known in enumerate(held):
            if known[0] == moment[0]:
                if moment[1] > known[1]:
                    held[number] = moment
                break
        else:
            held.append(moment)
    if len(held) > 1:
        held.sort()
        del held[_MOST_FILES:]


def _here(instance: str) -> str:
    """Under what it is kept when a process says that a connection of its own is there again."""
    return f"@{instance}"


def _answered(key: str) -> str:
    """Under what it is kept when the app has answered its own caller."""
    return f"<{key}"


def _nothing(one: bool, other: bool) -> None:
    """A key that is there stays there."""


@dataclass(slots=True)
class Failures:
    """All failed calls of a part of the logs; parts merge."""

    notes: Smallest[Failure] = field(default_factory=lambda: Smallest(_MOST, _priority))
    """Failed calls, and (without a kind) the lines after a last attempt, of the units of work that come first by their hash."""
    good: Table[str, list[Moment]] = field(default_factory=lambda: Table(_MOST_IDS, list))
    """Id or address -> when something last went well for it, in each file."""
    sending: Table[str, bool] = field(default_factory=lambda: Table(_MOST_IDS, bool))
    """Ids for which a line says that a callback is being sent."""
    calls: Table[str, Calls] = field(default_factory=lambda: Table(500, Calls))
    again: int = 0
    """Attempts of which the client says that it will make another."""

    def see(self, view: View, signs: list[Signature]) -> bool:
        """Whether the record is a failed call to somebody else."""
        if self._client(view):
            return False
        self.again += "Retrying request to /" in view.text
        if view.access:
            return False
        if view.record.level <= Level.WARN and view.says(_BACK, 200):
            self._hold([_here(view.instance)], view)
        if view.says(_SENDING, 400):
            for key in view.ids:
                self.sending.at(key)
        if view.good:
            self._went_well(view)
            return False
        upstream = [s for s in signs if s.signal == "upstream"]
        if not view.failing or view.says(_OTHERS_NOISE, 300):
            return False
        kind = self._class(view, upstream)
        if kind:
            self.notes.add(self._failure(view, kind, next((s.peer for s in upstream if s.peer), "")))
        elif view.final and view.ids and not view.retried and view.record.level >= Level.WARN:
            self.notes.add(self._failure(view, "", ""))
        return bool(kind)

    def merge(self, other: Failures) -> None:
        """Take the other part's in."""
        self.notes.merge(other.notes)
        self.good.merge(other.good, keep_latest)
        self.sending.merge(other.sending, _nothing)
        self.calls.merge(other.calls, Calls.merge)
        self.again += other.again

    @property
    def found(self) -> list[Failure]:
        """The failed calls file by file, each with the first attempt of its unit of work; the line that gives up counts as one."""
        found: list[Failure] = []
        recent: dict[str, Failure] = {}
        attempts: dict[tuple[str, ...], Failure] = {}
        for note in sorted(self.notes, key=lambda note: (note.place.whole, note.order)):
            before = next((recent[key] for key in sorted(note.ids) if key in recent), None)
            failure = note
            if not note.kind:
                if before is None or before.final:
                    continue
                address = note.address or before.address
                failure = replace(
                    before,
                    final=True,
                    retried=False,
                    place=note.place,
                    order=note.order,
                    time=note.time,
                    text=note.text,
                    address=address,
                    began=before.began or before.place,
                )
                recent.update(dict.fromkeys(before.ids, failure))
                found.append(failure)
                continue
            if note.peer == "service" and any(key in self.sending for key in note.ids):
                failure = replace(failure, peer="callback")
            if before is None and not note.ids:
                before = attempt_before(attempts, note)
            if before is not None and before.retried and before.kind == note.kind:
                failure = replace(failure, began=before.began or before.place)
            recent.update(dict.fromkeys(note.ids, failure))
            attempts[numbered(failure)] = failure
            if found and same_end(found[-1], failure):
                found.pop()
            found.append(failure)
        return found

    def cured(self, failure: Failure) -> bool:
        """Whether the same unit of work, or for a failure that was to be retried the same address, went well later."""
        if failure.final:
            return False
        mine = (failure.place.whole, failure.order, failure.time)
        keys = [*failure.ids, *([failure.address] if failure.retried and failure.address else [])]
        if failure.kind != "auth":
            # A key that is refused stays so, whatever the app answers its own caller; of the others it may have tried once more.
            keys += map(_answered, failure.ids)
        if not keys and not failure.address and failure.peer in ("service", "infrastructure"):
            # A connection that nobody names, such as that of `read ECONNRESET`: the process says when it is there again.
            keys = [_here(failure.instance)]
        return any(later(moment, mine) for key in keys for moment in self.good.get(key) or ())

    def given_up(self, last: float | None) -> list[Failure]:
        """The last of several attempts, each of which says that there may be another, where in nearly all units of work there were equally many and none went well.

        Without a word that there is not: whoever retries with success seldom needs the same number of attempts each time. `last`: when the logs end.
        """
        kinds: dict[tuple[str, str], list[Failure]] = {}
        for failure in self.found:
            kinds.setdefault((failure.kind, failure.peer), []).append(failure)
        return [each for tried in kinds.values() if all(one.retried and not one.final for one in tried) for each in self._equally(tried, last)]

    def _equally(self, tried: list[Failure], last: float | None) -> list[Failure]:
        units: dict[str, list[Failure]] = {}
        having = Counter(key for failure in tried for key in failure.ids)
        for failure in tried:
            own = min((key for key in failure.ids if having[key] > 1), key=lambda key: (having[key], key), default="")
            if own:
                units.setdefault(own, []).append(failure)
        over = [unit for unit in units.values() if last is None or unit[-1].time is None or last - unit[-1].time > 2 * (unit[-1].time - (unit[0].time or 0.0)) + 1]
        most = Counter(map(len, over)).most_common(1)
        if len(over) < _UNITS or most[0][0] < 2 or most[0][1] < _NEARLY_ALL * len(over) or len(over) < _NEARLY_ALL * len(units):
            return []
        lost = [unit for unit in over if len(unit) == most[0][0] and not self.cured(unit[-1])]
        if len(lost) < _NEARLY_ALL * len(over):
            return []
        return [replace(unit[-1], retried=False, final=True, began=unit[0].place) for unit in lost]

    def unsure(self, failure: Failure) -> bool:
        """Whether nobody knows what followed: in a long log, or since there are so many ids in the logs that none of this failure's was followed."""
        if not failure.ids or failure.final:
            return False
        return failure.alone and not self.cured(failure) or not any(self.good.knows(key) for key in failure.ids)

    @property
    def scale(self) -> float:
        """How many lines there were for each that was kept."""
        return self.notes.seen / max(1, len(self.notes))

    def _went_well(self, view: View) -> None:
        keys = set(map(_answered, view.ids) if view.says(_ANSWERED, 500) else view.ids)
        found = view.find(_ADDRESS, 600)
        if found and found[2]:
            keys.add(found[2])
        self._hold(keys, view)

    def _hold(self, keys: Iterable[str], view: View) -> None:
        moment = [view.moment]
        for key in keys:
            held = self.good.at(key)
            if held is not None:
                keep_latest(held, moment)

    def _client(self, view: View) -> bool:
        """A line that an HTTP client or an egress proxy writes for each request."""
        text = view.text
        found = _CLIENT.search(text, 0, 800) if "HTTP Request: " in text else None
        if found:
            host, status = found[1], int(found[3])
            if not (
                _API.search(host)
                or _MODEL.search(found[0])
                or "completions" in found[2]
                or "/api/generate" in found[2]
                or "/api/chat" in found[2]
            ):
                return True
        elif text.startswith("[GIN]") or "[GIN] " in text[:60]:
            served = _SERVED.search(text, 0, 400)
            if not served:
                return False
            # A caller that leaves at its limit is answered 500 after just that long.
            host, status = "ollama", 504 if served[2] in _LIMITS and int(served[1]) >= 499 else int(served[1])
        else:
            api = _API.search(text, 0, 1500) if view.access and any(name in text for name in _API_NAMES) else None
            if not api or not view.status:
                return False
            host, status = api[1], view.status
        calls = self.calls.at(host[:200])
        if calls is not None:
            calls.add(view, status)
        return True

    def _class(self, view: View, signs: list[Signature]) -> str:
        found = {s.kind for s in signs}
        if any(s.kind == "auth" and s.peer == "model" for s in signs):
            return "auth"
        code = _CODE.search(view.full)
        by_status = class_of(int(code[1])) if code and not view.says(_INWARD, 600) else ""
        if (
            by_status
            and (
                found
                or view.says(_MODEL, 600)
                or view.says(_CALLBACK, 600)
                or (view.record.more and view.full_says(_MODEL, 8000))
                or _OUTWARD.search(view.full, 0, 4000)
            )
            and not (by_status == "rejected" and found - {"rejected", "unavailable"})
        ):
            if by_status == "unavailable" and "timeout" in found:
                return "timeout"
            return by_status
        return next((kind for kind in CLASSES if kind in found), "")

    def _failure(self, view: View, kind: str, peer: str) -> Failure:
        full = view.full
        code = _CODE.search(full)
        address = ""
        found = _ADDRESS.search(full) if kind else view.find(_ADDRESS, 600)
        if found:
            address = next((g for g in found.groups() if g), "") if kind else found[2] or ""
        errors = _ERROR.findall(full)
        return Failure(
            kind=kind,
            peer=peer_of(view, peer) if kind else "",
            status=int(code[1]) if code and class_of(int(code[1])) else 0,
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
            named=line_of(errors[-1], full, view.place) if kind and errors and view.record.more else 0,
        )


def class_of(status: int) -> str:
    """The class of failure that an HTTP status stands for, or ""."""
    if status in (401, 403):
        return "auth"
    if status in (402, 429):
        return "rate-limit"
    if status in (408, 504):
        return "timeout"
    if status in (400, 404, 405, 410, 413, 415, 422):
        return "rejected"
    return "unavailable" if 500 <= status <= 599 else ""


def peer_of(view: View, told: str) -> str:
    """Whom the failed call was meant for: model, callback, infrastructure or service."""
    if told == "service":
        return told
    if told == "infrastructure" or not told and view.says(_INFRA, 700):
        return "infrastructure"
    called, model = view.find(_CALLBACK, 700), view.find(_MODEL, 700)
    if called and not (told == "model" or model and model.start() < called.start()):
        return "callback"
    if told or model:
        return told or "model"
    if view.full_says(_MODEL):
        return "model"
    of_the_queue = view.says(_RESET, 700) and view.says(_QUEUE, 700) and not view.says(_ADDRESS, 700)
    return "infrastructure" if of_the_queue or view.full_says(_INFRA, 3000) else "service"
