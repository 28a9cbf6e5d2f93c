"""What the Node agent writes of node:events: who listens, who emits, and how each handler ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observers.node.observed import AGENT, needs_node, observe

pytestmark = needs_node

BUS = "const { EventEmitter, once } = require('events');\nconst bus = new EventEmitter();\n"


def test_a_heard_event_is_told_from_registration_to_delivery(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "bus.on('done', function onDone(x) { return x; });\nbus.emit('done', 1);\n")
    assert run.story("done") == ["listener.added", "event.emitted", "handler.entered", "handler.returned", "event.delivered"]
    (added,) = run.of("listener.added")
    (emitted,) = run.of("event.emitted")
    (entered,) = run.of("handler.entered")
    assert added["listener.name"] == "onDone"
    assert added["code.file.path"] == emitted["code.file.path"] == str(tmp_path / "app.js")
    assert (added["code.line.number"], emitted["code.line.number"]) == (3, 4)
    assert emitted["listener.count"] == 1
    assert entered["listener.id"] == added["listener.id"]
    assert emitted["emitter.id"] == added["emitter.id"]
    (seen,) = run.of("emitter.seen")
    assert (seen["emitter.class"], seen["code.line.number"]) == ("EventEmitter", 2)


def test_an_event_that_nobody_hears_has_no_listener(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "bus.emit('done');\nbus.on('done', () => {});\n")
    assert run.story("done") == ["event.emitted", "listener.added"]
    assert run.of("event.emitted")[0]["listener.count"] == 0


def test_two_objects_of_one_class_have_two_ids_and_two_places(tmp_path: Path) -> None:
    code = BUS + "class Agent extends EventEmitter {}\nconst make = () => new Agent();\nmake().on('done', () => {});\nmake().emit('done');\n"
    run = observe(tmp_path, code)
    added, emitted = run.of("listener.added")[0], run.of("event.emitted")[0]
    assert added["emitter.id"] != emitted["emitter.id"]
    places = {fact["emitter.id"]: (fact["emitter.class"], fact["code.line.number"]) for fact in run.of("emitter.seen")}
    assert places == {added["emitter.id"]: ("Agent", 4), emitted["emitter.id"]: ("Agent", 4)}


def test_an_emitter_that_a_module_exports_is_known_by_that_module(tmp_path: Path) -> None:
    (tmp_path / "bus.js").write_text("module.exports = { bus: new (require('events'))() };\n")
    run = observe(tmp_path, "require('./bus').bus.emit('done');\n")
    assert run.of("emitter.seen")[0]["emitter.module"] == str(tmp_path / "bus.js")


def test_once_is_told_and_its_end_has_no_place(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "bus.once('done', function first() {});\nbus.prependOnceListener('done', () => {});\nbus.emit('done');\nbus.emit('done');\n")
    first, second = run.of("listener.added")
    assert (first["listener.name"], first["listener.once"], second["listener.once"], second["listener.prepended"]) == ("first", True, True, True)
    gone = run.of("listener.removed")
    assert [fact["listener.id"] for fact in gone] == [second["listener.id"], first["listener.id"]]
    assert all(fact["listener.once"] and "code.line.number" not in fact for fact in gone)
    assert [fact["listener.count"] for fact in run.of("event.emitted")] == [2, 0]


def test_awaiting_events_once_is_a_listener_of_the_app(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "once(bus, 'done').then(() => console.log('got it'));\nbus.emit('done');\n")
    assert run.stdout == "got it\n"
    assert run.of("listener.added", messaging__destination__name="done")[0]["code.line.number"] == 3


def test_removals_name_the_listener_that_went(tmp_path: Path) -> None:
    code = """
const f = () => {};
bus.on('a', f); bus.off('a', f);
bus.once('b', f); bus.removeListener('b', f);
bus.on('c', f); bus.removeAllListeners('c');
bus.on('d', f); bus.on('e', f); bus.removeAllListeners();
"""
    run = observe(tmp_path, BUS + code)
    ids = {fact["messaging.destination.name"]: fact["listener.id"] for fact in run.of("listener.added")}
    assert [(fact["listener.id"], fact["count"], fact["code.line.number"]) for fact in run.of("listener.removed")] == [(ids["a"], 0, 5), (ids["b"], 0, 6)]
    assert [(fact.get("messaging.destination.name"), fact["count"]) for fact in run.of("listener.removed_all")] == [("c", 1), (None, 2)]


def test_removing_what_was_never_added_is_told(tmp_path: Path) -> None:
    code = "class A { constructor() { bus.on('done', this.f.bind(this)); } stop() { bus.off('done', this.f.bind(this)); } f() {} }\nnew A().stop();\n"
    run = observe(tmp_path, BUS + code)
    (missed,) = run.of("listener.remove_missed")
    assert (missed["listener.name"], missed["count"], missed["code.line.number"]) == ("bound f", 1, 3)


def test_a_handler_that_throws_is_told_with_the_place_of_the_error(tmp_path: Path) -> None:
    code = BUS + "bus.on('done', () => 1);\nbus.on('done', ({ text }) => text.toUpperCase());\nbus.on('done', () => 2);\ntry { bus.emit('done', {}); } catch {}\n"
    run = observe(tmp_path, code)
    assert run.story("done")[3:] == ["event.emitted", "handler.entered", "handler.returned", "handler.entered", "handler.threw", "event.threw"]
    (threw,) = run.of("handler.threw")
    assert (threw["error.type"], threw["code.line.number"]) == ("TypeError", 4)
    assert "toUpperCase" in str(threw["exception.message"])
    assert run.of("process.uncaught") == []


def test_an_async_handler_that_fails_is_told_although_the_app_handles_it(tmp_path: Path) -> None:
    code = """
