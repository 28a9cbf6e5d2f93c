"""The probes of JavaScript sources: what each says of a broken snippet, and that it is silent on the repaired one."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.target import Target
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

STRIPE = "import express from 'express';\nimport Stripe from 'stripe';\nconst stripe = new Stripe('k');\nconst app = express();\n"
HOOK = "app.post('/hook', {raw}(req, res) => {{ stripe.webhooks.constructEvent(req.body, req.get('s'), 'x'); }});\n"
NEST = {
    "main.ts": "import { NestFactory } from '@nestjs/core';\nimport { App } from './app';\nNestFactory.create<Any>(App);",
    "l.ts": "import { OnEvent } from '@nestjs/event-emitter';\nexport class L { @OnEvent('a.ready') f() {} }",
    "s.ts": "import { EventEmitter2 } from '@nestjs/event-emitter';\nexport class S { constructor(private readonly bus: EventEmitter2) {}\n HOOK() { this.bus.emit('a.ready'); } }",
}
APP = "import { Module } from '@nestjs/common';\nimport { L } from './l';\nimport { S } from './s';\n@Module({ providers: [LIST] })\nexport class App {}"
BUS = "import { EventEmitter } from 'node:events';\nexport const bus = EMITTER;"
HEARD = "import { bus } from 'FROM';\nexport function register() { bus.on('done', f); }"
SENT = "import { bus } from '../../lib/bus';\nexport async function POST(request: Request) { bus.emit('done', 1); }"
MONGO = "import mongoose from 'mongoose';\nconst s = new mongoose.Schema({});\n"
WS = "import { WebSocketServer } from 'ws';\nconst w = new WebSocketServer({ port: 1 });\nw.on('connection', (socket) => { socket.on('message', (data) => { BODY }); });"
RX = "import { Subject, switchMap, catchError, EMPTY, from } from 'rxjs';\nconst s = new Subject();\n"
AMQP = "import amqp from 'amqplib';\nlet channel;\nasync function connect() {\n  const c = await amqp.connect('u');\n  c.on('close', () => setTimeout(connect, 1000));\n  channel = await c.createChannel();\nINSIDE}\n"
REDIS = "import Redis from 'ioredis';\nconst r = new Redis();\nexport const finish = async (id) => { await r.publish(`done:${id}`, '1'); };\n"
WAIT = "import express from 'express';\nconst app = express();\napp.get('/w/:id', (req, res) => { const s = new Redis();\n new Promise((resolve) => { s.subscribe(`done:${req.params.id}`)THEN; s.on('message', resolve); }); });\n"
PACKAGE = '{"scripts": {"web": "node web.js", "worker": "node worker.js"}, "dependencies": {"next": "15.1.0"}}'
QUEUE = "const Queue = require('bull');\nmodule.exports = { q: new Queue('q') };"

CASES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "a body parsed before its raw parser": (
        "bodies",
        {"a.ts": STRIPE + "app.use(express.json());\n" + HOOK.format(raw="express.raw(), ")},
        {"a.ts": STRIPE + HOOK.format(raw="express.raw(), ") + "app.use(express.json());\n"},
    ),
    "a listener in no module's list": (
        "modules",
        {**NEST, "app.ts": APP.replace("LIST", "S")},
        {**NEST, "app.ts": APP.replace("LIST", "S, L")},
    ),
    "an emission before listeners are attached": (
        "order",
        {name: text.replace("HOOK", "onModuleInit") for name, text in NEST.items()},
        {name: text.replace("HOOK", "onApplicationBootstrap") for name, text in NEST.items()},
    ),
    "a module that each server entry evaluates for itself": (
        "copies",
        {"lib/bus.ts": BUS.replace("EMITTER", "new EventEmitter()"), "instrumentation.ts": HEARD.replace("FROM", "./lib/bus"), "app/x/route.ts": SENT, "package.json": PACKAGE},
        {"lib/bus.ts": BUS.replace("EMITTER", "(globalThis.bus ??= new EventEmitter())"), "instrumentation.ts": HEARD.replace("FROM", "./lib/bus"), "app/x/route.ts": SENT, "package.json": PACKAGE},
    ),
    "a hook after the model is compiled": (
        "hooks",
        {"a.ts": MONGO + "export const M = mongoose.model('m', s);\ns.post('save', f);"},
        {"a.ts": MONGO + "s.post('save', f);\nexport const M = mongoose.model('m', s);"},
    ),
    "an update past the hook for save": (
        "hooks",
        {"a.ts": MONGO + "s.post('save', f);\nconst M = mongoose.model('m', s);\nawait M.updateOne({}, {});"},
        {"a.ts": MONGO + "s.post('updateOne', f);\nconst M = mongoose.model('m', s);\nawait M.updateOne({}, {});"},
    ),
    "a buffer taken for a string": (
        "shapes",
        {"a.ts": WS.replace("BODY", "if (typeof data !== 'string') return; use(data);"), "package.json": '{"dependencies": {"ws": "8.18.0"}}'},
        {"a.ts": WS.replace("BODY", "use(typeof data === 'string' ? data : data.toString());"), "package.json": '{"dependencies": {"ws": "8.18.0"}}'},
    ),
    "a rescue that replaces the source": (
        "ends",
        {"a.ts": RX + "s.pipe(switchMap((x) => from(load(x))), catchError(() => EMPTY)).subscribe(show);"},
        {"a.ts": RX + "s.pipe(switchMap((x) => from(load(x)).pipe(catchError(() => EMPTY)))).subscribe(show);"},
    ),
    "a consumer that no reconnect restores": (
        "rebuilt",
        {"a.ts": AMQP.replace("INSIDE", "") + "await connect();\nchannel.consume('q', f);"},
        {"a.ts": AMQP.replace("INSIDE", "  channel.consume('q', f);\n") + "await connect();"},
    ),
    "a wait for what may be over": (
        "late_subscriptions",
        {"a.ts": REDIS + WAIT.replace("THEN", "")},
        {"a.ts": REDIS + WAIT.replace("THEN", ".then(() => r.get(`done:${req.params.id}`)).then(resolve)")},
    ),
    "local events of another process": (
        "apart",
        {"q.js": QUEUE, "web.js": "const { q } = require('./q');\nq.on('completed', f);", "worker.js": "const { q } = require('./q');\nq.process(async (job) => 1);", "package.json": PACKAGE},
        {"q.js": QUEUE, "web.js": "const { q } = require('./q');\nq.on('global:completed', f);", "worker.js": "const { q } = require('./q');\nq.process(async (job) => 1);", "package.json": PACKAGE},
    ),
    "an emitter for each request": (
        "strangers",
        {"a.ts": "import express from 'express';\nimport { EventEmitter } from 'node:events';\nconst app = express();\napp.use((req, res, next) => { req.bus = new EventEmitter(); next(); });\napp.get('/a', (req, res) => { req.bus.on('x', f); });\napp.post('/b', (req, res) => { req.bus.emit('x'); });"},
        {"a.ts": "import express from 'express';\nimport { EventEmitter } from 'node:events';\nconst app = express();\nconst bus = new EventEmitter();\napp.use((req, res, next) => { req.bus = bus; next(); });\napp.get('/a', (req, res) => { req.bus.on('x', f); });\napp.post('/b', (req, res) => { req.bus.emit('x'); });"},
    ),
    "a result that a caller drops": (
        "lazy",
        {"a.ts": "import { streamText } from 'ai';\nfunction start(p) { return streamText({ prompt: p, onFinish: save }); }\nexport function go(p) { start(p); }"},
        {"a.ts": "import { streamText } from 'ai';\nfunction start(p) { return streamText({ prompt: p, onFinish: save }); }\nexport function go(p) { void start(p).consumeStream(); }"},
    ),
    "one sign for one part": (
        "wildcards",
        {"a.ts": "import { EventEmitter2 } from 'eventemitter2';\nconst b = new EventEmitter2({ wildcard: true });\nb.on('order.*', f);\nb.emit('order.payment.captured');"},
        {"a.ts": "import { EventEmitter2 } from 'eventemitter2';\nconst b = new EventEmitter2({ wildcard: true });\nb.on('order.**', f);\nb.emit('order.payment.captured');"},
    ),
    "a schedule in every process": (
        "schedulers",
        {"a.ts": "import cron from 'node-cron';\nfunction begin() { cron.schedule('* * * * *', f); }\nbegin();"},
        {"a.ts": "import cron from 'node-cron';\nfunction begin() { cron.schedule('* * * * *', f); }\nif (process.env.NODE_APP_INSTANCE === '0') { begin(); }"},
    ),
}  # fmt: skip


def _said(folder: Path, probe: str, texts: dict[str, str]) -> list[Evidence]:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    eyes = Eyes(Target(base=folder, folders=(folder,)), shipped_knowledge())
    module = importlib.import_module(f"callcheck.probes.{probe}")
    return [item for item in module.PROBE.look(eyes.target, eyes) if isinstance(item, Evidence)]


@pytest.mark.parametrize(("probe", "broken", "repaired"), CASES.values(), ids=CASES)
def test_what_is_broken_is_said_and_what_is_repaired_is_not(tmp_path: Path, probe: str, broken: dict[str, str], repaired: dict[str, str]) -> None:
    assert _said(tmp_path / "broken", probe, broken)
    assert not _said(tmp_path / "repaired", probe, repaired)
