"""Requests go out in the order and over the connections that are asked for, and end in time, whatever the app does."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from callcheck.model.scenario import Scenario
from callcheck.sources.scenario import templates
from callcheck.sources.scenario.drive import GIVE_UP_AFTER, Pair, drive, plan
from callcheck.sources.scenario.exchange import MOST_BYTES, NotAllowed
from callcheck.sources.scenario.read import parse

Seen = list[tuple[str, int, dict[str, str]]]
"""Path, port of the client and headers of each request."""


class App(BaseHTTPRequestHandler):
    """`/start/ID` waits for nothing, `/wait/ID` for `/go/ID`, `/stream/ID` too, with a first piece at once; the others are hostile."""

    protocol_version = "HTTP/1.1"
    going: dict[str, threading.Event] = {}
    seen: Seen = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        _, what, run = (self.path + "//").split("/")[:3]
        self.seen.append((self.path, self.client_address[1], {name.lower(): value for name, value in self.headers.items()}))
        event = self.going.setdefault(run, threading.Event())
        if what == "go":
            event.set()
        if what == "stream":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b": hello\n\n")
            event.wait(5)
            self.wfile.write(b"data: done\n\n")
            time.sleep(3)
            self.close_connection = True
            return
        if what == "wait":
            event.wait(5)
        if what == "hang":
            time.sleep(3)
        if what == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if what == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 10_000)
            except OSError:
                self.close_connection = True
            return
        self.send_response(307 if what == "away" else 200)
        if what == "away":
            self.send_header("location", "http://192.0.2.1/")
        self.send_header("set-cookie", "pin=1")
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def app() -> Iterator[tuple[int, Seen]]:
    App.seen, App.going = [], {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), App)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_address[1], App.seen
    server.shutdown()
    server.server_close()


def scenario(port: int, trigger: str, register: str = "", **more: str) -> Scenario:
    lines = ["version: 1", "scenarios:", "  - name: a"]
    if register:
        held = "true" if register in ("wait", "stream") else "false"
        lines += ["    register:", f'      request: "POST http://127.0.0.1:{port}/{register}/{{{{ run.id }}}}"', f"      held: {held}"]
    lines += ["    trigger:", f'      request: "POST http://127.0.0.1:{port}/{trigger}/{{{{ run.id }}}}"', "      timeout: 400ms"]
    lines += [f"      {name}: {value}" for name, value in more.items()]
    return parse("\n".join(lines) + "\n    expect: {within: 500ms, settle: 100ms}\n", "s.yml")[0]


def driven(one: Scenario, **more: Any) -> list[Pair]:
    pairs: dict[int, Pair] = {}
    asyncio.run(drive(one, plan(one), templates.values, lambda pair: pairs.update({pair.run.number: pair}), **more))
    return [pairs[number] for number in sorted(pairs)]


def test_pairs_go_out_one_after_the_other_and_then_in_random_order_with_one_trace_each(app: tuple[int, Seen]) -> None:
    port, seen = app
    pairs = driven(scenario(port, "go", "start", repeat="8"), shuffle=lambda runs: runs.reverse())
    ids = [pair.run.id for pair in pairs]
    assert len(set(ids)) == 8
    straight = [f"/{what}/{run}" for run in ids[:4] for what in ("start", "go")]
    mixed = [f"/start/{run}" for run in reversed(ids[4:])] + [f"/go/{run}" for run in ids[4:]]
    assert [path for path, _, _ in seen] == straight + mixed
    traces: dict[str, set[str]] = {}
    for path, _, headers in seen:
        traces.setdefault(path.rpartition("/")[2], set()).add(headers["traceparent"])
    assert [traces[pair.run.id] for pair in pairs] == [{pair.run.traceparent} for pair in pairs]
    assert [pair.run.shuffled for pair in pairs] == [False] * 4 + [True] * 4


def test_fresh_connections_are_fresh_and_a_kept_one_is_kept_and_no_cookie_comes_back(app: tuple[int, Seen]) -> None:
    port, seen = app
    driven(scenario(port, "go", repeat="6"))
    assert len({client for _, client, _ in seen}) == 6
    seen.clear()
    driven(scenario(port, "go", repeat="6", connections="keep-alive"))
    assert len(seen) == 6
    assert len({client for _, client, _ in seen}) == 1
    assert not any("cookie" in headers for _, _, headers in seen)


@pytest.mark.parametrize("how", ["wait", "stream"])
def test_a_held_request_is_answered_by_its_trigger(app: tuple[int, Seen], how: str) -> None:
    began = time.monotonic()
    pairs = driven(scenario(app[0], "go", how, repeat="2"))
    assert time.monotonic() - began < 3
    for pair in pairs:
        assert pair.register is not None
        assert pair.trigger is not None
        assert pair.register.status == 200
        assert max((*pair.register.arrivals, pair.register.ended_at)) >= pair.trigger.sent_at


def test_a_held_request_that_nobody_answers_is_let_go(app: tuple[int, Seen]) -> None:
    (pair,) = driven(scenario(app[0], "start", "wait"))
    assert pair.register is not None
    assert (pair.register.status, pair.register.problem) == (0, "timeout")


@pytest.mark.parametrize(("how", "status", "problem"), [("hang", 0, "timeout"), ("drop", 0, "dropped"), ("away", 307, ""), ("endless", 200, "")])
def test_hostile_answers_end_in_time_and_are_not_followed(app: tuple[int, Seen], how: str, status: int, problem: str) -> None:
    began = time.monotonic()
    (pair,) = driven(scenario(app[0], how))
    assert time.monotonic() - began < 2
    assert pair.trigger is not None
    assert (pair.trigger.status, pair.trigger.problem) == (status, problem)
    assert (pair.trigger.location, pair.trigger.whole) == ("http://192.0.2.1/" if how == "away" else "", how in ("away", "drop"))
    assert len(pair.trigger.body) == (MOST_BYTES if how == "endless" else 0)


def test_after_some_requests_without_an_answer_no_more_are_sent(app: tuple[int, Seen]) -> None:
    pairs = driven(scenario(app[0], "drop", repeat="20"))
    assert len(pairs) == GIVE_UP_AFTER


def test_what_would_leave_this_machine_is_not_sent() -> None:
    (away,) = parse('version: 1\nscenarios:\n  - {name: a, trigger: {request: "POST http://192.0.2.1:9/{{ run.id }}"}}\n', "s.yml")
    with pytest.raises(NotAllowed, match="192.0.2.1"):
        driven(away)
