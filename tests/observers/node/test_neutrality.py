"""Nothing that an app can look at differs under the Node agent: each snippet prints the same with and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observers.node.observed import AGENT, needs_node, observe

pytestmark = needs_node

HEAD = "'use strict';\nconst EventEmitter = require('events');\nconst util = require('util');\nconst p = (...a) => console.log(...a);\n"

SNIPPETS = {
    # The defects of a first version that looked fine.
    "methods that the app overrides are not called": """
class E extends EventEmitter { listenerCount() { p('asked'); return 9; } listeners() { throw 1; } eventNames() { throw 2; } rawListeners() { throw 3; } }
const e = new E(); e.on('x', () => p('x')); p(e.emit('x'), e.emit('y')); e.removeAllListeners('x'); p(e.emit('x'));
""",
    "listeners are what was given, everywhere": """
const e = new EventEmitter(), f = () => {}, g = () => {}; e.on('x', f); p(e._events.x === f, e.listeners('x')[0] === f); e.on('x', g); e.emit('x');
p(e._events.x[1] === g, e.rawListeners('x')[1] === g, Object.keys(e), e.listenerCount('x')); e.once('y', f); p(e.rawListeners('y')[0].listener === f, e.listeners('y')[0] === f);
e.off('y', f); p(e.listenerCount('y'), util.inspect(e), JSON.stringify(e), Object.getOwnPropertySymbols(e).map(String));
""",
    "domains work whenever they are loaded": """
const d = require('domain').create(); d.on('error', (x) => p('domain', x.message));
const made = new EventEmitter(); d.add(made); made.on('x', () => { throw new Error('in x'); }); made.on('late', () => setImmediate(() => { throw new Error('late'); }));
d.run(() => { const e = new EventEmitter(); e.on('y', () => { throw new Error('in y'); }); setTimeout(() => e.emit('y'), 5); p(e.domain === d); });
setTimeout(() => made.emit('x'), 10); setTimeout(() => made.emit('late'), 20); setTimeout(() => made.emit('error', new Error('plain')), 30);
""",
    "a class with its own emit": """
class E extends EventEmitter { emit(...a) { p('own', a[0]); return super.emit(...a); } } const e = new E(); e.on('x', () => p('x')); p(e.emit('x', 1), e.emit('y'));
E.prototype.emit = function (...a) { return EventEmitter.prototype.emit.apply(this, ['x']); }; p(e.emit('z'));
const old = EventEmitter.prototype.emit; EventEmitter.prototype.emit = function (...a) { p('base', a[0]); return old.apply(this, a); }; p(new EventEmitter().emit('q'));
""",
    "nothing is scheduled": """
p(process.getActiveResourcesInfo(), process._getActiveHandles().length, process._getActiveRequests().length);
setImmediate(() => p('immediate')); process.nextTick(() => p('tick')); Promise.resolve().then(() => p('promise')); p('main');
process.on('beforeExit', () => { p('beforeExit', process.getActiveResourcesInfo()); });
""",
    "hostile errors": """
const e = new EventEmitter(); let calls = 0;
const hostile = [new Proxy({}, { get() { calls += 1; throw 'trap'; }, getOwnPropertyDescriptor() { calls += 1; throw 'trap'; }, getPrototypeOf() { calls += 1; throw 'trap'; } }),
  { get message() { calls += 1; throw 'getter'; }, get name() { calls += 1; throw 'getter'; }, get stack() { calls += 1; throw 'getter'; } },
  Object.assign(Object.create(null), { a: 1 }), undefined, null, 5, 'text', Symbol('s'), () => {}, { toString() { calls += 1; return 'x'; }, valueOf() { calls += 1; return 1; } }];
class Evil extends Error { get message() { calls += 1; throw 'm'; } get name() { calls += 1; return 'n'; } toString() { calls += 1; return ''; } static get name() { calls += 1; return 'Z'; } } hostile.push(new Evil());
for (const h of hostile) { const f = () => { throw h; }; e.on('x', f); try { e.emit('x'); } catch (got) { p(got === h || Number.isNaN(got)); } e.off('x', f); } p(calls);
process.on('unhandledRejection', (r) => p('rejected', hostile.includes(r), calls)); e.on('y', async () => { throw hostile[1]; }); e.emit('y');
""",
    "the limit of stacks is left as it is": """
