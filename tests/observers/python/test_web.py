"""What the Python agent writes of requests that come in: Flask, Starlette, FastAPI and Django."""

from __future__ import annotations

from pathlib import Path

from tests.observers.python.observed import Run, needs, observe

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
ASGI = """
import asyncio
def scope(path, **more):
    return dict(type='http', http_version='1.1', method='POST', path=path, raw_path=path.encode(), root_path='', query_string=b'key=secret', headers=[(b'traceparent', b'PARENT')], server=('127.0.0.1', 8000), scheme='http') | more
async def call(app, path):
    body = [{'type': 'http.request', 'body': b'', 'more_body': False}]
    async def receive(): return body.pop() if body else await asyncio.get_running_loop().create_future()
    async def send(message): print(message.get('status', ''), end='')
    await app(scope(path), receive, send)
""".replace("PARENT", PARENT)


def _told(run: Run) -> list[tuple[object, ...]]:
    ended = {fact["req"]: fact.get("http.response.status_code") for fact in run.of("request.ended")}
    return [(fact["http.request.method"], fact["url.path"], fact.get("trace_id"), ended[fact["req"]]) for fact in run.of("request.started")]


@needs("flask", "pyee")
def test_requests_of_flask_are_told_and_known_to_what_follows(tmp_path: Path) -> None:
    code = f"""
from flask import Flask
from pyee.base import EventEmitter
app, bus = Flask(__name__), EventEmitter()
@app.post('/start/<id>')
def start(id):
    bus.once('done:' + id, lambda: 1)
    return 'ok', 202
@app.get('/bad')
def bad(): return {{}}['id']
client = app.test_client()
print(client.post('/start/7?key=secret', headers={{'traceparent': '{PARENT}'}}).status_code, client.get('/bad').status_code, client.get('/none').status_code)
bus.emit('done:7')
"""
    run = observe(tmp_path, code)
    assert run.stdout == "202 500 404\n"
    assert _told(run) == [("POST", "/start/7", TRACE, 202), ("GET", "/bad", None, 500), ("GET", "/none", None, 404)]
    (added,), (threw,) = run.of("listener.added"), run.of("request.threw")
    assert (added["req"], added["trace_id"]) == (run.of("request.started")[0]["req"], TRACE)
    assert (threw["req"], threw["error.type"], threw["code.line.number"]) == (run.of("request.started")[1]["req"], "KeyError", 10)
    assert "req" not in run.of("event.emitted")[0]


@needs("fastapi")
def test_requests_of_fastapi_are_told_in_threads_and_tasks_too(tmp_path: Path) -> None:
    code = """
from fastapi import FastAPI
from pyee.base import EventEmitter
app, bus = FastAPI(), EventEmitter()
@app.post('/sync')
def sync(): bus.emit('sync')
@app.post('/task')
async def task():
    async def later(): bus.emit('task')
    await asyncio.create_task(later())
@app.post('/bad')
async def bad(): raise KeyError('id')
async def main():
    for path in ('/sync', '/task', '/bad'):
        try: await call(app, path)
        except KeyError: print(' raised')
asyncio.run(main())
"""
    run = observe(tmp_path, ASGI + code)
    assert run.stdout == "200200500 raised\n"
    assert _told(run) == [("POST", "/sync", TRACE, 200), ("POST", "/task", TRACE, 200), ("POST", "/bad", TRACE, 500)]
    assert [fact["req"] for fact in run.of("event.emitted")] == [fact["req"] for fact in run.of("request.started")[:2]]
    assert run.of("request.threw")[0]["code.line.number"] == 21
    assert run.of("request.started")[0]["server.port"] == 8000
    assert not run.of("request.ended", aborted=True)


@needs("fastapi")
def test_a_request_that_is_given_up_is_told_as_such(tmp_path: Path) -> None:
    code = """
from starlette.applications import Starlette
from starlette.routing import Route
async def slow(request): await asyncio.sleep(60)
app = Starlette(routes=[Route('/slow', slow, methods=['POST'])])
async def main():
    try: await asyncio.wait_for(call(app, '/slow'), 0.05)
    except asyncio.TimeoutError: print('gone')
asyncio.run(main())
"""
    run = observe(tmp_path, ASGI + code)
    assert run.stdout == "gone\n"
    assert run.of("request.ended")[0]["aborted"] is True


@needs("django")
def test_requests_of_django_are_told(tmp_path: Path) -> None:
    code = f"""
import logging; logging.disable(logging.CRITICAL)
import django
from django.conf import settings
from django.dispatch import Signal
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=['*'], SECRET_KEY='x')
django.setup()
from django.http import HttpResponse
from django.urls import path
from django.core.handlers.wsgi import WSGIHandler
from django.core.handlers.asgi import ASGIHandler
paid = Signal()
def ok(request): paid.send(None); return HttpResponse('ok')
def bad(request): return {{}}['id']
urlpatterns = [path('ok', ok), path('bad', bad)]
app = WSGIHandler()
def get(path):
    environ = dict(REQUEST_METHOD='GET', PATH_INFO=path, SERVER_NAME='127.0.0.1', SERVER_PORT='80', HTTP_TRACEPARENT='{PARENT}')
    environ['wsgi.input'] = __import__('io').BytesIO()
    return list(app(environ, lambda status, headers, exc_info=None: print(status)))
get('/ok'); get('/bad')
asyncio.run(call(ASGIHandler(), '/ok'))
"""
    run = observe(tmp_path, ASGI + code)
    assert run.stdout == "200 OK\n500 Internal Server Error\n200"
    assert _told(run) == [("GET", "/ok", TRACE, 200), ("GET", "/bad", TRACE, 500), ("POST", "/ok", TRACE, 200)]
    first, second, third = run.of("request.started")
    assert [fact["req"] for fact in run.of("event.emitted", messaging__destination__name="paid")] == [first["req"], third["req"]]
    (threw,) = run.of("request.threw")
    assert (threw["req"], threw["error.type"]) == (second["req"], "KeyError")


@needs("flask")
def test_after_two_thousand_requests_no_more_are_told(tmp_path: Path) -> None:
    code = """
from flask import Flask
app = Flask(__name__)
environ = dict(REQUEST_METHOD='GET', PATH_INFO='/', SERVER_NAME='x', SERVER_PORT='80')
for n in range(2010): app({**environ, 'wsgi.url_scheme': 'http'}, lambda status, headers, exc_info=None: None)
"""
    run = observe(tmp_path, code)
    assert [fact["what"] for fact in run.of("agent.skipped") if fact["what"] == "requests"] == ["requests"]
    assert 1000 < len(run.of("request.started")) <= 2000
