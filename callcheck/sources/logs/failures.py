"""Which calls to others failed, for good or only for a while?"""

from __future__ import annotations

import re

from callcheck.model.log import Level, Place, Signature
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.view import View

_MOST = 3_000
_MOST_IDS = 100_000
CLASSES = ("auth", "rate-limit", "timeout", "rejected", "unavailable")
_CODE = rare(
    r"(?:Error code|[Ss]tatus(?:[ _]?[Cc]ode)?|HTTP/[\d.]+|httpStatusCode|err\.status|\b\w{0,60}Error|Exception)[\"']?[:=]?\s{0,2}\"?(\d{3})\b",
    re.ASCII,
)
_ERROR = pattern(r"\b((?:[a-z_]\w{0,60}\.){0,6}[A-Z]\w{0,80}(?:Error|Exception|Timeout|Exceeded|Refused))\b", re.ASCII)
_ADDRESS = rare(
    r"(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH) ((?:[\w.-]+|[0-9a-f:]+):\d{2,5}|[\w.-]+\.[\w.-]+)"
    r"|https?://([^\s/\"'<>)@]+)|host='([\w.-]+)'|Cannot connect to host ([\w.-]+:\d+)|\('([\w.-]+)', (\d+)\)",
    re.ASCII,
)
_LOCAL = pattern(r"^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|::1)(?::\d+)?$", re.I)
_MODEL = rare(
    r"openai|anthropic|claude|\bgpt-|bedrock|ollama|litellm|chat/completions|/v1/(?:messages|completions|embeddings|responses)|\bllms?\b|mistral|gemini|generativelanguage"
    r"|\bgenai|vertex|huggingface|cohere|\bgroq|deepseek|completion|embedding|\bai_apicall|inference|\bmodel\b|:11434|chatmodel|langchain|autogen|crewai|overloaded",
    re.I,
)
_INFRA = rare(
    r"redis|postgres|\bpg\b|mysql|mariadb|mongo|kafka|rabbit|amqp|\bpika\b|aio_pika|\bbroker\b|nats\b|memcache|\bdb\b|database|:(?:6379|5432|3306|27017|5672|9092|11211|4222|2379)\b|object store|\bs3\b|\bminio"
    r"|sentry|otel|opentelemetry|telemetry|tracer|trac(?:e|ing) |\bspans?\b|collector|exporter|metrics|statsd|datadog|langsmith|smith\.langchain|smtp|mail server|(?<!node:)\bdns\b|etcd|consul|zookeeper|elastic"
    r"|leader ?election|\blease\b|carbon|graphite|prometheus|cache\b|virus",
    re.I,
)
_CALLBACK = rare(
    r"webhook|callback|\bhooks?\b|\bnotif(?:y|ying|ied|ications?)\b|/receive|deliver|forward|postback|call back|recv|hand(?:ed|ing)? over|result url|subscriber url|on_complete|\bsend(?:ing)? data to",
    re.I,
)
_INWARD = rare(
    r"\b(?:path|user_?agent|agent|remote_?(?:addr|address|ip)|client_?ip|ip|peer)[=:] ?\S|\b(?:request|post) (?:without|from|with (?:bad|wrong|invalid))\b",
    re.I,
)
"""Our own answer to somebody else's request."""
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
_CLIENT = pattern(r"HTTP Request: [A-Z]+ https?://([^\s/\"]+)(/\S*) \"HTTP/[\d.]+ (\d{3})", re.ASCII)
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

    @property
    def loopback(self) -> bool:
        return bool(_LOCAL.match(self.address))


@dataclass(slots=True)
class Calls:
    """What a client's own request lines say of one peer."""

    ok: int = 0
    by_class: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[tuple[Place, str, int]]] = field(default_factory=dict)


