"""What arrives on a port of this machine? One server for the length of a run; it keeps little, answers as it is told, and is bounded in all."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from callcheck.model.errors import UsageError
from callcheck.model.noun import dataclass

if TYPE_CHECKING:
    import h11

MOST_BYTES = 1_000_000
"""Of one body; a longer one is answered 413."""
MOST_CONNECTIONS = 200
"""At one time; further ones are closed at once."""
MOST_ARRIVALS = 20_000
"""That are kept; further ones are answered and counted."""
IDLE_S = 30.0
"""Without a byte, after which a connection is closed."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    at: float
    """`time.monotonic()` when its head was there."""
    method: str
    target: str
    """Path and query, as sent."""
    headers: dict[str, str]
    """Names in lower case; of those that come twice the last."""
    body: bytes
    port: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What it is answered, and when."""

    status: int
    delay_s: float = 0.0
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    over: Callable[[bool], None] = lambda gone: None
    """Told when the answer is out; True if the sender had gone before."""


@dataclass(slots=True)
class Refused:
    """Connections that brought no request, by why: malformed, tls, oversized, crowded, unkept (over `MOST_ARRIVALS`)."""

    malformed: int = 0
    tls: int = 0
    oversized: int = 0
    crowded: int = 0
    unkept: int = 0


class Receiver:
    """Listens on 127.0.0.1 alone. `answer` is asked for each request and keeps what it wants of it."""

    def __init__(self, answer: Callable[[Received], Answer]) -> None:
        self.answer = answer
        self.refused = Refused()
        self.kept = 0
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()

    async def listen(self, port: int = 0) -> int:
        """On this port, or on any that is free; gives the port. Raises UsageError if it is taken."""
        try:
            server = await asyncio.start_server(self._connected, "127.0.0.1", port, limit=65_536)
        except OSError as error:
            raise UsageError(f"port {port} of 127.0.0.1 cannot be listened on: {error.strerror or error}") from error
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stops listening and lets go of all connections."""
        for server in self._servers:
            server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        self._servers.clear()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._open) >= MOST_CONNECTIONS:
            self.refused.crowded += 1
            writer.close()
            return
        self._open.add(task)
        try:
            await self._talk(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import h11

        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=65_536)
        port = int(writer.get_extra_info("sockname")[1])
        first = True
        try:
            while True:
                read = await _request(connection, reader, writer, port, first)
                first = False
                if read is None:
                    return
                if isinstance(read, str):
                    setattr(self.refused, read, getattr(self.refused, read) + 1)
                    await _send(connection, writer, Answer(413 if read == "oversized" else 400), reader)
                    return
                self.kept += 1
                if self.kept > MOST_ARRIVALS:
                    self.refused.unkept += 1
                    await _send(connection, writer, Answer(503), reader)
                    return
                await _send(connection, writer, self.answer(read), reader)
                if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                    return
                connection.start_next_cycle()
        except h11.RemoteProtocolError:
            self.refused.malformed += 1
            await _send(connection, writer, Answer(400), reader)


async def _request(
    connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, first: bool
) -> Received | str | None:
    """The next request; None at the end of the connection, a field of `Refused` for what is none. Raises h11.RemoteProtocolError."""
    import h11

    head: h11.Request | None = None
    at, body = 0.0, bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            if connection.they_are_waiting_for_100_continue:
                writer.write(connection.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            try:
                data = await asyncio.wait_for(reader.read(65_536), IDLE_S)
            except (TimeoutError, asyncio.TimeoutError):
                return "malformed" if head or connection.trailing_data[0] else None
            if first and data[:2] == b"\x16\x03":
                return "tls"
            first = False
            connection.receive_data(data)
        elif isinstance(event, h11.Request):
            head, at = event, time.monotonic()
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MOST_BYTES:
                return "oversized"
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
            return Received(at, head.method.decode("latin-1"), head.target.decode("latin-1"), headers, bytes(body), port)
        else:  # ConnectionClosed, or a switch of protocols, of which we know none.
            return None


async def _send(connection: h11.Connection, writer: asyncio.StreamWriter, answer: Answer, reader: asyncio.StreamReader) -> None:
    import h11

    gone = answer.delay_s > 0 and await _waited(reader, answer.delay_s)
    answer.over(gone)
    if gone or connection.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
        return
    length = [] if answer.status in (204, 304) else [("content-length", str(len(answer.body)))]
    own = [(name, value) for name, value in answer.headers if name.lower() not in ("content-length", "transfer-encoding", "connection")]
    writer.write(connection.send(h11.Response(status_code=answer.status, headers=[*own, *length])) or b"")
    if length and answer.body:
        writer.write(connection.send(h11.Data(data=answer.body)) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    await writer.drain()


async def _waited(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Waits; whether the sender has gone meanwhile. asyncio reads ahead by itself, so an end that came shows."""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0 and not reader.at_eof():
        await asyncio.sleep(min(left, 0.05))
    return reader.at_eof()
