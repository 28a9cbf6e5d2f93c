"""A listener that throws where the emission's error is caught keeps the others from their turn; a getter that makes an emitter gives another each time."""

from __future__ import annotations

import pytest

from callcheck.probes import flow, handler_faults, strangers
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
BUS = "import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\n"
TAX = "import { bus } from './bus.js';\nfunction rate(c) { if (!known(c)) throw new Error(c); return 1; }\nbus.on('paid', (o) => book(rate(o)));\n"
MAIL = "import { bus } from './bus.js';\nbus.on('paid', (o) => mail(o));\n"
PAY = "import { bus } from './bus.js';\nexport function pay(o) { try { bus.emit('paid', o); } catch (e) { warn(e); } }\n"


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        ({"tax.js": TAX, "mail.js": MAIL, "pay.js": PAY}, ["throws"]),
        ({"tax.js": TAX, "pay.js": PAY}, []),
        ({"tax.js": TAX, "mail.js": MAIL, "pay.js": PAY.replace("warn(e)", "throw e")}, []),
        ({"tax.js": TAX.replace("book(rate(o))", "{ try { book(rate(o)); } catch (e) { warn(e); } }"), "mail.js": MAIL, "pay.js": PAY}, []),
    ],
    ids=["caught where it is emitted", "no other listener", "thrown on", "caught in the listener"],
)
def test_a_listener_that_throws(tmp_path, files, faults) -> None:
    assert [item.fact.how for item in look_with(handler_faults.PROBE, KNOWN)(tmp_path, {"bus.js": BUS, **files})] == faults


GETTER = "const { EventEmitter } = require('events');\nconst kept = new EventEmitter();\nmodule.exports = { get bus() { return %s; } };\n"
USERS = {"mail.js": "const e = require('./e');\ne.bus.on('paid', () => mail());\n", "pay.js": "const e = require('./e');\nexports.pay = () => e.bus.emit('paid');\n"}
PLAYER = "import { EventEmitter } from 'node:events';\nexport class Player {\n  events = new EventEmitter();\n  play() { this.events.emit('paid'); }\n}\n"
MAIN = "import { Player } from './player.js';\nconst one = new Player();\nfunction show(p) { p.events.on('paid', () => mail()); }\nshow(%s);\none.play();\n"


@pytest.mark.parametrize(
    ("files", "events"),
    [
        ({"e.js": GETTER % "new EventEmitter()", **USERS}, ["paid"]),
        ({"e.js": GETTER % "kept", **USERS}, []),
        ({"player.js": PLAYER, "main.js": MAIN % "new Player()"}, ["paid"]),
        ({"player.js": PLAYER, "main.js": MAIN % "one"}, []),
    ],
    ids=["a getter that makes one", "a getter that keeps one", "another instance's", "the instance's own"],
)
def test_two_emitters_that_look_like_one(tmp_path, files, events) -> None:
    assert [item.fact.event for item in look_with(strangers.PROBE, KNOWN)(tmp_path, files)] == events


CACHE = "import { EventEmitter } from 'node:events';\nexport class Cache extends EventEmitter {\n  constructor() { super(); this.load(); }\n  %s\n}\n"
HEARD = "import { Cache } from './cache.js';\nconst cache = new Cache();\ncache.on('loaded', () => show());\n"


@pytest.mark.parametrize(("load", "early"), [("load() { this.emit('loaded'); }", 1), ("async load() { this.rows = await read(); this.emit('loaded'); }", 0)])
def test_an_emission_that_waits_first_comes_after_the_listener(tmp_path, load, early) -> None:
    assert len(look_with(flow.PROBE, KNOWN)(tmp_path, {"cache.js": CACHE % load, "main.js": HEARD})) == early
