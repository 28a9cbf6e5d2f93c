"""The receiver takes what is HTTP, answers what is not, and is neither stopped nor filled by either."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Awaitable, Callable

import pytest

from callcheck.model.errors import UsageError
from callcheck.sources.webhook import receiver as module
from callcheck.sources.webhook.receiver import Answer, Received, Receiver

GOOD = b"POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi"


async def talk(port: int, *sent: bytes, wait_s: float = 0.15) -> bytes:
    """All that comes back on one connection until it ends, or nothing comes for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    back = b""
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        for part in sent:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.03)
        while data := await asyncio.wait_for(reader.read(10_000), wait_s):
            back += data
    writer.close()
    return back


OK = Answer(200, body=b"ok")


def serving(use: Callable[[int, list[Received]], Awaitable[None]], answer: Answer = OK) -> Receiver:
    """Runs `use` with the port of a receiver and what it has received."""
    got: list[Received] = []

    def take(received: Received) -> Answer:
        got.append(received)
        return answer

    made = Receiver(take)

    async def run() -> None:
        port = await made.listen()
        try:
            await use(port, got)
        finally:
            await made.close()

    asyncio.run(run())
    return made


def test_requests_on_one_connection_are_each_answered() -> None:
    async def use(port: int, got: list[Received]) -> None:
        back = await talk(port, GOOD + GOOD, GOOD)
        assert back.count(b"HTTP/1.1 200") == 3
        assert [(each.method, each.target, each.body, each.headers["host"]) for each in got] == [("POST", "/a", b"hi", "x")] * 3
        asked = b"POST /b HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n"
        assert [line for line in (await talk(port, asked, b"hi")).split(b"\r\n") if b"HTTP/1.1" in line] == [b"HTTP/1.1 100 ", b"HTTP/1.1 200 "]
        assert (await talk(port, b"POST /c HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")).startswith(b"HTTP/1.1 200")
        assert got[-1].body == b"hi"

    assert serving(use).refused == module.Refused()


@pytest.mark.parametrize(
    ("sent", "field", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "tls", b"400"),
        (b"GARBAGE\x00\xff\r\n\r\n", "malformed", b"400"),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n", "malformed", b"400"),
        (b"GET /" + b"a" * 200_000, "malformed", b"431"),
        (b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 200_000, "malformed", b"431"),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n" + b"z" * 3_000_000, "oversized", b"413"),
    ],
)  # fmt: skip
def test_what_is_no_request_is_counted_and_the_next_one_is_taken(sent: bytes, field: str, status: bytes) -> None:
    async def use(port: int, got: list[Received]) -> None:
        back = await talk(port, sent)
        assert not back or back.startswith((b"HTTP/1.1 " + status, b"HTTP/1.1 400"))
        assert (await talk(port, GOOD)).startswith(b"HTTP/1.1 200")
        assert len(got) == 1

    assert getattr(serving(use).refused, field) == 1


def test_a_sender_that_says_nothing_or_little_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_S", 0.2)

    async def use(port: int, got: list[Received]) -> None:
        began = time.monotonic()
        await asyncio.gather(talk(port, wait_s=1), talk(port, b"POST / HT", wait_s=1), talk(port, GOOD[:-1], wait_s=1))
        assert time.monotonic() - began < 0.9
        assert got == []

    assert serving(use).refused.malformed == 2


def test_connections_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 3)

    async def use(port: int, got: list[Received]) -> None:
        await asyncio.gather(*(talk(port, b"POST / HT") for _ in range(6)))
        assert (await talk(port, GOOD)).startswith(b"HTTP/1.1 200")

    assert serving(use).refused.crowded == 3


def test_a_sender_that_does_not_wait_for_a_slow_answer_is_noticed() -> None:
    gone: list[bool] = []

    async def use(port: int, got: list[Received]) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GOOD)
        await asyncio.sleep(0.1)
        writer.close()
        await asyncio.sleep(0.4)
        assert (await talk(port, GOOD.replace(b"host", b"connection: close\r\nhost"), wait_s=1)).startswith(b"HTTP/1.1 200")

    serving(use, Answer(200, 0.3, over=gone.append))
    assert gone == [True, False]


def test_a_port_that_is_taken_is_said_and_the_receiver_is_on_loopback_alone() -> None:
    async def use(port: int, got: list[Received]) -> None:
        with pytest.raises(UsageError, match=f"port {port} "):
            await Receiver(lambda received: Answer(200)).listen(port)
        own = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1", "127.0.1.1"}
        for address in own:
            with pytest.raises(OSError):
                socket.create_connection((str(address), port), timeout=1).close()

    serving(use)
