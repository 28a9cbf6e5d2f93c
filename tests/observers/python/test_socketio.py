"""What the Python agent writes of python-socketio: rooms, emits to them and handlers; and what is made of it."""

from __future__ import annotations

from pathlib import Path

from tests.observers.python.observed import PYTHON, Run, needs, observe
from tests.tools import observed

pytestmark = needs("socketio", "simple_websocket", "websocket", "werkzeug")

_SERVED = """
import os, sys, threading, time, socketio
from werkzeug.serving import make_server
def serve(app):
    web = make_server('127.0.0.1', 0, app, threaded=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return f'http://127.0.0.1:{web.port}'
def until(holds):
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end: time.sleep(0.02)
def end(*said):
    # A client's disconnect() waits for three seconds, for a close that Werkzeug does not answer.
    print(*said, flush=True)
    os._exit(0)
"""
_ROOMS = """
from served import *
sio = socketio.Server(async_mode='threading')
@sio.on('connect')
def connect(sid, environ): pass
@sio.event
def join(sid, room):
    sio.enter_room(sid, room)
    sio.emit('done', 'secret', room=room)
    sio.emit('done', 2, to='elsewhere')
    sio.emit('all', 3)
    sio.emit('you', 4, to=sid)
    sio.leave_room(sid, room)
client = socketio.Client(); got = []
for name in ('done', 'all', 'you'): client.on(name, lambda data, name=name: got.append(name))
client.connect(serve(socketio.WSGIApp(sio)), transports=['websocket'])
client.emit('join', 'r1')
until(lambda: len(got) == 3)
threading.Thread(target=client.disconnect, daemon=True).start(); until(lambda: not sio.manager.rooms)
end(sorted(got))
"""
_HANDLERS = """
from served import *
sio = socketio.Server(async_mode='threading', logger=False)
ended = []
@sio.on('connect')
def connect(sid, environ, auth):
    if auth != 'key': raise ConnectionRefusedError('no key')
def first(sid, data): pass
def book(sid, data): ended.append(data); raise KeyError('id')
sio.on('book', first)
sio.on('book', book)
class Chat(socketio.Namespace):
    def on_say(self, sid, data): ended.append(data); return 'said'
sio.register_namespace(Chat('/chat'))
url = serve(socketio.WSGIApp(sio))
stranger = socketio.Client()
try: stranger.connect(url, transports=['websocket'])
except socketio.exceptions.ConnectionError: print('refused')
client = socketio.Client()
client.connect(url, auth='key', namespaces=['/', '/chat'], transports=['websocket'])
client.emit('book', 1); client.emit('boook', 2); client.emit('say', 3, namespace='/chat')
until(lambda: len(ended) == 2); time.sleep(0.3)
end(sorted(ended))
"""
_ASYNC = """
import asyncio, socketio
class Sent:
    async def disconnect(self, sid): pass
async def main():
    sio = socketio.AsyncServer(async_mode='asgi')
    @sio.on('book')
    async def book(sid, data):
        await sio.emit('booked', data, room='desk')
        raise KeyError('id')
    sid = await sio.manager.connect('e1', '/')
    await sio.enter_room(sid, 'desk')
    async def send(eio_sid, packet): print(eio_sid, packet.data)
    sio._send_eio_packet = send
    try: await sio._trigger_event('book', '/', sid, 'secret')
    except KeyError: print('failed')
    task = asyncio.create_task(sio.emit('later', to='desk')); await task
    await sio.manager.disconnect(sid, '/')
asyncio.run(main())
"""


def _alike(folder: Path, code: str) -> Run:
    """The run under the agent, which must end as it does without."""
    (folder / "served.py").write_text(_SERVED)
    bare, run = observe(folder, code, observed=False), observe(folder, code)
    assert (run.status, run.stdout) == (bare.status, bare.stdout)
    assert run.status == 0, run.stderr
    return run


def _by_name(run: Run, fact: str) -> dict[object, dict[str, object]]:
    return {found["messaging.destination.name"]: found for found in run.of(fact, messaging__system="socket.io")}


