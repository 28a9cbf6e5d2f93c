"""What is a scenario: which requests set a callback off, where is it to arrive, and what is expected of it?

Read from YAML by `sources/scenario/read.py`; `callcheck schema scenario` prints the shape. Texts in requests and matches may hold
`{{ run.id }}`, `{{ run.number }}`, `{{ callback.url }}` and `{{ env.NAME }}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass, field
from callcheck.model.words import Word

MOST_TRIGGERS = 2000
"""Triggers of one file: each has real effects in the app."""


class Order(Word):
    """In which order the requests of several runs go out. How they do decides what is seen: strictly one after the other, pairs land on
    neighbouring workers of a cluster that deals connections in turn."""

    SEQUENTIAL = "sequential"
    """Each run as a whole, one after the other."""
    SHUFFLED = "shuffled"
    """All `register` requests first, then all triggers, both in random order."""
    BOTH = "both"
    """The first half of the runs one way, the rest the other."""


class Connections(Word):
    """Over which connections requests go out; a connection that is kept pins one worker, and so hides what several do."""

    FRESH = "fresh"
    KEEP_ALIVE = "keep-alive"


class Body(Word):
    """What a request carries."""

    NONE = "none"
    JSON = "json"
    FORM = "form"
    TEXT = "body"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with its templates not yet filled."""

    method: str
    url: str
    where: Location
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: Body = Body.NONE
    body: Any = None
    """Any JSON for `json`, texts by name for `form`, a text for `body`."""
    statuses: tuple[int, ...] = ()
    """Those that are in order; empty for any below 400."""
    timeout_s: float = 10.0
    """For the whole exchange, the answer's body included."""


@dataclass(frozen=True, slots=True)
class Register:
    """The request that comes before the trigger and waits, or lets something wait, for what the trigger sets off."""

    call: Call
    held: bool = False
    """Its answer comes only after the trigger (long polling, a stream), so the trigger goes out `pause_s` after it was sent. Otherwise the
    trigger goes out when it is answered."""
    pause_s: float = 0.2
    until: str = ""
    """The text in the body of a held answer that is the delivery; "" for whatever comes after the trigger."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """The request that sets the callback off, and how often it goes out."""

    call: Call
    repeat: int = 1
    connections: Connections = Connections.FRESH
    order: Order = Order.SEQUENTIAL


@dataclass(frozen=True, slots=True)
class Match:
    """What a delivery must hold to be the expected one: a subset of its JSON or form, headers by name."""

    json: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether anything is the expected one."""
        return self.json is None and not self.form and not self.headers


@dataclass(frozen=True, slots=True)
class Signature:
    """How a delivery is signed: an HMAC of `signed` with a secret."""

    name: str
    """As the scenario calls it: stripe, github, hmac-sha256 ..."""
    header: str
    secret_env: str
    """The environment variable that holds the secret."""
    algorithm: str = "sha256"
    base64: bool = False
    """Written in base64, otherwise in hexadecimal digits."""
    prefix: str = ""
    form: str = "plain"
    """plain: the header is prefix and signature. pairs: `t=TIME,v1=SIGNATURE`. versions: `v1,SIGNATURE v1,SIGNATURE`."""
    signed: str = "{body}"
    """With {body}, {timestamp} and {id}."""
    timestamp_header: str = ""
    id_header: str = ""
    tolerance_s: int = 300
    """How far the timestamp, where there is one, may be from now."""
    secret_prefix: str = ""
    """Before a secret in base64; "" for a secret that is taken as it is."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the receiver answers: to the first attempt the first of each, to all after the last one the last."""

    statuses: tuple[int, ...] = (200,)
    delays_s: tuple[float, ...] = (0.0,)
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def status(self, attempt: int) -> int:
        """For an attempt, counted from 1."""
        return self.statuses[min(attempt, len(self.statuses)) - 1]

    def delay_s(self, attempt: int) -> float:
        """For an attempt, counted from 1."""
        return self.delays_s[min(attempt, len(self.delays_s)) - 1]


@dataclass(frozen=True, slots=True)
class Callback:
    """Where deliveries are to arrive, and what they must be like."""

    method: str = "POST"
    port: int = 0
    """0 for any that is free."""
    path: str = ""
    """The one path of all runs, for an app that knows its callback address beforehand; "" for a path that is new, and known to nobody, in
    each run."""
    match: Match = field(default_factory=Match)
    signature: Signature | None = None
    reply: Reply = field(default_factory=Reply)


@dataclass(frozen=True, slots=True)
class Expect:
    """When a delivery is in order."""

    count: int = 1
    """Deliveries of one run."""
    within_s: float = 5.0
    """From the trigger to the first of them."""
    settle_s: float = 2.0
    """How long to wait on for late ones and duplicates, after the last that came."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One of a file. Without a `callback`, what is delivered is the answer of a `register` that is held, or is known from elsewhere."""

    name: str
    where: Location
    trigger: Trigger
    register: Register | None = None
    callback: Callback | None = None
    expect: Expect = field(default_factory=Expect)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The requests of one run, in order."""
        return (*((self.register.call,) if self.register else ()), self.trigger.call)
