"""To which run does a delivery belong, is it the expected one, and what is it answered?"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from typing import Any

from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean
from callcheck.model.scenario import Callback
from callcheck.sources.scenario import templates
from callcheck.sources.scenario.templates import Run
from callcheck.sources.webhook.receiver import Answer, Received
from callcheck.sources.webhook.signatures import OK, verify

_ASKING = ("HEAD", "OPTIONS")
"""Methods by which senders ask whether anybody is there; they deliver nothing."""


@dataclass(slots=True)
class Arrival:
    """One delivery, or attempt at it, of a run."""

    at: float
    """`time.monotonic()`."""
    attempt: int
    """From 1."""
    status: int
    """What it is answered."""
    signature: str
    """"" if the scenario asks for none, ok, or what is wrong."""
    unfit: str
    """"" if it is as `match` asks for, or what is not."""
    gone: bool = False
    """The sender had left when it was to be answered."""

    @property
    def good(self) -> bool:
        """The expected one, whatever it was answered."""
        return not self.unfit and self.signature in ("", OK)

    @property
    def taken(self) -> bool:
        """Good, and its sender was told so."""
        return self.good and 200 <= self.status < 300 and not self.gone


@dataclass(slots=True)
class Entry:
    """What a run waits for, and what came of it."""

    run: Run
    callback: Callback
    port: int
    path: str
    url: str
    arrivals: list[Arrival] = field(default_factory=list)


@dataclass(slots=True)
class Strays:
    """Requests that belong to no run of a scenario."""

    count: int = 0
    near: str = ""


class Book:
    """All runs, and every delivery put down with its own."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.strays = Strays()
        """Of the scenario that is being gone through; replaced for the next one."""
        self.last_at = 0.0
        """`time.monotonic()` of the last delivery."""
        self._by_token: dict[str, Entry] = {}
        self.echo = secrets.token_hex(16)
        """The path by which the receiver is asked for at its public address."""

    def open(self, run: Run, callback: Callback, port: int, base: str) -> Entry:
        """A new entry; `base` is the receiver's address, without a slash at its end."""
        path = callback.path or f"/{secrets.token_hex(16)}"
        entry = Entry(run, callback, port, path, base + path)
        self.entries.append(entry)
        if not callback.path:
            self._by_token[path[1:]] = entry
        return entry

    def answer(self, received: Received) -> Answer:
        """What a request is answered; if it belongs to a run, it is put down there."""
        path = received.target.partition("?")[0]
        if path.endswith(f"/{self.echo}"):
            return Answer(200, body=self.echo.encode())
        entry, unfit = self._entry(received, path)
        if entry is None:
            self.strays.count += 1
            self.strays.near = self.strays.near or self._near(path)
            return Answer(404)
        if received.method in _ASKING:
            return Answer(200, headers=(("webhook-allowed-origin", "*"),) if received.method == "OPTIONS" else ())
        self.last_at = received.at
        return self._put_down(entry, received, unfit)

    def _entry(self, received: Received, path: str) -> tuple[Entry | None, str]:
        own = self._by_token.get(path.rpartition("/")[2])
        if own is not None:
            return own, unfit(own, received)
        shared = [entry for entry in self.entries if entry.callback.path and entry.port == received.port and path.endswith(entry.path)]
        return next((entry for entry in shared if not unfit(entry, received)), None), ""

    def _near(self, path: str) -> str:
        token = next((token for token in self._by_token if token in path), "")
        return clean(path.replace(token, "…"), 80) if token else ""

    def _put_down(self, entry: Entry, received: Received, unfit: str) -> Answer:
        callback, attempt = entry.callback, len(entry.arrivals) + 1
        reply, signature = callback.reply, ""
        if callback.signature:
            signature = verify(callback.signature, os.environ.get(callback.signature.secret_env, ""), received.headers, received.body)
        status = 405 if received.method != callback.method else 401 if signature not in ("", OK) else reply.status(attempt)
        arrival = Arrival(received.at, attempt, status, signature, unfit)
        entry.arrivals.append(arrival)

        def over(gone: bool) -> None:
            arrival.gone = gone

        # `text` because what is answered may hold the run's id, as a challenge does.
        body = templates.text(reply.body, templates.values(entry.run, entry.url))
        return Answer(status, reply.delay_s(attempt), body.encode(), tuple(reply.headers.items()), over)


def unfit(entry: Entry, received: Received) -> str:
    """In a few words why a request is not the expected one, or ""."""
    if received.method != entry.callback.method:
        return f"{clean(received.method, 20)} instead of {entry.callback.method}"
    match, given = entry.callback.match, templates.values(entry.run, entry.url)
    for name, value in match.headers.items():
        if received.headers.get(name) != templates.text(value, given):
            return f"the header {name} is {'another one' if name in received.headers else 'missing'}"
    if match.form:
        return _form(received.body, templates.filled(match.form, given))
    if match.json is None:
        return ""
    try:
        found = json.loads(received.body)
    except (ValueError, RecursionError):
        return "the body is no JSON"
    return _differs(templates.filled(match.json, given), found, "")


def _form(body: bytes, wanted: Mapping[str, Any]) -> str:
    from urllib.parse import parse_qsl

    try:
        found = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        return "the body is no form"
    return next((_field(name, name in found) for name, value in wanted.items() if found.get(name) != str(value)), "")


def _differs(wanted: Any, found: Any, at: str) -> str:
    """Where JSON lacks what is wanted of it, or ""."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            below = f"{at}.{key}" if at else key
            if key not in found:
                return _field(below, False)
            if inner := _differs(value, found[key], below):
                return inner
        return ""
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = enumerate(zip(wanted, found, strict=True))
        return next((inner for n, (one, other) in pairs if (inner := _differs(one, other, f"{at}[{n}]"))), "")
    same = type(wanted) is type(found) or {type(wanted), type(found)} == {int, float}
    return "" if same and wanted == found else _field(at, True)


def _field(name: str, there: bool) -> str:
    return clean(f"`{name}` is {'another one' if there else 'missing'}" if name else "the body is another one", 80)
