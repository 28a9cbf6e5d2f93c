"""Emitters and channels that libraries bring: Socket.IO rooms, Redis channels, BullMQ jobs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observers.node.observed import Run, needs_node, observe
from tests.tools import node

pytestmark = needs_node


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return node.linked(tmp_path)


def _of(run: Run, fact: str, system: str) -> dict[object, dict[str, object]]:
    return {found["messaging.destination.name"]: found for found in run.of(fact, messaging__system=system)}


@pytest.mark.parametrize("name", ["app.cjs", "app.mjs"])
def test_a_socket_io_room_is_a_destination_and_its_sockets_are_listeners(app: Path, name: str) -> None:
    head = "const { Server } = require('socket.io'); const { io: connect } = require('socket.io-client'); const http = require('http');"
    if name == "app.mjs":
        head = "import { Server } from 'socket.io'; import { io as connect } from 'socket.io-client'; import http from 'http';"
    code = """
const web = http.createServer(); const io = new Server(web);
io.on('connection', (socket) => { socket.on('join', (room) => {
    socket.join(room); io.to(socket.id).emit('you');
    io.to('r1').emit('done', 1); io.to('elsewhere').emit('done', 2); io.emit('all', 3); socket.leave(room);
  }); });
web.listen(0, () => { const c = connect(`http://127.0.0.1:${web.address().port}`, { transports: ['websocket'] }); c.on('connect', () => c.emit('join', 'r1')); c.on('all', () => { c.close(); io.close(); }); });
"""
    run = observe(app, head + code, name=name)
    joined, emitted = _of(run, "listener.added", "socket.io"), _of(run, "event.emitted", "socket.io")
    own = f"/#{joined['/']['listener.name']}"
    assert {"/", "/#r1", own} <= set(joined)
    assert "code.line.number" not in joined[own] and joined["/#r1"]["code.line.number"] == 4
    assert {room: emitted[room]["listener.count"] for room in ("/#r1", "/#elsewhere", "/", own)} == {"/#r1": 1, "/#elsewhere": 0, "/": 1, own: 1}
    assert (emitted["/#r1"]["messaging.message.type"], emitted["/#r1"]["code.line.number"]) == ("done", 5)
    removed = _of(run, "listener.removed", "socket.io")
    assert {room: removed[room]["listener.id"] for room in ("/", "/#r1", own)} == {room: joined[room]["listener.id"] for room in ("/", "/#r1", own)}
    adapters = {fact["emitter.class"] for fact in run.of("emitter.seen") if fact["emitter.id"] == emitted["/"]["emitter.id"]}
    assert adapters == {"Adapter"}


def test_a_room_keeps_its_place_where_other_events_use_up_the_stacks_of_a_second(app: Path) -> None:
    text = """const { Server } = require('socket.io'); const { EventEmitter } = require('events');
const io = new Server(); const adapter = io.of('/').adapter;
for (let n = 0; n < 2500; n += 1) new EventEmitter();
adapter.addAll('socket', new Set(['lot']));
"""
    run = observe(app, text)
    assert run.of("agent.skipped", what="stacks"), run.stderr
    assert _of(run, "listener.added", "socket.io")["/#lot"]["code.line.number"] == 4


def test_ioredis_publishes_and_subscribes_with_the_number_of_receivers(app: Path, redis: str) -> None:
    code = f"""
const Redis = require('ioredis'); const pub = new Redis('{redis}'), sub = new Redis('{redis}');
sub.on('message', (channel, message) => {{ console.log(channel, message); sub.unsubscribe('done').then(() => {{ pub.disconnect(); sub.disconnect(); }}); }});
sub.subscribe('done').then(async () => {{
  console.log(await pub.publish('nobody', 'secret'));
  console.log(await pub.publish('done', 'payload'));
}});
"""
    run = observe(app, code)
    assert sorted(run.stdout.splitlines()) == ["0", "1", "done payload"]
    added, emitted = _of(run, "listener.added", "redis"), _of(run, "event.emitted", "redis")
    assert (added["done"]["code.line.number"], emitted["done"]["code.line.number"], emitted["done"]["via"]) == (4, 6, ["ioredis"])
    counts = {fact["messaging.message.id"]: fact["listener.count"] for fact in run.of("event.delivered") if "listener.count" in fact}
    assert counts == {emitted["nobody"]["messaging.message.id"]: 0, emitted["done"]["messaging.message.id"]: 1}
    assert emitted["message"]["messaging.message.type"] == "done"
    assert _of(run, "listener.removed", "redis")["done"]["listener.id"] == added["done"]["listener.id"]
    assert "payload" not in str(run.facts) and "secret" not in str(run.facts)


def test_node_redis_publishes_and_subscribes_with_the_number_of_receivers(app: Path, redis: str) -> None:
    code = f"""
import {{ createClient }} from 'redis';
const pub = await createClient({{ url: '{redis}' }}).connect(), sub = await pub.duplicate().connect();
const heard = new Promise((f) => sub.subscribe('done', function onDone(m) {{ f(m); }}));
await new Promise((f) => setTimeout(f, 50));
const kept = pub.publish('done', 'payload');
console.log(await kept, await heard);
await new Promise((f) => setTimeout(f, 500)); void kept;
await sub.unsubscribe('done'); sub.destroy(); pub.destroy();
"""
    run = observe(app, code, name="app.mjs")
    assert run.stdout == "1 payload\n"
    added, emitted = _of(run, "listener.added", "redis"), _of(run, "event.emitted", "redis")
    assert (added["done"]["listener.name"], added["done"]["code.line.number"], emitted["done"]["code.line.number"]) == ("onDone", 4, 6)
    assert [fact["listener.count"] for fact in run.of("event.delivered", messaging__message__id=emitted["done"]["messaging.message.id"])] == [1]
    assert _of(run, "listener.removed", "redis")["done"]["listener.id"] == added["done"]["listener.id"]


def test_job_events_of_bullmq_are_told_by_queue_whether_or_not_anybody_listens(app: Path, redis: str) -> None:
    code = f"""
