"""A model API on loopback that fails in every way that one can, for tests: `with serving(port_of) as url`."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

QUOTA = {"error": {"message": "You exceeded your current quota, please check your plan and billing details.", "type": "insufficient_quota", "code": "insufficient_quota"}}
LIMIT = {"error": {"message": "Rate limit reached for requests", "type": "requests", "code": "rate_limit_exceeded"}}
ERROR = {"error": {"message": "no", "type": "error", "code": None}}
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
MODELS = {"object": "list", "data": [{"id": "gpt-known", "object": "model", "created": 0, "owned_by": "x"}]}
ANSWERS: dict[str, tuple[int, Any]] = {
    "ok": (200, MODELS),
    "auth": (401, ERROR),
    "forbidden": (403, ERROR),
    "not-found": (404, ERROR),
    "rejected": (422, ERROR),
    "rate-limited": (429, LIMIT),
    "quota": (429, QUOTA),
    "unavailable": (500, ERROR),
    "overloaded": (529, OVERLOADED),
    "malformed": (200, None),
}


class Api(BaseHTTPRequestHandler):
    """The first part of the path is the way in which it answers: `/quota/v1/models`."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, dict[str, str]]]
    stop: threading.Event

    def do_GET(self) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        how, _, rest = self.path.lstrip("/").partition("/")
        self.close_connection = True
        if how == "timeout":
            self.stop.wait(30)
        elif how == "dropped":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif how == "redirect-loop":
            self._head(302, {"location": f"/{how}/{rest}", "content-length": "0"})
        elif how == "redirected":
            self._head(302, {"location": f"http://localhost:{self.server.server_address[1]}/ok/v1/models", "content-length": "0"})
        elif how == "oversized":
            self._head(200, {"content-type": "application/json"})
            with contextlib.suppress(OSError):
                while not self.stop.is_set():
                    self.wfile.write(b"[" * 65_536)
        elif how == "dripping":
            self._head(200, {"content-type": "application/json"})
            with contextlib.suppress(OSError):
                while not self.stop.wait(0.2):
                    self.wfile.write(b" ")
        else:
            unknown = how == "ok" and "/models/" in self.path and not self.path.endswith("alias")
            self._answer(*((404, ERROR) if unknown else ANSWERS[how]))

    do_POST = do_GET

    def _answer(self, status: int, body: Any) -> None:
        text = b"<html>" if body is None else json.dumps(body).encode()
        self._head(status, {"content-type": "application/json", "content-length": str(len(text)), "x-ratelimit-remaining-requests": "7"})
        self.wfile.write(text)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: pytest shows enough."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that leaves is what half of the tests are about."""


@contextlib.contextmanager
def serving(certificate: Path | None = None) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """The address, and what was asked so far: paths with headers. With a certificate (and key, in one file) it speaks TLS."""
    seen: list[tuple[str, dict[str, str]]] = []
    stop = threading.Event()
    server = _Quiet(("127.0.0.1", 0), type("Handler", (Api,), {"seen": seen, "stop": stop}))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}", seen
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
