"""An OpenAI-compatible server on the loopback, which answers, refuses a key, or limits the rate, as a test asks."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD_KEY = "fake-key-for-tests"
ANSWER = "The lamp was lit at dusk and all was well."


@dataclass
class Model:
    """A running server: where it listens, and how often it gave each status."""

    url: str = ""
    statuses: dict[int, int] = field(default_factory=dict)
    per_second: int | None = None
    _recent: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def judge(self, authorization: str) -> int:
        """The status that one call gets, counted: 401 for any key but GOOD_KEY, 429 above `per_second`, else 200."""
        with self._lock:
            status = self._judge(authorization)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            return status

    def _judge(self, authorization: str) -> int:
        if authorization != f"Bearer {GOOD_KEY}":
            return 401
        if self.per_second is None:
            return 200
        now = time.monotonic()
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        if len(self._recent) >= self.per_second:
            return 429
        self._recent.append(now)
        return 200


_ERRORS = {
    401: {"message": "Incorrect API key provided.", "type": "invalid_request_error", "code": "invalid_api_key"},
    429: {"message": "Rate limit reached for gpt-4o-mini.", "type": "requests", "code": "rate_limit_exceeded"},
}


@contextmanager
def serve(per_second: int | None = None) -> Iterator[Model]:
    """Serves `/v1/chat/completions`, plain and as server-sent events, until the block ends."""
    model = Model(per_second=per_second)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status = model.judge(self.headers.get("authorization") or "")
            if status != 200:
                self._send(status, "application/json", json.dumps({"error": _ERRORS[status]}))
            elif body.get("stream"):
                self._send(200, "text/event-stream", "".join(_events()))
            else:
                self._send(200, "application/json", json.dumps(_completion()))

        def _send(self, status: int, kind: str, text: str) -> None:
            payload = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(payload)))
            if status == 429:
                self.send_header("retry-after-ms", "400")
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()


def _frame(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    created = int(time.time())
    base = {"id": "chatcmpl-1", "object": kind, "created": created, "model": "gpt-4o-mini-2024-07-18"}
    return base | {"choices": [{"index": 0, "finish_reason": None, **choice}]}


def _completion() -> dict[str, Any]:
    message = {"role": "assistant", "content": ANSWER, "refusal": None}
    usage = {"prompt_tokens": 12, "completion_tokens": 11, "total_tokens": 23}
    return _frame("chat.completion", {"message": message, "finish_reason": "stop"}) | {"usage": usage}


def _events() -> Iterator[str]:
    for word in ANSWER.split():
        frame = _frame("chat.completion.chunk", {"delta": {"role": "assistant", "content": f"{word} "}})
        yield f"data: {json.dumps(frame)}\n\n"
    yield f"data: {json.dumps(_frame('chat.completion.chunk', {'delta': {}, 'finish_reason': 'stop'}))}\n\n"
    yield "data: [DONE]\n\n"