const {{ Queue, Worker }} = require('bullmq'); const connection = {{ host: '127.0.0.1', port: {redis.split(':')[-1].split('/')[0]} }};
const queue = new Queue('mail', {{ connection }});
queue.on('completed', () => console.log('never: workers say this in their own process'));
const worker = new Worker('mail', async () => 7, {{ connection }});
queue.add('send', {{ to: 'secret' }}).then((job) => {{
  const wait = setInterval(async () => {{ if (await job.isCompleted()) {{ clearInterval(wait); await worker.close(); await queue.close(); }} }}, 50);
}});
"""
    run = observe(app, code)
    assert run.stdout == ""
    (added,) = run.of("listener.added", messaging__destination__name="mail:completed")
    (emitted,) = run.of("event.emitted", messaging__destination__name="mail:completed")
    classes = {fact["emitter.id"]: fact["emitter.class"] for fact in run.of("emitter.seen")}
    assert (classes[added["emitter.id"]], classes[emitted["emitter.id"]], emitted["listener.count"]) == ("Queue", "Worker", 0)
    assert {added["messaging.system"], emitted["messaging.system"]} == {"bullmq"}
    assert "secret" not in str(run.facts)


FOREIGN = """
const bus = MAKE;
bus.emit('early');
const f = () => {};
bus.on('done', f); bus.on('done', () => {}); bus.emit('done', 1); bus.off('done', f); bus.emit('done', 1);
bus.on('bad', () => { throw new RangeError('boom'); });
try { bus.emit('bad'); } catch (e) { console.log(e.message); }
console.log(bus.on.length, bus.emit.name, bus.off.length);
"""
MAKES = {
    "eventemitter2": ("new (EE.EventEmitter2 || EE)()", "import EE from 'eventemitter2';"),
    "eventemitter3": ("new EE()", "import EE from 'eventemitter3';"),
    "mitt": ("EE()", "import EE from 'mitt';"),
}


@pytest.mark.parametrize("kind", ["cjs", "mjs"])
@pytest.mark.parametrize("library", MAKES)
def test_emitters_of_other_libraries_are_told_where_the_app_names_them(app: Path, library: str, kind: str) -> None:
    make, esm = MAKES[library]
    (app / "package.json").write_text(f'{{"dependencies": {{"{library}": "1"}}}}')
    head = esm if kind == "mjs" else f"const EE = require('{library}');"
    code = head + FOREIGN.replace("MAKE", make)
    bare = observe(app, code, name=f"app.{kind}", observed=False)
    run = observe(app, code, name=f"app.{kind}")
    assert (run.stdout, run.stderr, run.status) == (bare.stdout, bare.stderr, 0)
    if library == "mitt" and kind == "mjs" and not run.of("event.emitted"):
        pytest.skip("mitt's ECMAScript module is reached from Node 22.15 on")
    assert [(fact["messaging.destination.name"], fact["listener.count"]) for fact in run.of("event.emitted", messaging__system=library)] == [("early", 0), ("done", 2), ("done", 1), ("bad", 1)]
    added = run.of("listener.added", messaging__system=library)
    assert [(fact["messaging.destination.name"], fact["count"], fact["code.line.number"]) for fact in added] == [("done", 1, 5), ("done", 2, 5), ("bad", 1, 6)]
    assert [fact["listener.id"] for fact in run.of("listener.removed")] == [added[0]["listener.id"]]
    assert [(fact["error.type"], fact["code.line.number"]) for fact in run.of("event.threw")] == [("RangeError", 6)]


def test_where_the_app_names_no_such_library_the_loader_is_left_alone(app: Path) -> None:
    (app / "package.json").write_text("{}")
    run = observe(app, "const EE = require('eventemitter3'); new EE().emit('x'); console.log(require('module')._load.toString().includes('original'));\n")
    assert (run.stdout, run.of("event.emitted")) == ("false\n", [])


@pytest.mark.parametrize("kind", ["cjs", "mjs"])
def test_langchain_says_how_many_handlers_a_callback_has(app: Path, kind: str) -> None:
    (app / "package.json").write_text('{"dependencies": {"@langchain/core": "1"}}')
    head = "const { RunnableLambda } = require('@langchain/core/runnables');" if kind == "cjs" else "import { RunnableLambda } from '@langchain/core/runnables';"
    code = """
const run = RunnableLambda.from(async (x) => x + 1);
run.invoke(1, { callbacks: [{ handleChainStart() {} }] }).then(console.log);
"""
    bare = observe(app, head + code, name=f"app.{kind}", observed=False)
    if bare.status:
        pytest.skip(f"LangChain does not run on this Node: {bare.stderr[-100:]}")
    run = observe(app, head + code, name=f"app.{kind}")
    assert (run.status, run.stdout, run.stderr) == (0, "2\n", bare.stderr)
    if kind == "mjs" and not run.of("event.emitted", messaging__system="langchain"):
        pytest.skip("LangChain's ECMAScript modules are reached from Node 22.15 on")
    counts = {fact["messaging.destination.name"]: fact["listener.count"] for fact in run.of("event.emitted", messaging__system="langchain")}
    assert counts == {"handleChainStart": 1, "handleChainEnd": 0}
