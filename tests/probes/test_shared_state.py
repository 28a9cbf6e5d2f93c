"""A waiter that one request parks and another wakes is seen however it is kept; what lives and ends with one request is not."""

from __future__ import annotations

import pytest

from callcheck.probes.shared_state import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
ROUTES = "app.post('/jobs', async (req, res) => { res.json(await park(req.body.id)); });\napp.post('/hook', (req, res) => { wake(req.body.id, req.body); res.end(); });\n"
EXPRESS = "import express from 'express';\nconst app = express();\n"
FASTAPI = "import asyncio\nfrom fastapi import FastAPI, Request, WebSocket\napp = FastAPI()\n"
PLAYER = "export class Player {\n  listeners = [];\n  hear(f) { this.listeners.push(f); }\n  start() { this.context = %s; this.node = this.context.node(); this.node.onprocess = (e) => { this.listeners.map((f) => f(e)); }; }\n}\n"

PARKED = {
    "resolver in a map": ("a.ts", EXPRESS + "const t = new Map();\nconst park = (id) => new Promise((ok) => { t.set(id, ok); });\nconst wake = (id, v) => t.get(id)?.(v);\n" + ROUTES, "resolver"),
    "closure around a resolver": ("a.ts", EXPRESS + "const t = new Map();\nfunction park(id) { return new Promise((ok, no) => { const x = setTimeout(no, 9); t.set(id, (v) => { clearTimeout(x); ok(v); }); }); }\nfunction wake(id, v) { const w = t.get(id); if (w) w(v); }\n" + ROUTES, "resolver"),
    "plain object": ("a.js", EXPRESS + "const t = {};\nconst park = (id) => new Promise((resolve) => { t[id] = { resolve, at: Date.now() }; });\nconst wake = (id, v) => { t[id].resolve(v); delete t[id]; };\n" + ROUTES, "resolver"),
    "private field": ("a.ts", EXPRESS + "class Desk { #t = new Map(); park(id) { return new Promise((ok) => this.#t.set(id, ok)); } wake(id, v) { this.#t.get(id)(v); } }\nconst desk = new Desk();\nconst park = (id) => desk.park(id);\nconst wake = (id, v) => desk.wake(id, v);\n" + ROUTES, "resolver"),
    "Promise.withResolvers": ("a.ts", EXPRESS + "const t = new Map();\nfunction park(id) { const { promise, resolve } = Promise.withResolvers(); t.set(id, resolve); return promise; }\nconst wake = (id, v) => t.get(id)(v);\n" + ROUTES, "resolver"),
    "deferred of one's own": ("a.ts", EXPRESS + "class Deferred { constructor() { this.promise = new Promise((ok) => { this.resolve = ok; }); } }\nconst t = new Map();\nfunction park(id) { const d = new Deferred(); t.set(id, d); return d.promise; }\nconst wake = (id, v) => t.get(id).resolve(v);\n" + ROUTES, "future"),
    "cache": ("a.ts", EXPRESS + "import { LRUCache } from 'lru-cache';\nconst t = new LRUCache({ max: 9 });\nconst park = (id) => new Promise((ok) => { t.set(id, ok); });\nconst wake = (id, v) => t.get(id)?.(v);\n" + ROUTES, "resolver"),
    "clients in a set": ("a.js", EXPRESS + "const t = new Set();\napp.get('/live', (req, res) => { t.add(res); });\napp.post('/hook', (req, res) => { for (const r of t) r.write('x'); res.end(); });\n", "connection"),
    "sets by room, each given back by add": ("a.js", EXPRESS + "const t = new Map();\napp.get('/live', (req, res) => { const all = t.get(req.query.room) ?? new Set(); t.set(req.query.room, all.add(res)); });\napp.post('/hook', (req, res) => { for (const r of t.get(req.body.room) ?? []) r.write('x'); res.end(); });\n", "connection"),
    "sets by room, begun with the first": ("a.js", EXPRESS + "const t = new Map();\napp.get('/live', (req, res) => { const all = t.get(req.query.room); if (all) all.add(res); else t.set(req.query.room, new Set([res])); });\napp.post('/hook', (req, res) => { t.get(req.body.room)?.forEach((r) => r.write('x')); res.end(); });\n", "connection"),
    "slot": ("a.js", EXPRESS + "let wakeUp;\nconst park = () => new Promise((ok) => { wakeUp = ok; });\nconst wake = (id, v) => { wakeUp(v); };\n" + ROUTES, "resolver"),
    "plugin's closure": ("a.ts", "export async function routes(app: FastifyInstance) {\n const t = new Map();\n app.get('/w', async (request: FastifyRequest, reply) => new Promise((ok) => t.set(request.id, ok)));\n app.post('/hook', async (request: FastifyRequest, reply) => { t.get(request.body.id)(1); });\n}\n", "resolver"),
    "subject that a route gives": ("a.ts", EXPRESS + "import { Subject, map } from 'rxjs';\nconst t = new Subject();\nconst live = () => t.pipe(map((x) => x));\napp.get('/live', (req, res) => { live().subscribe((x) => res.write(x)); });\napp.post('/hook', (req, res) => { t.next(req.body); res.end(); });\n", "queue"),
    "list that is begun anew": ("a.js", EXPRESS + "let t = [];\nconst park = () => new Promise((ok) => t.push(ok));\nconst wake = (id, v) => { const all = t; t = []; all.forEach((ok) => ok(v)); };\n" + ROUTES, "resolver"),
    "controller of a run": ("a.js", EXPRESS + "const t = new Map();\napp.post('/run', async (req, res) => { const c = new AbortController(); t.set(req.body.id, c); await run(c.signal); res.end(); });\napp.delete('/run/:id', (req, res) => { t.get(req.params.id)?.abort(); res.end(); });\n", "task"),
    "future in a dict": ("a.py", FASTAPI + "t: dict = {}\n@app.post('/w')\nasync def w(id: str):\n    f = asyncio.get_running_loop().create_future()\n    t[id] = f\n    return await f\n@app.post('/hook')\nasync def hook(id: str):\n    t.pop(id).set_result(1)\n", "future"),
    "event in a dataclass": ("a.py", FASTAPI + "from dataclasses import dataclass, field\n@dataclass\nclass Wait:\n    done: asyncio.Event = field(default_factory=asyncio.Event)\nt = {}\n@app.post('/w')\nasync def w(id: str):\n    t[id] = Wait()\n    await t[id].done.wait()\n@app.post('/hook')\nasync def hook(id: str):\n    t[id].done.set()\n", "future"),
    "manager of sockets": ("a.py", FASTAPI + "class Manager:\n    def __init__(self):\n        self.active = []\n    async def join(self, ws: WebSocket):\n        self.active.append(ws)\n    async def tell(self, m):\n        for ws in self.active:\n            await ws.send_text(m)\nm = Manager()\n@app.websocket('/ws')\nasync def ws(ws: WebSocket):\n    await m.join(ws)\n@app.post('/hook')\nasync def hook():\n    await m.tell('x')\n", "connection"),
    "queues by user": ("a.py", FASTAPI + "from collections import defaultdict\nt = defaultdict(list)\n@app.get('/live')\nasync def live(u: str):\n    q = asyncio.Queue()\n    t[u].append(q)\n    t[u] = [q]\n    return await q.get()\n@app.post('/hook')\nasync def hook(u: str):\n    for q in t[u]:\n        q.put_nowait(1)\n", "queue"),
    "listeners of an object": ("player.js", PLAYER % "make()", "subscriber"),
    "one event for all": ("a.py", FASTAPI + "done = asyncio.Event()\n@app.get('/w')\nasync def w():\n    await done.wait()\n@app.post('/hook')\nasync def hook():\n    done.set()\n", "future"),
}  # fmt: skip
SILENT = {
    "listeners of a page": ("player.js", PLAYER % "new AudioContext()"),
    "one connection of the process": ("a.js", EXPRESS + "let connection;\nopen().then((made) => { connection = made; });\napp.get('/x', (req, res) => { connection.send('x'); res.end(); });\n"),
    "tasks that are kept, and ended with the process": ("a.py", FASTAPI + "t = set()\n@app.post('/a')\nasync def a():\n    k = asyncio.create_task(work())\n    t.add(k)\n    k.add_done_callback(t.discard)\n@app.on_event('shutdown')\nasync def stop():\n    for k in t:\n        k.cancel()\n"),
    "tasks that are looked at": ("a.py", FASTAPI + "t = {}\n@app.post('/a')\nasync def a(id: str):\n    t[id] = asyncio.create_task(work())\n@app.get('/a')\nasync def all():\n    return list(t)\n"),
    "plain data": ("a.ts", EXPRESS + "const t = new Map();\napp.post('/a', (req, res) => { t.set(req.body.id, req.body.name); res.end(); });\napp.get('/a', (req, res) => { res.json(t.get(req.query.id)); });\n"),
    "sets of plain data": ("a.js", EXPRESS + "const t = new Map();\napp.post('/a', (req, res) => { const all = t.get(req.body.room) ?? new Set(); t.set(req.body.room, all.add(req.body.name)); res.end(); });\napp.get('/a', (req, res) => { res.json([...(t.get(req.query.room) ?? [])]); });\n"),
    "within one request": ("a.ts", EXPRESS + "app.post('/a', (req, res) => { const t = new Map(); new Promise((ok) => t.set(1, ok)); const f = () => t.get(1)(2); f(); });\n"),
    "handlers at start-up": ("a.ts", "const t = new Map();\nfunction on(name, fn) { t.set(name, fn); }\non('a', () => 1);\nexport function run(name) { return t.get(name)(); }\n"),
    "job queue of one process": ("a.py", FASTAPI + "q = asyncio.Queue()\nasync def work():\n    while True:\n        await q.get()\n@app.post('/a')\nasync def a():\n    await q.put(1)\n"),
    "taken in the same call": ("a.ts", EXPRESS + "const t = new Map();\napp.get('/a', (req, res) => { t.set(req.id, res); req.on('close', () => { t.get(req.id).end(); }); });\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", PARKED)
def test_a_parked_waiter_is_told(tmp_path, case) -> None:
    name, text, holds = PARKED[case]
    found = look(tmp_path, {name: text})
    assert [item.fact.holds for item in found][:1] == [holds]


@pytest.mark.parametrize("case", SILENT)
def test_silent_about(tmp_path, case) -> None:
    name, text = SILENT[case]
    assert not look(tmp_path, {name: text})
