"""Which known lines were seen, and which handlers raised?"""

from __future__ import annotations

import re

from callcheck.model.log import Level, Place, Signature
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.view import View

_SAMPLES = 8
_MOST_KEYS = 2_000
_LAST_ERROR = pattern(
    r"^[ \t|]{0,40}(?:\[?cause\]?: )?((?:[A-Za-z_]\w{0,60}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception|Warning|DoesNotExist|NotFound|Timeout|Interrupt))\b(?:[:( ]|$)",
    re.M,
)
_ANY_ERROR = pattern(r"\b((?:[a-z_]\w{0,60}\.){0,6}[A-Z]\w{0,80}(?:Error|Exception))\b")
_ARITY = rare(
    r"missing \d+ required (?:positional|keyword)|unexpected keyword argument|takes (?:from )?\d+ .{0,20}positional argument|takes no arguments|got multiple values for argument"
)
_JS = rare(
    r"Cannot read propert(?:y|ies) .{0,60}of (?:undefined|null)|Cannot destructure property|(?:undefined|object null) is not (?:iterable|an object)|is not a function or its return value is not iterable"
)
_FIELDS = rare(
    r"\[type=missing|[Ff]ield required|[Ee]xtra (?:inputs|fields) (?:are )?not permitted|\[type=\w+_(?:type|parsing)|\"code\": ?\"(?:invalid_type|unrecognized_keys)\"|is a required property|Additional properties are not allowed"
)
_SHAPE = ("KeyError", "AttributeError", "TypeError", "IndexError", "ValidationError", "UnboundLocalError")
_PAYLOAD_NAME = r"(?:\w*(?:message|msg|event|evt|data|payload|body|response|resp|result|params|kwargs|args|output|outputs|chunk|token|update|delta|content|packet|envelope|notification)s?)"
_SUBSCRIPT = pattern(rf"\b{_PAYLOAD_NAME}(?:\.\w+|\[[^\]\[]{{0,40}}\]){{0,4}}\[[\"'\w-]+\]")
_DEREFERENCE = pattern(rf"\b{_PAYLOAD_NAME}(?:\.\w+|\[[^\]\[]{{0,40}}\]){{1,4}}")
_FRAME = pattern(r"^[ \t|]{0,40}>?[ \t]{0,8}File \"", re.M)
_STALL = rare(
    r"(?:event[ _-]?loop|loop)[ _-]?(?:delay|lag|block\w*|stall\w*|utili\w*).{0,80}?(\d{3,7}(?:\.\d+)?)\s?(?:ms|\}|,|\s|$|\")",
    re.I,
)
_LATE = rare(
    r"\b(?:late|lag|delay|delayed|drift|behind|overdue|blocked|stalled)(?:[_ ]?(?:by|for))?(?:[_ ]?ms)?[\"']?[=: ] ?(?P<n>\d{1,7}(?:\.\d{1,3})?) ?(?P<unit>ms|s\b|seconds)?",
    re.I,
)
_TIMED = pattern(r"\b(?:tick|timer|interval|heartbeat|loop|ping|pong|keep-?alive|scheduled?|cron|poll|watchdog)\b", re.I)
_MAX_STALL = pattern(r"max(?:_?ms)?\"?[=:]\s?(\d{3,7})", re.I)


@dataclass(slots=True)
class Tally:
    """How often, where, by whom."""

    count: int = 0
    cured: int = 0
    instances: set[str] = field(default_factory=set)
    samples: list[tuple[Place, str]] = field(default_factory=list)
    error: str = ""
    first: float | None = None
    last: float | None = None

    def add(self, view: View, error: str = "") -> None:
        """One more."""
        self.count += 1
        if len(self.instances) < 64:
            self.instances.add(view.instance)
        if len(self.samples) < _SAMPLES:
            self.samples.append((view.place, view.text[:400]))
        self.error = self.error or error
        if view.time is not None:
            self.first = view.time if self.first is None else min(self.first, view.time)
            self.last = view.time if self.last is None else max(self.last, view.time)

    def merge(self, other: Tally) -> None:
        """Take the other's in."""
        self.count += other.count
        self.cured += other.cured
        self.instances |= other.instances
        self.samples = (self.samples + other.samples)[:_SAMPLES]
        self.error = self.error or other.error
        times = [t for t in (self.first, other.first) if t is not None]
        self.first = min(times) if times else None
        times = [t for t in (self.last, other.last) if t is not None]
        self.last = max(times) if times else None


HandlerKey = tuple[str, str, str, bool, bool]
"""Library, handler, error, payload-shaped, named by a framework."""
SignalKey = tuple[str, str, str]
"""Signal, library, subject."""


