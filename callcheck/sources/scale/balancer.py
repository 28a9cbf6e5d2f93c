"""Who deals requests out to several copies of an app? A proxy on loopback that passes bytes on, one connection at a time.

It looks into the head of the first request of a connection for its `traceparent`, by which it knows which run the request belongs to.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import random
import socket
import threading
import zlib
from collections.abc import Sequence
from types import TracebackType

from callcheck.model.errors import UsageError
from callcheck.model.pattern import pattern
from callcheck.model.scaled import Spread

_TRACE = pattern(rb"(?im)^traceparent:[ \t]*[0-9a-f]{2}-([0-9a-f]{32})-")
_LARGEST_HEAD = 65_536
_HEAD_S = 10.0


@functools.lru_cache(maxsize=8)
def _held(port: int) -> socket.socket:
    """The listening socket of a port, kept from the first trial to the last: in between, an outgoing connection of anybody could be given that
    port. Raises OSError if it is taken."""
    return socket.create_server(("127.0.0.1", port))


class Balancer:
    """Listens on a port of 127.0.0.1, in a thread of its own, until the block ends. Raises UsageError if the port is taken."""

    def __init__(self, port: int, backends: Sequence[int], spread: Spread) -> None:
        self._port = port
        self._backends = tuple(backends)
        self._spread = spread
        self._next = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="callcheck-balancer", daemon=True)
        self._ready = threading.Event()
        self._error: OSError | None = None
        self._open: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Balancer:
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise UsageError(f"port {self._port} of 127.0.0.1 is taken, and the requests of the scenario go there", "stop what listens there, or name another port")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(asyncio.start_server(self._accept, sock=_held(self._port).dup()))
        except OSError as error:
            self._error = error
            self._ready.set()
            return
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in self._open:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._open, return_exceptions=True))
        self._loop.close()

    async def _accept(self, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        with contextlib.suppress(OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await asyncio.wait_for(client.readuntil(b"\r\n\r\n"), _HEAD_S)
            copy, forward = await asyncio.open_connection("127.0.0.1", self._choose(head))
            forward.write(head)
            await asyncio.gather(_pass(client, forward), _pass(copy, answer), return_exceptions=True)
        answer.close()

    def _choose(self, head: bytes) -> int:
        if self._spread is Spread.RANDOM:
            return random.choice(self._backends)
        trace = _TRACE.search(head[:_LARGEST_HEAD])
        if self._spread is Spread.STICKY and trace:
            return self._backends[zlib.crc32(trace[1]) % len(self._backends)]
        self._next += 1
        return self._backends[self._next % len(self._backends)]


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while part := await source.read(65_536):
            sink.write(part)
            await sink.drain()
    finally:
        with contextlib.suppress(OSError, RuntimeError):
            if sink.can_write_eof():
                sink.write_eof()
