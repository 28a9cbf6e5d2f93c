"""A listener is lost with its connection if a handler of the loss makes another, and nothing attaches the listener to that."""

from __future__ import annotations

import pytest

from callcheck.probes.rebuilt import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

CHAIN = (
    "import { WebSocketProvider } from 'ethers';\nlet provider;\nexport function connect() {\n  provider = new WebSocketProvider('ws://node');\n"
    "  provider.websocket.onclose = () => setTimeout(connect, 3000);\n}\nexport const getProvider = () => provider;\n"
)
WATCH = "import { Contract } from 'ethers';\nimport { getProvider } from './chain.js';\nexport function watch() {\n  const token = new Contract(ADDRESS, ABI, getProvider());\n  token.on('Moved', save);\n}\n"
PG = "import pg from 'pg';\nexport let client;\nexport async function open() {\n  client = new pg.Client();\n  client.on('error', () => setTimeout(open, 1000));\n  await client.connect();\n  await client.query('LISTEN jobs');\n}\n"
PHONE = (
    "import makeWASocket from '@whiskeysockets/baileys';\nlet sock;\nexport function start() {\n  sock = makeWASocket({});\n"
    "  sock.ev.on('connection.update', ({ connection }) => { if (connection === 'close') start(); });\n}\nexport const getSock = () => sock;\n"
)


@pytest.mark.parametrize(
    ("files", "event"),
    [
        ({"chain.js": CHAIN, "watch.js": WATCH, "app.js": "import { connect } from './chain.js';\nimport { watch } from './watch.js';\nconnect();\nwatch();\n"}, "Moved"),
        ({"chain.js": CHAIN, "app.js": "import { connect, getProvider } from './chain.js';\nconnect();\ngetProvider().on('block', count);\n"}, "block"),
        ({"chain.js": CHAIN, "made.js": "import { Contract } from 'ethers';\nexport const made = (from) => new Contract(A, B, from);\n", "app.js": "import { connect, getProvider } from './chain.js';\nimport { made } from './made.js';\nconnect();\nmade(getProvider()).on('Moved', save);\n"}, "Moved"),
        ({"db.js": PG, "app.js": "import { open, client } from './db.js';\nawait open();\nclient.on('notification', take);\n"}, "notification"),
        ({"phone.js": PHONE, "app.js": "import { start, getSock } from './phone.js';\nstart();\ngetSock().ev.on('messages.upsert', take);\n"}, "messages.upsert"),
    ],
    ids=["a contract that is given a provider", "the provider", "a function that makes the contract", "a client of PostgreSQL", "a socket of Baileys"],
)
def test_a_listener_of_the_first_connection_alone_is_told(tmp_path, files, event: str) -> None:
    assert [item.fact.event for item in look(tmp_path, files)] == [event]


@pytest.mark.parametrize(
    "files",
    [
        {"chain.js": CHAIN.replace("connect() {", "connect(told) {").replace("setTimeout(connect, 3000)", "setTimeout(() => connect(told), 3000)").replace("  provider.web", "  told(provider);\n  provider.web"), "app.js": "import { Contract } from 'ethers';\nimport { connect } from './chain.js';\nconnect((provider) => {\n  new Contract(A, B, provider).on('Moved', save);\n});\n"},
        {"chain.js": CHAIN.replace("  provider.web", "  watch();\n  provider.web") + WATCH.replace("import { getProvider } from './chain.js';\n", "").replace("export function", "function"), "app.js": "import { connect } from './chain.js';\nconnect();\n"},
        {"chain.js": CHAIN.replace("  provider.web", "  bus.emit('up');\n  provider.web").replace("let provider", "import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\nlet provider"), "watch.js": WATCH, "app.js": "import { bus, connect } from './chain.js';\nimport { watch } from './watch.js';\nbus.on('up', () => watch());\nconnect();\n"},
        {"chain.js": CHAIN.replace("  provider.websocket.onclose = () => setTimeout(connect, 3000);\n", "  provider.websocket.onclose = () => process.exit(1);\n"), "watch.js": WATCH, "app.js": "import { connect } from './chain.js';\nimport { watch } from './watch.js';\nconnect();\nwatch();\n"},
        {"db.js": PG.replace("  await client.connect", "  client.on('notification', take);\n  await client.connect"), "app.js": "import { open } from './db.js';\nawait open();\n"},
        {"phone.js": PHONE.replace("  sock.ev.on('conn", "  attach(sock);\n  sock.ev.on('conn") + "function attach(to) { to.ev.on('messages.upsert', take); }\n", "app.js": "import { start } from './phone.js';\nstart();\n"},
    ],
    ids=["each connection is handed over", "attached as it is made", "told of each connection", "the program ends", "a client's own", "each socket's"],
)
def test_one_that_each_connection_gets_is_not(tmp_path, files) -> None:
    assert look(tmp_path, files) == []