@dataclass(slots=True)
class Signals:
    """Known lines and failing handlers of a part of the logs; parts merge."""

    handlers: dict[HandlerKey, Tally] = field(default_factory=dict)
    signals: dict[SignalKey, Tally] = field(default_factory=dict)
    stalls: Tally = field(default_factory=Tally)
    longest_s: float = 0.0
    _waiting: dict[tuple[str, str], tuple[SignalKey, re.Pattern[str]]] = field(default_factory=dict)

    def see(self, view: View, signs: list[Signature], upstream: bool) -> None:
        """One record; `upstream`: it was already taken as a failed call."""
        self._cure(view)
        self._stall(view)
        hit = False
        for sign in signs:
            if sign.signal == "upstream":
                continue
            if sign.signal in ("handler", "uncaught"):
                hit = True
                if not upstream and view.record.level not in (Level.INFO, Level.DEBUG):
                    self._handler(view, sign)
                continue
            hit = True
            found = sign.pattern.search(view.full) if sign.pattern else None
            groups = found.groupdict() if found else {}
            key = (sign.signal, sign.library, (groups.get("subject") or "")[:120])
            if sign.signal == "task-exception-unretrieved" and upstream:
                key = (sign.signal, sign.library, "upstream")
            self._tally(self.signals, key).add(view, error_of(view.full))
            if sign.cured_by:
                self._waiting[(view.instance, sign.signal)] = (key, sign.cured_by)
        if (
            not hit
            and not upstream
            and not view.access
            and view.record.more
            and view.record.level in (Level.UNKNOWN, Level.ERROR, Level.FATAL)
        ):
            self._bare(view)

    def merge(self, other: Signals) -> None:
        """Take the other part's in."""
        for key, tally in other.handlers.items():
            self._tally(self.handlers, key).merge(tally)
        for name, tally in other.signals.items():
            self._tally(self.signals, name).merge(tally)
        self.stalls.merge(other.stalls)
        self.longest_s = max(self.longest_s, other.longest_s)

    def _tally(self, table: dict, key: tuple) -> Tally:  # type: ignore[type-arg]
        if key not in table and len(table) >= _MOST_KEYS:
            key = next(iter(table))
        tally: Tally = table.setdefault(key, Tally())
        return tally

    def _cure(self, view: View) -> None:
        for name, (key, cure) in list(self._waiting.items()):
            if name[0] == view.instance and cure.search(view.text, 0, 1000):
                tally = self.signals[key]
                tally.cured = tally.count
                del self._waiting[name]

    def _stall(self, view: View) -> None:
        if "loop" not in view.low:
            self._late(view)
            return
        found = _STALL.search(view.text, 0, 600)
        if not found:
            self._late(view)
        else:
            most = _MAX_STALL.search(view.text, found.start(), 600) or found
            seconds = float(most[1]) / 1000
            if seconds >= 2:
                self.stalls.add(view)
                self.longest_s = max(self.longest_s, seconds)

    def _late(self, view: View) -> None:
        """A timer that writes down by how much it is late."""
        found = _LATE.search(view.text, 0, 400)
        if not found or not _TIMED.search(view.text, 0, 400):
            return
        seconds = float(found["n"]) / (1 if (found["unit"] or "ms")[0] == "s" else 1000)
        if 2 <= seconds < 600:
            self.stalls.add(view)
            self.longest_s = max(self.longest_s, seconds)

    def _handler(self, view: View, sign: Signature) -> None:
        found = sign.pattern.search(view.full) if sign.pattern else None
        groups = found.groupdict() if found else {}
        error = groups.get("error") or error_of(view.full)
        named = sign.signal == "handler"
        shaped = payload_shaped(view.full, error, sign.payload)
        key = (sign.library, (groups.get("subject") or "")[:120], error[:120], shaped, named)
        self._tally(self.handlers, key).add(view, error)

    def _bare(self, view: View) -> None:
        full = view.full
        if "Traceback (most recent call last)" not in full and "\n    at " not in full:
            return
        error = error_of(full)
        if error:
            self._tally(self.handlers, ("", "", error[:120], payload_shaped(full, error, False), False)).add(
                view, error
            )


def error_of(full: str) -> str:
    """The innermost exception's type, or ""."""
    found = _LAST_ERROR.findall(full)
    if not found:
        found = _ANY_ERROR.findall(full)
    return str(found[-1]) if found else ""


def payload_shaped(full: str, error: str, by_payload: bool) -> bool:
    """Whether an exception is about the shape of what the handler was handed."""
    if _ARITY.search(full) or _JS.search(full):
        return True
    name = error.rsplit(".", 1)[-1]
    if name in ("ValidationError", "ZodError", "ValidationException") and _FIELDS.search(full):
        return True
    if name not in _SHAPE:
        return False
    frames = list(_FRAME.finditer(full))
    if by_payload and not frames:
        return True
    if not frames:
        return False
    code = full[frames[-1].start() :].split("\n")[1:2]
    pattern = _SUBSCRIPT if name in ("KeyError", "IndexError") else _DEREFERENCE
    line = code[0] if code else ""
    if name == "KeyError":
        key = re.search(r"KeyError: (['\"][^'\"]{1,80}['\"])", full)
        return bool(key and f"[{key[1]}]" in line.replace('"', "'") and pattern.search(line))
    return bool(pattern.search(line))