def test_a_room_is_a_destination_and_its_clients_are_listeners(tmp_path: Path) -> None:
    run = _alike(tmp_path, _ROOMS)
    assert run.stdout == "['all', 'done', 'you']\n"
    joined, emitted, left = (_by_name(run, fact) for fact in ("listener.added", "event.emitted", "listener.removed"))
    sid = joined["/"]["listener.name"]
    assert (joined["/#r1"]["code.line.number"], left["/#r1"]["code.line.number"], "code.line.number" in joined["/"]) == (8, 13, False)
    assert {room: emitted[room]["listener.count"] for room in ("/#r1", "/#elsewhere", "/", f"/#{sid}")} == {"/#r1": 1, "/#elsewhere": 0, "/": 1, f"/#{sid}": 1}
    assert (emitted["/#r1"]["messaging.message.type"], emitted["/#r1"]["code.line.number"], emitted["/#r1"]["via"]) == ("done", 9, ["socketio"])
    assert {"/", "/#r1", f"/#{sid}"} == set(left)
    classes = {fact["emitter.id"]: fact["emitter.class"] for fact in run.of("emitter.seen")}
    assert (classes[emitted["/"]["emitter.id"]], classes[emitted["join"]["emitter.id"]]) == ("Manager", "Server")
    assert run.story("join")[-4:] == ["event.emitted", "handler.entered", "handler.returned", "event.delivered"]
    assert run.story("connect") == ["listener.added", "event.emitted", "handler.entered", "handler.returned", "event.delivered"]
    assert "secret" not in str(run.facts)


def test_what_clients_say_is_told_with_its_handlers(tmp_path: Path) -> None:
    run = _alike(tmp_path, _HANDLERS)
    assert run.stdout == "refused\n[1, 3]\n"
    added = run.of("listener.added", messaging__destination__name="book")
    assert [(fact["listener.name"], fact["code.line.number"]) for fact in added] == [("first", 10), ("book", 11)]
    assert [fact["listener.id"] for fact in run.of("listener.removed", messaging__destination__name="book")] == [added[0]["listener.id"]]
    (threw,) = run.of("handler.threw")
    assert (threw["listener.id"], threw["error.type"], threw["code.line.number"]) == (added[1]["listener.id"], "KeyError", 9)
    (misspelt,) = run.of("event.emitted", messaging__destination__name="boook")
    assert misspelt["listener.count"] == 0
    (said,) = run.of("listener.added", messaging__destination__name="say")
    assert (said["listener.name"], said["code.line.number"]) == ("Chat.on_say", 14)
    assert run.story("say")[-3:] == ["handler.entered", "handler.returned", "event.delivered"]


def test_an_asynchronous_server_is_told_alike(tmp_path: Path) -> None:
    run = _alike(tmp_path, _ASYNC)
    emitted = run.of("event.emitted", messaging__destination__name="/#desk")
    assert [(fact["messaging.message.type"], fact["listener.count"], fact.get("code.line.number")) for fact in emitted] == [("booked", 1, 9), ("later", 1, None)]
    assert [fact["code.line.number"] for fact in run.of("handler.threw")] == [10]
    assert [fact["code.line.number"] for fact in run.of("listener.added", messaging__destination__name="/#desk")] == [12]


@needs("flask_socketio")
def test_handlers_of_flask_socketio_are_those_of_the_app(tmp_path: Path) -> None:
    code = """
from served import *
from flask import Flask
from flask_socketio import SocketIO, join_room, emit
app = Flask('app'); io = SocketIO(app, async_mode='threading')
def join(room):
    join_room(room)
    emit('joined', 'secret', to=room)
io.on('join')(join)
client = socketio.Client(); got = []
client.on('joined', got.append)
client.connect(serve(app), transports=['websocket'])
client.emit('join', 'r1'); until(lambda: got)
end(got)
"""
    run = _alike(tmp_path, code)
    (handler,) = run.of("listener.added", messaging__destination__name="join")
    assert (handler["listener.at"], handler["code.line.number"]) == (f"{tmp_path}/app.py:6", 9)
    (emitted,) = run.of("event.emitted", messaging__destination__name="/#r1")
    assert (emitted["listener.count"], emitted["code.line.number"], emitted["via"]) == (1, 8, ["socketio", "flask_socketio"])