@dataclass(slots=True)
class Failures:
    """All failed calls of a part of the logs; parts merge."""

    found: list[Failure] = field(default_factory=list)
    more: int = 0
    good: dict[str, tuple[str, int, float | None]] = field(default_factory=dict)
    """Id or address -> where and when something last went well for it."""
    calls: dict[str, Calls] = field(default_factory=dict)
    _recent: dict[str, Failure] = field(default_factory=dict)
    _calling: dict[str, str] = field(default_factory=dict)
    """Id -> callback, where an earlier line said that one is being sent."""

    def see(self, view: View, signs: list[Signature]) -> bool:
        """Whether the record is a failed call to somebody else."""
        if self._client(view):
            return False
        if view.access:
            return False
        if _SENDING.search(view.text, 0, 400) and len(self._calling) < _MOST_IDS:
            self._calling.update(dict.fromkeys(view.ids, "callback"))
        if view.good:
            self._went_well(view)
            return False
        upstream = [s for s in signs if s.signal == "upstream"]
        if not view.failing or _OTHERS_NOISE.search(view.text, 0, 300):
            return False
        kind = self._class(view, upstream)
        if not kind:
            return self._given_up(view)
        failure = self._failure(view, kind, next((s.peer for s in upstream if s.peer), ""))
        if len(self._recent) > _MOST:
            self._recent.clear()
        before = next((self._recent[key] for key in sorted(failure.ids) if key in self._recent), None)
        if before is not None and before.retried and before.kind == kind:
            failure = replace(failure, began=before.began or before.place)
        self._recent.update(dict.fromkeys(failure.ids, failure))
        if len(self.found) < _MOST:
            self.found.append(failure)
        else:
            self.more += 1
        return True

    def _peer(self, view: View, told: str) -> str:
        peer = peer_of(view, told)
        if peer == "service" and any(key in self._calling for key in sorted(view.ids)):
            return "callback"
        return peer

    def _given_up(self, view: View) -> bool:
        """The line after the last attempt, which names the unit of work and no error any more."""
        if not view.final or view.retried or view.record.level < Level.WARN:
            return False
        before = next((self._recent[key] for key in sorted(view.ids) if key in self._recent), None)
        if before is None or before.final:
            return False
        found = _ADDRESS.search(view.text, 0, 600)
        address = (found[2] if found else "") or before.address
        final = replace(
            before,
            final=True,
            retried=False,
            place=view.place,
            order=view.order,
            time=view.time,
            text=view.text[:400],
            address=address,
            began=before.began or before.place,
        )
        self._recent.update(dict.fromkeys(before.ids, final))
        if len(self.found) < _MOST:
            self.found.append(final)
        return True

    def merge(self, other: Failures) -> None:
        """Take the other part's in."""
        self.found = (self.found + other.found)[: 2 * _MOST]
        self.more += other.more
        for key, value in other.good.items():
            mine = self.good.get(key)
            if mine is None or (value[2] or 0) >= (mine[2] or 0):
                self.good[key] = value
        for host, calls in other.calls.items():
            own = self.calls.setdefault(host, Calls())
            own.ok += calls.ok
            for kind, count in calls.by_class.items():
                own.by_class[kind] = own.by_class.get(kind, 0) + count
                own.samples[kind] = (own.samples.get(kind, []) + calls.samples.get(kind, []))[:6]

    def cured(self, failure: Failure) -> bool:
        """Whether the same unit of work, or for a failure that was to be retried the same address, went well later."""
        if failure.final:
            return False
        keys = [*sorted(failure.ids), *([failure.address] if failure.retried and failure.address else [])]
        for key in keys:
            later = self.good.get(key)
            if later is None:
                continue
            path, order, time = later
            if path == failure.place.path:
                if order > failure.order:
                    return True
            elif time is not None and failure.time is not None and time > failure.time:
                return True
        return False

    def _went_well(self, view: View) -> None:
        if len(self.good) >= _MOST_IDS:
            return
        keys = set(view.ids)
        found = _ADDRESS.search(view.text, 0, 600)
        if found and found[2]:
            keys.add(found[2])
        for key in keys:
            self.good[key] = (view.place.path, view.order, view.time)

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
        else:
            api = _API.search(text, 0, 1500) if view.access and any(name in text for name in _API_NAMES) else None
            if not api or not view.status:
                return False
            host, status = api[1], view.status
        calls = self.calls.setdefault(host[:200], Calls()) if len(self.calls) < 500 or host in self.calls else None
        if calls is None:
            return True
        kind = class_of(status)
        if not kind:
            calls.ok += 1
        else:
            calls.by_class[kind] = calls.by_class.get(kind, 0) + 1
            kept = calls.samples.setdefault(kind, [])
            if len(kept) < 6:
                kept.append((view.place, view.text[:400], status))
        return True

    def _class(self, view: View, signs: list[Signature]) -> str:
        found = {s.kind for s in signs}
        if any(s.kind == "auth" and s.peer == "model" for s in signs):
            return "auth"
        code = _CODE.search(view.full)
        by_status = class_of(int(code[1])) if code and not _INWARD.search(view.text, 0, 600) else ""
        if (
            by_status
            and (
                found
                or _MODEL.search(view.text, 0, 600)
                or _CALLBACK.search(view.text, 0, 600)
                or (view.record.more and _MODEL.search(view.full, 0, 8000))
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
        found = _ADDRESS.search(full)
        if found:
            address = next((g for g in found.groups() if g), "")
        errors = _ERROR.findall(full)
        return Failure(
            kind=kind,
            peer=self._peer(view, peer),
            status=int(code[1]) if code and class_of(int(code[1])) else 0,
            error=errors[-1][:120] if errors else "",
            address=address[:200],
            ids=view.ids,
            order=view.order,
            time=view.time,
            place=view.place,
            instance=view.instance,
            retried=view.retried,
            final=view.final or (view.record.level >= Level.ERROR and "raised unexpected" in view.text),
            text=view.text[:400],
        )


def class_of(status: int) -> str:
    """The class of failure that an HTTP status stands for, or ""."""
    if status in (401, 403):
        return "auth"
    if status == 429:
        return "rate-limit"
    if status in (408, 504):
        return "timeout"
    if status in (400, 404, 413, 415, 422):
        return "rejected"
    return "unavailable" if 500 <= status <= 599 else ""


def peer_of(view: View, told: str) -> str:
    """Whom the failed call was meant for: model, callback, infrastructure or service."""
    head = view.text[:700]
    if told == "service":
        return told
    if told == "infrastructure" or _INFRA.search(head) and not told:
        return "infrastructure"
    called = _CALLBACK.search(head)
    model = _MODEL.search(head)
    if called and not (told == "model" or model and model.start() < called.start()):
        return "callback"
    if told or model:
        return told or "model"
    full = view.full
    if _MODEL.search(full):
        return "model"
    if _INFRA.search(full[:3000]):
        return "infrastructure"
    return "service"