bus.on('done', async () => { await null; throw new RangeError('no key'); });
bus.on('also', () => kept = new Promise((_, no) => setTimeout(no, 20, new TypeError('late'))));
let kept;
bus.emit('done'); bus.emit('also'); kept.catch(() => {});
process.on('unhandledRejection', () => {});
setTimeout(() => {}, 400);
"""
    run = observe(tmp_path, BUS + code)
    rejected = {fact["error.type"]: fact["exception.message"] for fact in run.of("handler.rejected")}
    assert rejected == {"RangeError": "no key", "TypeError": "late"}
    (unhandled,) = run.of("process.unhandled_rejection")
    assert (unhandled["error.type"], unhandled["listener.count"], unhandled["code.line.number"]) == ("RangeError", 1, 4)
    assert run.of("handler.returned")[0]["async"] is True


def test_an_async_handler_that_never_ends_is_pending(tmp_path: Path) -> None:
    (tmp_path / "limit.cjs").write_text(f"require({str(AGENT.with_name('promises.cjs'))!r}).LIMITS.pendingMs = 300;")
    code = BUS + "const p = new Promise(() => {});\nbus.on('done', () => p);\nbus.emit('done');\nsetTimeout(() => p, 1500);\n"
    run = observe(tmp_path, code, "--require", str(tmp_path / "limit.cjs"))
    (pending,) = run.of("handler.pending")
    assert isinstance(pending["ms"], float) and pending["ms"] > 300


def test_error_events_and_captured_rejections_go_the_emitters_own_way(tmp_path: Path) -> None:
    code = """
try { bus.emit('error', new RangeError('x')); } catch (e) { console.log(e.message); }
const capturing = new EventEmitter({ captureRejections: true });
capturing.on('go', async () => { throw new Error('into error'); });
capturing.on('error', (e) => console.log(e.message));
capturing.emit('go');
"""
    run = observe(tmp_path, BUS + code)
    assert run.stdout == "x\ninto error\n"
    assert run.story("error")[:2] == ["event.emitted", "event.threw"]
    assert run.of("event.delivered")


def test_symbols_are_names_and_newlistener_is_none(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "bus.on('newListener', () => {});\nbus.on(Symbol('s'), () => {});\n")
    assert [fact["messaging.destination.name"] for fact in run.of("listener.added")] == ["Symbol(s)"]


def test_nodes_own_emitters_are_silent_but_for_events_that_are_the_apps(tmp_path: Path) -> None:
    code = """
const { PassThrough } = require('stream');
const s = new PassThrough(); s.on('data', () => {}); s.on('end', () => {}); s.on('token', () => {}); s.emit('token', 1); s.end('x');
process.on('exit', () => {}); process.on('job', () => {}); process.emit('job');
require('child_process').spawn(process.execPath, ['-e', '0'], { env: {} }).on('exit', () => {});
"""
    run = observe(tmp_path, BUS + code)
    assert {fact["messaging.destination.name"] for fact in run.of("listener.added", "event.emitted")} == {"token", "job"}
    assert len(run.of("handler.returned")) == 2


@pytest.mark.parametrize("kind", ["mjs", "js"])
def test_listeners_of_a_librarys_emitter_are_told_and_its_own_business_is_not(tmp_path: Path, kind: str) -> None:
    library = tmp_path / "node_modules" / "lib"
    library.mkdir(parents=True)
    (library / "package.json").write_text('{"name": "lib", "version": "1.0.0", "main": "index.js"}')
    code = """
const { EventEmitter } = require('events');
class Client extends EventEmitter { constructor() { super(); this.on('internal', () => {}); this.emit('internal'); }
  fire() { setImmediate(() => { this.emit('ready'); this.emit('other'); }); } watch(bus) { bus.on('done', () => {}); bus.emit('mine'); } }
module.exports = { Client };
"""
    (library / "index.js").write_text(code)
    head = "import lib from 'lib';\nimport { EventEmitter } from 'events';\n" if kind == "mjs" else "const lib = require('lib');\nconst { EventEmitter } = require('events');\n"
    app = head + "const c = new lib.Client(); c.on('ready', () => {}); c.fire();\nconst bus = new EventEmitter(); c.watch(bus);\n"
    run = observe(tmp_path, app, name=f"app.{kind}")
    assert {fact["messaging.destination.name"] for fact in run.of("listener.added")} == {"ready", "done"}
    assert {fact["messaging.destination.name"] for fact in run.of("event.emitted")} == {"ready", "mine"}
    assert run.of("listener.added", messaging__destination__name="done")[0]["via"] == ["lib"]
    assert run.of("handler.returned")
