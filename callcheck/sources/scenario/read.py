"""Which scenarios does a file hold?

    version: 1
    scenarios:
      - name: job callback
        trigger:
          request: POST http://127.0.0.1:8000/jobs
          json: {id: "{{ run.id }}", callback_url: "{{ callback.url }}"}
        callback:
          signature: {scheme: github, secret_env: WEBHOOK_SECRET}
        expect: {count: 1, within: 5s, settle: 2s}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from callcheck.model.errors import RuleError, SourceError, UsageError
from callcheck.model.evidence import Location
from callcheck.model.printable import clean
from callcheck.model.scenario import (
    MOST_TRIGGERS,
    Body,
    Call,
    Callback,
    Connections,
    Expect,
    Match,
    Order,
    Register,
    Reply,
    Scenario,
    Signature,
    Trigger,
)
from callcheck.sources.documents.marked import Marked, read_marked
from callcheck.sources.scenario import shape, templates
from callcheck.sources.scenario.schemes import SCHEMES, signature

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_LONGEST_S = 600.0
_QUOTE = "a template must stand between quotes: \"{{ run.id }}\""


def read(path: Path, shown: str) -> tuple[Scenario, ...]:
    """Every scenario of a file; `shown` is how the file is called in messages. Raises UsageError if it cannot be read, and RuleError, with line
    and column, if it is wrong."""
    from callcheck.sources.files import File, read_text

    name = clean(shown, 200)
    try:
        text = read_text(File(path, path.name, path.stat().st_size))
    except OSError as error:
        raise UsageError(f"the scenario {name} cannot be read: {error.strerror or error}") from error
    except SourceError as error:
        raise UsageError(f"the scenario {name} cannot be read: {error.message}", error.hint) from error
    return parse(text, name)


def parse(text: str, name: str) -> tuple[Scenario, ...]:
    """The same for a text; `name` is printable. Raises RuleError."""
    try:
        marked = read_marked(text)
    except SourceError as error:
        raise RuleError(error.message, name, None, _QUOTE if "as a key" in error.message else error.hint) from error
    reader = _Reader(marked, name)
    wrong = shape.problem(marked.document)
    if wrong:
        raise reader.fail(wrong.path, wrong.message, wrong.hint, wrong.of_key)
    return reader.scenarios()


class _Reader:
    """Turns a document of the right shape into nouns."""

    def __init__(self, marked: Marked, name: str) -> None:
        self.marked = marked
        self.name = name

    def fail(self, path: shape.Steps, message: str, hint: str = "", of_key: bool = False) -> RuleError:
        line, column = self.marked.place(path, of_key)
        return RuleError(message, self.name, line, hint, column)

    def scenarios(self) -> tuple[Scenario, ...]:
        found: dict[str, Scenario] = {}
        total = 0
        for number, data in enumerate(self.marked.document["scenarios"]):
            path: shape.Steps = ("scenarios", number)
            one = self.scenario(data, path)
            if one.name in found:
                raise self.fail((*path, "name"), f"two scenarios are called `{one.name}`")
            found[one.name] = one
            total += one.trigger.repeat
            if total > MOST_TRIGGERS:
                raise self.fail((*path, "trigger"), f"more than {MOST_TRIGGERS:,} triggers in one file", "spread them over several files")
        return tuple(found.values())

    def scenario(self, data: Mapping[str, Any], path: shape.Steps) -> Scenario:
        self.templates(data, path)
        register = self.register(data["register"], (*path, "register")) if "register" in data else None
        trigger = self.trigger(data["trigger"], (*path, "trigger"), register is not None)
        callback = self.callback(data["callback"], (*path, "callback")) if "callback" in data else None
        requests = [data.get("register", {}), data["trigger"]]
        given = any(name == "callback.url" for each in requests for name in templates.names(each))
        if callback and not callback.path and not given:
            raise self.fail((*path, "trigger"), "nothing tells the app where to call back", "put {{ callback.url }} into a request, or give `port` and `path` of the callback")
        if given and not callback:
            raise self.fail((*path, "trigger"), "{{ callback.url }} is asked for, and the scenario has no `callback`", "callback: {} is enough")
        return Scenario(clean(data["name"], 120), self.at((*path, "name")), trigger, register, callback, self.expect(data.get("expect", {}), (*path, "expect")))

    def templates(self, value: Any, path: shape.Steps) -> None:
        for at, name in _templates(value, path):
            if not templates.known(name):
                import difflib

                near = difflib.get_close_matches(name, templates.NAMES, 1, 0.6)
                raise self.fail(at, f"unknown template {{{{ {clean(name, 60)} }}}}", f"did you mean {near[0]}?" if near else f"known: {', '.join(templates.NAMES)}")

    def call(self, data: Mapping[str, Any], path: shape.Steps) -> Call:
        method, _, url = data["request"].partition(" ")
        kinds = [kind for kind in (Body.JSON, Body.FORM, Body.TEXT) if str(kind) in data]
        if len(kinds) > 1:
            raise self.fail((*path, str(kinds[1])), f"a request has either `{kinds[0]}` or `{kinds[1]}`", of_key=True)
        kind = kinds[0] if kinds else Body.NONE
        if kind is not Body.NONE and method == "GET":
            raise self.fail((*path, str(kind)), f"a GET request carries no `{kind}`", of_key=True)
        statuses = data.get("expect", {}).get("status", ())
        return Call(
            method, url.strip(), self.at((*path, "request")), data.get("headers", {}), kind, data.get(str(kind)),
            tuple(statuses) if isinstance(statuses, (list, tuple)) else (statuses,), self.seconds(data, path, "timeout", 10.0),
        )  # fmt: skip

    def register(self, data: Mapping[str, Any], path: shape.Steps) -> Register:
        for key in ("pause", "until"):
            if key in data and not data.get("held"):
                raise self.fail((*path, key), f"`{key}` is for a request that is `held`; for others the trigger waits for the answer", of_key=True)
        return Register(self.call(data, path), data.get("held", False), self.seconds(data, path, "pause", 0.2), data.get("until", ""))

    def trigger(self, data: Mapping[str, Any], path: shape.Steps, pairs: bool) -> Trigger:
        usual = Order.BOTH if pairs else Order.SEQUENTIAL
        connections = Connections(data.get("connections", "fresh"))
        return Trigger(self.call(data, path), data.get("repeat", 1), connections, Order(data.get("order", usual)))

    def callback(self, data: Mapping[str, Any], path: shape.Steps) -> Callback:
        match = data.get("match", {})
        if data.get("path"):
            if "run.id" not in templates.names(match):
                raise self.fail((*path, "path"), "one path for all runs: `match` must say by {{ run.id }} which run a delivery belongs to", 'match: {json: {id: "{{ run.id }}"}}')
            if "port" not in data:
                raise self.fail((*path, "path"), "an app that knows the path beforehand must know the `port` too", "port: 9000")
        return Callback(
            data.get("method", "POST"), data.get("port", 0), data.get("path", ""), Match(match.get("json"), match.get("form", {}), _lower(match.get("headers", {}))),
            self.signature(data["signature"], (*path, "signature")) if "signature" in data else None, self.reply(data.get("reply", {}), (*path, "reply")),
        )  # fmt: skip

    def signature(self, data: Mapping[str, Any], path: shape.Steps) -> Signature:
        own = set(data) - {"scheme", "secret_env", "tolerance"}
        if data["scheme"] in SCHEMES and own:
            raise self.fail((*path, min(own)), f"`{data['scheme']}` knows its `{min(own)}`", "scheme: hmac-sha256 takes them all", of_key=True)
        if data["scheme"] not in SCHEMES and "header" not in data:
            raise self.fail(path, "`header` is missing in `signature`", "the header that carries it: X-Signature")
        for key, word in (("timestamp_header", "{timestamp}"), ("id_header", "{id}")):
            if (key in data) != (word in data.get("signed", "")):
                raise self.fail(path, f"`{key}` and {word} in `signed` go together", f'signed: "{word}.{{body}}"')
        return signature(data, int(self.seconds(data, path, "tolerance", 300.0)))

    def reply(self, data: Mapping[str, Any], path: shape.Steps) -> Reply:
        statuses, delays = data.get("status", 200), data.get("delay", 0)
        return Reply(
            tuple(statuses) if isinstance(statuses, list) else (statuses,),
            tuple(map(_seconds, delays)) if isinstance(delays, list) else (self.seconds(data, path, "delay", 0.0),),
            data.get("body", ""), data.get("headers", {}),
        )  # fmt: skip

    def expect(self, data: Mapping[str, Any], path: shape.Steps) -> Expect:
        return Expect(data.get("count", 1), self.seconds(data, path, "within", 5.0), self.seconds(data, path, "settle", 2.0))

    def seconds(self, data: Mapping[str, Any], path: shape.Steps, key: str, usual: float) -> float:
        found = _seconds(data.get(key, usual))
        if found > _LONGEST_S:
            raise self.fail((*path, key), f"`{key}` is at most ten minutes, not {data[key]}")
        return found

    def at(self, path: shape.Steps) -> Location:
        line, column = self.marked.place(path)
        return Location(self.name, line, column)


def _seconds(said: Any) -> float:
    if isinstance(said, (int, float)):
        return float(said)
    number = said.rstrip("ms")
    return min(float(number) * _UNITS[said[len(number) :]], 10 * _LONGEST_S)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _templates(value: Any, path: shape.Steps) -> Iterator[tuple[shape.Steps, str]]:
    if isinstance(value, str):
        yield from ((path, name) for name in templates.names(value))
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from (((*path, key), name) for name in templates.names(key))
            yield from _templates(held, (*path, key))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from _templates(held, (*path, number))