p(Error.stackTraceLimit); new EventEmitter().emit('x'); p(Error.stackTraceLimit, Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit'));
Error.stackTraceLimit = 0; new EventEmitter().emit('x'); p(Error.stackTraceLimit, new Error('q').stack); delete Error.stackTraceLimit; new EventEmitter().emit('x'); p('stackTraceLimit' in Error);
let n = 0; Object.defineProperty(Error, 'stackTraceLimit', { configurable: true, get() { n += 1; return 1; }, set() { n += 1; } }); new EventEmitter().emit('x'); p(n);
Object.defineProperty(Error, 'stackTraceLimit', { value: 3, writable: false }); Object.freeze(Error); const e = new EventEmitter(); e.on('x', () => p('x')); p(e.emit('x'));
""",
    "the first line of a stack is made when the app reads it": """
const e = new EventEmitter(); e.on('x', () => { throw new Error('inner'); }); try { e.emit('x'); } catch (x) { x.message = 'outer: ' + x.message; x.name = 'Mine'; p(x.stack.split('\\n')[0]); }
process.on('unhandledRejection', (r) => { r.message = 'seen: ' + r.message; p(r.stack.split('\\n')[0]); }); e.on('y', async () => { throw new Error('async'); }); e.emit('y');
process.on('uncaughtException', (r) => { r.message = 'seen: ' + r.message; p(r.stack.split('\\n')[0]); }); setTimeout(() => { throw new Error('late'); }, 5);
""",
    # What else an app may look at.
    "the functions look as they did": """
const proto = EventEmitter.prototype;
for (const o of [proto, EventEmitter, EventTarget.prototype]) for (const k of Reflect.ownKeys(o)) { const d = Object.getOwnPropertyDescriptor(o, k);
  p(String(k), d.enumerable, d.configurable, d.writable, typeof d.value === 'function' ? [d.value.name, d.value.length, 'prototype' in d.value] : ''); }
p(proto.on === proto.addListener, proto.off === proto.removeListener, Object.keys(proto), Object.keys(require('stream').prototype), process.listenerCount('exit'));
p(Object.keys(process.env).filter((k) => !/CALLCHECK|NODE_OPTIONS|PWD|_$/.test(k)).length > 0, process.argv.length, process.execArgv, module.parent, require.main === module, module.children.length);
p(Object.getOwnPropertyNames(globalThis).length, Reflect.ownKeys(process).length, Reflect.ownKeys(globalThis).filter((k) => typeof k === 'symbol').map(String));
""",
    "order, arguments, this, return values": """
const e = new EventEmitter(); e.on('x', function (...a) { p(1, this === e, a, new.target); return false; }); e.prependListener('x', function () { p(0, arguments.length); });
e.once('x', () => p(2)); p(e.emit('x'), e.emit('x', undefined), e.emit('x', 1, 2, 3, 4, 5), e.emit('none')); p(e.on('a', p) === e, e.off('a', p) === e, e.removeAllListeners() === e);
""",
    "listeners that change the listeners": """
const e = new EventEmitter(); const b = () => p('b'); const a = () => { p('a'); e.off('x', b); e.on('x', c); }; const c = () => p('c'); e.on('x', a); e.on('x', b); e.emit('x'); p('--'); e.emit('x');
e.on('y', () => { e.removeAllListeners(); p('y1'); }); e.on('y', () => p('y2')); e.emit('y'); p(e.eventNames()); let n = 0; e.on('z', () => { n += 1; if (n < 5) e.emit('z'); }); e.emit('z'); p(n);
e.on('removeListener', (t) => p('removed', t)); e.on('newListener', (t, f) => p('new', t, typeof f)); e.on('q', b); e.once('q', c); e.off('q', b); e.removeAllListeners('q'); e.removeAllListeners();
""",
    "a throw stops the rest and is the same error": """
const e = new EventEmitter(), err = new Error('x'); e.on('x', () => p(1)); e.on('x', () => { throw err; }); e.on('x', () => p(3)); try { e.emit('x'); } catch (got) { p(got === err); } p(e.listenerCount('x'));
try { e.on('x', 5); } catch (got) { p(got.code, got.message); } try { e.emit.call(undefined, 'x'); } catch (got) { p(got instanceof TypeError); } try { new EventEmitter().emit('error', 5); } catch (got) { p(got.code, got.message); }
try { EventEmitter.prototype.on.call(null, 'x', p); } catch (got) { p(got instanceof TypeError); } p(EventEmitter.prototype.emit.call({}, 'x'));
""",
    "mix-ins, frozen emitters, functions, proxies": """
const mixed = Object.assign(function app() {}, EventEmitter.prototype); mixed.on('x', () => p('mixed')); p(mixed.emit('x')); const plain = { ...EventEmitter.prototype }; plain.once('x', () => p('plain')); p(plain.emit('x'), plain.emit('x'));
const frozen = new EventEmitter(); frozen.on('x', () => p('frozen')); Object.freeze(frozen); p(frozen.emit('x')); try { frozen.on('y', p); } catch (e) { p(e.constructor.name); }
const keys = new Set(); const e = new Proxy(new EventEmitter(), { get(t, k, r) { keys.add(String(k)); return Reflect.get(t, k, r); } }); e.on('x', () => p('proxied')); p(e.emit('x'), keys.has('listenerCount'), keys.has('constructor'));
const odd = new EventEmitter(); odd._events = new Proxy({}, { get(t, k) { return k === 'x' ? () => p('trap') : undefined; } }); p(odd.emit('x')); odd._events = null; try { odd.emit('x'); } catch (e) { p(e.constructor.name); }
""",
    "names that are no strings": """
const e = new EventEmitter(); let n = 0; const k = { toString() { n += 1; return 'key'; } }; e.on(k, () => p('key')); p(e.emit('key'), e.emit(k), n); e.on(5, () => p(5)); p(e.emit('5'), e.emit(5)); e.on(undefined, () => p('u')); p(e.emit('undefined'), e.emit()); e.on('__proto__', () => p('proto')); p(e.emit('__proto__'), e.emit('constructor'), e.emit('hasOwnProperty'));
""",
    "unhandled rejections are unhandled, handled ones are handled": """
process.on('unhandledRejection', (r) => p('unhandled', r.message)); process.on('rejectionHandled', () => p('handled later'));
const e = new EventEmitter(); e.on('a', async () => { throw new Error('a'); }); let kept; e.on('b', () => (kept = Promise.reject(new Error('b')))); e.emit('a'); e.emit('b'); kept.catch(() => p('caught b'));
const thenable = { n: 0, get then() { this.n += 1; return undefined; } }; e.on('c', () => thenable); e.emit('c'); setTimeout(() => p(thenable.n), 250);
class Mine extends Promise { then(...a) { p('then'); return super.then(...a); } } e.on('d', () => Mine.resolve({ get x() { p('read'); return 1; }, [util.inspect.custom]() { p('inspected'); return ''; }, toString() { p('text'); return ''; } })); e.emit('d');
""",
    "async resources and hooks": """
const ah = require('async_hooks'); const seen = []; const hook = ah.createHook({ init(id, type) { seen.push(type); } }).enable(); const e = new EventEmitter(); e.on('x', () => {}); e.emit('x'); hook.disable(); p(seen);
const als = new ah.AsyncLocalStorage(); als.run(7, () => setTimeout(() => { e.on('y', () => p(als.getStore())); e.emit('y'); }, 5));
""",
    "stacks tell the app's lines in the same order": """
const e = new EventEmitter(); e.on('x', function handler() { const lines = new Error('q').stack.split('\\n').filter((l) => l.includes(__filename)); p(lines.map((l) => l.replace(/.*app/, ''))); }); (function outer() { e.emit('x'); })();
const boom = () => { throw new Error('z'); }; e.on('y', boom); try { e.emit('y'); } catch (x) { p(x.stack.split('\\n').filter((l) => l.includes(__filename)).length); }
""",
    "event targets": """
const t = new EventTarget(); const f = (x) => p(x.type, x.target === t, x.defaultPrevented); t.addEventListener('x', f); t.addEventListener('x', f); t.addEventListener('x', { handleEvent: () => p('object') }, { once: true }); p(t.dispatchEvent(new Event('x')), t.dispatchEvent(new Event('x', { cancelable: true })));
t.removeEventListener('x', f); p(t.dispatchEvent(new Event('x'))); for (const bad of [() => t.addEventListener(), () => EventTarget.prototype.addEventListener.call({}, 'x', f), () => t.dispatchEvent({}), () => new t.addEventListener('x', f), () => t.addEventListener('x', 5)]) try { p(bad()); } catch (x) { p(x.constructor.name, x.code, x.message); }
let n = 0; t.addEventListener('y', f, { get once() { n += 1; return false; }, get signal() { n += 1; return undefined; } }); p(n); const c = new AbortController(); c.signal.addEventListener('abort', () => p('aborted')); c.abort(); p(EventEmitter.getEventListeners(t, 'y').length);
""",
    "iterators, once and error monitors of node:events": """
const e = new EventEmitter(); e.on(EventEmitter.errorMonitor, (x) => p('monitor', x.message)); e.on('error', (x) => p('error', x.message)); e.emit('error', new Error('q'));
(async () => { setTimeout(() => { e.emit('v', 1); e.emit('v', 2); }, 5); for await (const [v] of EventEmitter.on(e, 'v')) { p(v); if (v === 2) break; } p(e.listenerCount('v'), e.listenerCount('error')); const q = EventEmitter.once(e, 'w'); e.emit('w', 3); p(await q); })();
""",
    "http keeps its order and its headers": """
const http = require('http'); const s = http.createServer({ keepAliveTimeout: 1 }, (q, r) => { p('request', q.listenerCount('end'), r.listeners('finish').length); q.on('end', () => p('end')); q.resume(); r.on('finish', () => p('finish')); r.on('close', () => p('close')); r.end('ok'); });
s.listen(0, () => http.get({ port: s.address().port, agent: false }, (a) => { p(a.statusCode, Object.keys(a.headers)); a.resume(); a.on('end', () => s.close(() => p('closed'))); }));
""",
    "many names, many emitters": """
const e = new EventEmitter(); for (let i = 0; i < 20000; i += 1) { e.once('done:' + i, () => {}); e.emit('done:' + i); } p(e.eventNames().length, e._eventsCount); for (let i = 0; i < 3000; i += 1) new EventEmitter().emit('x' + i);
""",
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_the_app_says_the_same_with_and_without_the_agent(tmp_path: Path, name: str) -> None:
    bare = observe(tmp_path, HEAD + SNIPPETS[name], observed=False)
    run = observe(tmp_path, HEAD + SNIPPETS[name])
    assert bare.stdout
    assert run.stdout == bare.stdout
    assert run.status == bare.status
    assert run.stderr == bare.stderr
    assert run.facts[-1]["fact"] == "process.exit"


def test_an_uncaught_throw_in_a_handler_shows_no_line_of_the_agent_as_its_cause(tmp_path: Path) -> None:
    code = HEAD + "const e = new EventEmitter();\ne.on('x', () => { throw new TypeError('boom'); });\ne.emit('x');\n"
    run = observe(tmp_path, code)
    head = run.stderr.split("    at ")[0]
    assert "TypeError: boom" in head
    assert ".cjs" not in head


def test_limits_are_kept_and_said(tmp_path: Path) -> None:
    code = """
const e = new EventEmitter(); e.on('many', () => {});
for (let i = 0; i < 5000; i += 1) e.emit('many');
for (let i = 0; i < 1500; i += 1) e.emit('done:' + i);
"""
    run = observe(tmp_path, HEAD + code)
    assert len(run.of("event.emitted", messaging__destination__name="many")) == 200
    counted = {fact["messaging.destination.name"]: (fact["count"], fact["listener.count"], fact["unheard"]) for fact in run.of("event.count")}
    assert counted["many"] == (4800, 1, 0)
    assert sum(count for name, (count, _, _) in counted.items() if str(name).startswith("done:")) + len(run.of("event.emitted")) == 1500 + 200
    assert {fact["what"] for fact in run.of("agent.skipped")} >= {"names"}
    assert len(run.facts) < 3200


def test_a_file_ends_at_its_limit_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "limit.cjs").write_text(f"require({str(AGENT.with_name('recorder.cjs'))!r}).LIMITS.bytes = 20000;")
    code = HEAD + "const e = new EventEmitter(); for (let i = 0; i < 500; i += 1) e.emit('x' + i); p('done');\n"
    run = observe(tmp_path, code, "--require", str(tmp_path / "limit.cjs"))
    (path,) = (tmp_path / "recording").glob("*.jsonl")
    assert run.stdout == "done\n"
    assert 19000 < path.stat().st_size < 20400
    assert [fact["what"] for fact in run.facts[-1:]] == ["bytes"]


def test_an_app_that_closes_every_file_does_not_get_our_lines_into_its_own(tmp_path: Path) -> None:
    code = """
const fs = require('fs'); const e = new EventEmitter(); e.emit('before');
const ours = fs.readdirSync('/proc/self/fd').find((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd).endsWith('.jsonl'); } catch { return false; } });
fs.closeSync(Number(ours)); const mine = fs.openSync(__dirname + '/mine.txt', 'w'); p(mine === Number(ours));
setTimeout(() => { for (let i = 0; i < 50; i += 1) e.emit('after' + i); fs.writeSync(mine, 'mine'); p('done'); }, 1100);
"""
    run = observe(tmp_path, HEAD + code)
    assert run.stdout == "true\ndone\n"
    assert (tmp_path / "mine.txt").read_text() == "mine"
