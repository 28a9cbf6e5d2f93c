"""What the Python agent writes of calls that go out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.observers.python.observed import Run, needs, observe
from tests.tools import model_server

_CALLS = {
    "httpx": ("import httpx", "httpx.get(url, timeout=0.3)", "ReadTimeout"),
    "httpx2": ("import httpx2", "httpx2.get(url, timeout=0.3)", "ReadTimeout"),
    "requests": ("import requests", "requests.get(url, timeout=0.3)", "ReadTimeout"),
    "urllib3": ("import urllib3", "urllib3.PoolManager().request('GET', url, timeout=0.3, retries=False)", "ReadTimeoutError"),
    "urllib": ("import urllib.request", "urllib.request.urlopen(url, timeout=0.3)", "TimeoutError"),
    "aiohttp": (
        "import aiohttp, asyncio\nasync def go(url):\n    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as session:\n        async with session.get(url): pass",
        "asyncio.run(go(url))",
        "",
    ),
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status = int(self.path.strip("/").partition("?")[0])
        if status == 0:
            self.server.hang.wait(10)  # type: ignore[attr-defined]
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server that answers with the status that its path asks for, and with none to 0."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.hang = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.hang.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def _calls(run: Run) -> list[tuple[object, ...]]:
    ended = {fact["upstream.id"]: fact for fact in run.of("upstream.ended")}
    return [(fact["url.path"], ended[fact["upstream.id"]].get("http.response.status_code"), ended[fact["upstream.id"]].get("error.type")) for fact in run.of("upstream.started")]


@pytest.mark.parametrize("client", [pytest.param(name, marks=needs(name)) for name in _CALLS])
def test_calls_are_told_with_what_came_back(client: str, url: str, tmp_path: Path) -> None:
    imports, call, timeout = _CALLS[client]
    code = f"{imports}\nfor path in ('200?key=secret', '401', '0'):\n    url = '{url}/' + path\n    try:\n        {call}\n    except Exception as error: pass\n"
    run = observe(tmp_path, code)
    first, second, third = _calls(run)
    assert (first, second) == (("/200", 200, None), ("/401", 401, None))
    assert third[:2] == ("/0", None) and (third[2] == timeout or "timeout" in str(third[2]).lower())
    started = run.of("upstream.started")[0]
    assert (started["server.address"], started["server.port"], started["client"]) == ("127.0.0.1", int(url.rpartition(":")[2]), client)
    assert started["code.file.path"] == str(tmp_path / "app.py")
    assert not any("secret" in str(value) for fact in run.facts for value in fact.values())


@needs("httpx")
def test_asynchronous_calls_are_told_as_well(url: str, tmp_path: Path) -> None:
    code = f"""
import asyncio, httpx
async def main():
    async with httpx.AsyncClient() as client:
        await client.get('{url}/429')
asyncio.run(main())
"""
    run = observe(tmp_path, code)
    assert _calls(run) == [("/429", 429, None)]
    assert run.of("upstream.started")[0]["code.line.number"] == 5


@needs("httpx")
def test_a_call_without_an_answer_is_open_after_five_seconds_and_at_the_end(url: str, tmp_path: Path) -> None:
    code = f"""
import httpx, threading, time
def call(path): httpx.get('{url}/' + path, timeout=20)
threading.Thread(target=call, args=('0',), daemon=True).start()
time.sleep(5.4)
threading.Thread(target=call, args=('0',), daemon=True).start()
time.sleep(0.3)
"""
    run = observe(tmp_path, code)
    first, second = run.of("upstream.open")
    assert isinstance(first["ms"], float) and first["ms"] >= 5000
    assert isinstance(second["ms"], float) and second["ms"] < 5000
    assert run.of("upstream.ended") == []


@needs("openai")
def test_each_try_of_the_openai_client_is_told(tmp_path: Path) -> None:
    with model_server.serve(per_second=0) as model:
        code = f"""
import openai
for key in ('wrong', '{model_server.GOOD_KEY}'):
    try: openai.OpenAI(base_url='{model.url}', api_key=key, max_retries=1).chat.completions.create(model='m', messages=[])
    except openai.APIStatusError as error: print(error.status_code)
"""
        run = observe(tmp_path, code)
    assert run.stdout == "401\n429\n"
    assert [(path, status) for path, status, _ in _calls(run)] == [("/v1/chat/completions", 401), ("/v1/chat/completions", 429), ("/v1/chat/completions", 429)]
    assert {fact["code.line.number"] for fact in run.of("upstream.started")} == {4}