_SERVER = """
import sys, socketio
from werkzeug.serving import run_simple
sio = socketio.Server(async_mode='threading')
# MANAGER
@sio.event
def sit(sid, table):
    sio.enter_room(sid, f'table:{table}')
def app(environ, start):
    start('200 OK', [])
    if environ['PATH_INFO'].startswith('/serve/'):
        sio.emit('served', to='table:' + environ['PATH_INFO'].split('/')[2])
    return [b'']
run_simple('127.0.0.1', int(sys.argv[1]), socketio.WSGIApp(sio, app), threaded=True)
"""
_DRIVER = """
import os, subprocess, sys, time, socket, urllib.request, socketio
def free():
    with socket.socket() as probe: probe.bind(('127.0.0.1', 0)); return probe.getsockname()[1]
ports = [free() for _ in range(2)]
servers = [subprocess.Popen([sys.executable, 'server.py', str(port)], stderr=subprocess.DEVNULL) for port in ports]
for port in ports:
    while socket.socket().connect_ex(('127.0.0.1', port)): time.sleep(0.05)
told, clients = [], []
for table in range(12):
    client = socketio.Client()
    client.on('served', lambda table=table: told.append(table))
    client.connect(f'http://127.0.0.1:{ports[table % 2]}', transports=['websocket'], wait_timeout=20)
    client.call('sit', table); clients.append(client)
for table in range(12):
    urllib.request.urlopen(f'http://127.0.0.1:{ports[table // 2 % 2]}/serve/{table}').read()
time.sleep(0.5)
print('told', len(told), flush=True)
for server in servers: server.terminate(); server.wait()
os._exit(0)
"""
_REDIS = "import os; sio.manager = socketio.RedisManager(os.environ['REDIS_URL']); sio.manager.set_server(sio)"


def _tables(folder: Path, manager: str = "", **env: str) -> tuple[list[dict[str, object]], str]:
    (folder / "server.py").write_text(_SERVER.replace("# MANAGER", manager))
    (folder / "app.py").write_text(_DRIVER)
    return observed.run(folder, [PYTHON, "app.py"], env)


def test_without_a_message_queue_the_missing_adapter_is_named(tmp_path: Path) -> None:
    (first, *more), said = _tables(tmp_path)
    assert "told 6" in said
    assert (first["cause"], first["confidence"] > 0.95, more) == ("missing-adapter", True, [])
    assert "(6 of 12)" in first["title"]
    assert {("server.py", 8), ("server.py", 12)} <= {(each["file"], each["line"]) for each in first["evidence"]}


@needs("redis")
def test_with_redis_between_the_servers_nothing_is_said(tmp_path: Path, redis: str) -> None:
    found, said = _tables(tmp_path, _REDIS, REDIS_URL=redis)
    assert ("told 12" in said, found) == (True, [])


def test_clients_that_come_and_go_miss_nothing(tmp_path: Path) -> None:
    code = """
from served import *
sio = socketio.Server(async_mode='threading')
@sio.event
def join(sid, room): sio.enter_room(sid, room)
ticking = True
def tick():
    while ticking: sio.emit('tick'); sio.emit('note', to='user:bob'); time.sleep(0.05)
ticks = threading.Thread(target=tick); ticks.start()
time.sleep(0.4)
client = socketio.Client()
client.connect(serve(socketio.WSGIApp(sio)), transports=['websocket'])
client.call('join', 'user:bob'); time.sleep(0.2)
threading.Thread(target=client.disconnect, daemon=True).start(); until(lambda: not sio.manager.rooms); time.sleep(0.4)
ticking = False; ticks.join(); end()
"""
    (tmp_path / "served.py").write_text(_SERVED)
    (tmp_path / "app.py").write_text(code)
    found, _ = observed.run(tmp_path, [PYTHON, "app.py"])
    assert found == []
