"""Work that a request starts and nobody awaits is told in any spelling; what is awaited, kept alive or no work at all is not."""

from __future__ import annotations

import pytest

from callcheck.probes.background import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
WORK = "async function work() { await fetch('u'); }\n"
FLOATING = {
    "a bare call": ("a.ts", WORK + "export async function handler(event) { work(); return { statusCode: 204 }; }", "work"),
    "void": ("a.ts", WORK + "export const handler = async (event) => { void work(); return {}; };", "work"),
    "a chain": ("a.ts", "import { db } from './db';\nexport const handler = async (event) => { db.save(event).then(log).catch(log); return {}; };", "save"),
    "all of them": ("a.ts", WORK + "export const handler = async (event) => { Promise.all([work(), work()]); return {}; };", "all"),
    "fetch": ("a.ts", "export const handler = async (event) => { fetch('u', { method: 'POST' }); return {}; };", "fetch"),
    "a timer": ("a.ts", WORK + "export const handler = async (event) => { setTimeout(async () => { await work(); }, 0); return {}; };", "what setTimeout is given"),
    "each": ("a.ts", WORK + "export const handler = async (event) => { event.Records.forEach(async (r) => { await work(r); }); return {}; };", "what forEach is given"),
    "a listener's work, and nobody waits": ("a.ts", WORK + "const take = (x) => { work(x); };\nexport const handler = async (event) => { const c = await open(); c.subscribe({ next: (x) => take(x) }); return {}; };", "work"),
    "in place": ("a.ts", WORK + "export const handler = async (event) => { (async () => { await work(); })(); return {}; };", "an async function"),
    "in a helper": ("a.ts", WORK + "async function accept() { work(); return 1; }\nexport const handler = async (event) => { await accept(); return {}; };", "work"),
    "after the answer": ("a.ts", WORK + "export default async function h(req, res) { res.status(202).json({}); await work(); }", "work"),
    "a listener's work": ("a.ts", "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nbus.on('x', async () => { await fetch('u'); });\nexport const handler = async (event) => { bus.emit('x'); return {}; };", "the listener of x"),
    "a listener's work, by a name with a hole": ("a.ts", "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nbus.on('x.done', async () => { await fetch('u'); });\nexport const handler = async (event) => { bus.emit(`x.${event.how}`); return {}; };", "the listener of x.*"),
    "a listener's work, of a bus that a container hands out": ("a.ts", "import { Controller, Injectable, Post } from '@nestjs/common';\nimport { EventEmitter2, OnEvent } from '@nestjs/event-emitter';\n@Injectable()\nexport class L { @OnEvent('x') async on() { await fetch('u'); } }\n@Controller()\nexport class C { constructor(private readonly bus: EventEmitter2) {}\n @Post() async go() { this.bus.emit('x'); return {}; } }", "the listener of x"),
    "a listener's work that is handed back, and not awaited": ("a.ts", "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nbus.on('x', (e) => { e.pending.push(fetch('u')); });\nexport const handler = async (event) => { bus.emit('x', { pending: [] }); return {}; };", "the listener of x"),
    "as configured": ({"serverless.yml": "functions: \n  f:\n    handler: src/a.main\n", "src/a.ts": WORK + "export const main = async () => { work(); };"}, "", "work"),
    "a task": ("a.py", "import asyncio\nasync def lambda_handler(event, context):\n    asyncio.create_task(work(event))\n    return {}\n", "work"),
    "the loop's task": ("a.py", "import asyncio\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\nasync def f():\n    asyncio.get_running_loop().create_task(work())\n    return {}\n", "work"),
    "a thread": ("a.py", "import threading\nfrom flask import Flask\napp = Flask(__name__)\n@app.post('/x')\ndef f():\n    threading.Thread(target=work, daemon=True).start()\n    return {}\n", "work"),
    "a kept thread": ("a.py", "from threading import Thread\ndef lambda_handler(event, context):\n    t = Thread(target=work)\n    t.start()\n    return {}\n", "work"),
    "a pool": ("a.py", "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor()\ndef lambda_handler(event, context):\n    pool.submit(work, event)\n    return {}\n", "work"),
    "in a decorator": ("a.py", "import threading\ndef aside(f):\n    def begin(*a):\n        threading.Thread(target=f, args=a).start()\n    return begin\n@aside\ndef work(n):\n    print(n)\ndef lambda_handler(event, context):\n    work(1)\n    return {}\n", "f"),
    "background tasks": ("a.py", "from fastapi import BackgroundTasks, FastAPI\napp = FastAPI()\n@app.post('/x')\ndef f(tasks: BackgroundTasks):\n    tasks.add_task(work)\n    return {}\n", "work"),
}  # fmt: skip
SILENT = {
    "awaited": ("a.ts", WORK + "export const handler = async (event) => { await work(); await Promise.all([work()]); return {}; };"),
    "awaited later": ("a.ts", WORK + "export const handler = async (event) => { const p = work(); await p; return {}; };"),
    "kept alive": ("a.ts", WORK + "export const handler = async (event, ctx) => { ctx.waitUntil(work()); after(() => { work(); }); return {}; };"),
    "a promise made by hand": ("a.ts", "const ask = () => new Promise((resolve, reject) => { fetch('u').then((r) => resolve(r)).catch(reject); });\nexport const handler = async (event) => { await ask(); return {}; };"),
    "told by the context": ("a.ts", "module.exports.hello = (context, req) => { fetch('u').then((r) => { context.res.json(r); }).then(() => context.done()); };"),
    "handed the response": ("a.ts", "async function list(req, res) { res.json(await (await fetch('u')).json()); }\nexport default function h(req, res) { list(req, res); }"),
    "a time limit": ("a.ts", "export const handler = async (event) => { const c = new AbortController(); setTimeout(() => c.abort(), 9); return {}; };"),
    "at start-up": ("a.ts", WORK + "work();\nsetInterval(work, 9);\nfunction boot() { work(); }\nboot();"),
    "a listener's work that is awaited, of a bus that a container hands out": ("a.ts", "import { Controller, Injectable, Post } from '@nestjs/common';\nimport { EventEmitter2, OnEvent } from '@nestjs/event-emitter';\n@Injectable()\nexport class L { @OnEvent('x') async on() { await fetch('u'); } }\n@Controller()\nexport class C { constructor(private readonly bus: EventEmitter2) {}\n @Post() async go() { await this.bus.emitAsync('x'); return {}; } }"),
    "a plain listener": ("a.ts", "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nbus.on('x', () => { n += 1; });\nexport const handler = async (event) => { bus.emit('x'); return {}; };"),
    "a listener of another name than one with a hole": ("a.ts", "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nbus.on('y.done', async () => { await fetch('u'); });\nexport const handler = async (event) => { bus.emit(`x.${event.how}`); return {}; };"),
    "a listener's work that is handed back": ("a.ts", "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nbus.on('x', (e) => { e.pending.push(fetch('u')); });\nexport const handler = async (event) => { const pending = []; bus.emit('x', { pending }); await Promise.all(pending); };"),
    "a line that an async function writes": ("a.ts", "const note = async (m) => { if (LOUD) logger.info(m); };\nexport const handler = async (event) => { note('x'); return {}; };"),
    "a listener's work, while the function waits": ("a.ts", WORK + "const take = (x) => { work(x); };\nexport const handler = async (event) => { const c = await open(); c.subscribe({ next: (x) => take(x) }); await c.over; return {}; };"),
    "an answer at the end": ("a.ts", WORK + "export default async function h(req, res) { await work(); res.json({}); }"),
    "a thread that is joined": ("a.py", "import asyncio\nasync def lambda_handler(event, context):\n    t = asyncio.create_task(work())\n    await t\n    return {}\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", FLOATING)
def test_work_goes_on_after(tmp_path, case) -> None:
    name, text, work = FLOATING[case]
    files = name if isinstance(name, dict) else {name: text}
    assert [item.fact.call for item in look(tmp_path, files)] == [work]


@pytest.mark.parametrize("case", SILENT)
def test_silent_about(tmp_path, case) -> None:
    name, text = SILENT[case]
    assert not look(tmp_path, {name: text})
