"""The same object is known across files, and what cannot be followed stays unknown."""

from __future__ import annotations

import pytest

from callcheck import pipeline
from callcheck.model.target import Target
from callcheck.sources.code.tree import Operation

EMITTER = 'import { EventEmitter } from "node:events";\n'


def _identities(code, does: str) -> list[str]:
    return [code.lifetimes.identity(use.receiver) for use in code.idioms.of(does)]


@pytest.mark.parametrize(
    "files",
    [
        {"bus.ts": EMITTER + "export const bus = new EventEmitter();", "a.ts": 'import { bus } from "./bus.js";\nbus.on("x", f);', "b.ts": 'import { bus } from "./bus";\nbus.emit("x");'},
        {"bus.ts": EMITTER + "export default new EventEmitter();", "a.ts": 'import b from "./bus";\nb.on("x", f);', "b.ts": 'import c from "./bus";\nc.emit("x");'},
        {"bus.js": 'const E = require("events");\nmodule.exports = new E();', "a.js": 'const bus = require("./bus");\nbus.on("x", f);', "b.js": 'require("./a");\nconst bus = require("./bus");\nbus.emit("x");'},
        {"bus.ts": EMITTER + "export const bus = new EventEmitter();", "index.ts": 'export * from "./bus";', "a.ts": 'import { bus } from ".";\nbus.on("x", f);\nbus.emit("x");'},
        {"bus.js": 'const E = require("events");\nglobal.bus = new E();', "a.js": 'bus.on("x", f);', "b.js": 'bus.emit("x");'},
        {"a.ts": EMITTER + "class Hub { private bus = new EventEmitter();\n go() { this.bus.on('x', f); }\n say() { this.bus.emit('x'); } }\nexport const hub = new Hub();"},
        {"a.ts": EMITTER + "const bus = new EventEmitter();\nfunction listen(e) { e.on('x', f); }\nlisten(bus);\nbus.emit('x');"},
        {"a.ts": EMITTER + "function make() { return new EventEmitter(); }\nconst bus = make();\nbus.on('x', f);\nbus.emit('x');"},
        {"app/bus.py": "from pyee import EventEmitter\nbus = EventEmitter()\n", "app/a.py": "from .bus import bus\nbus.on('x', f)\n", "app/b.py": "from app import bus as hub\nhub.bus.emit('x')\n", "app/__init__.py": ""},
        {"app/bus.py": "import pyee.base\nbus = pyee.base.EventEmitter()\n", "app/a.py": "import app.bus\napp.bus.bus.on('x', f)\n", "app/b.py": "from app.bus import bus\nbus.emit('x')\n", "app/__init__.py": ""},
        {"bus.py": "from pyee import EventEmitter\n_bus = None\ndef get():\n    global _bus\n    if _bus is not None:\n        return _bus\n    made = EventEmitter()\n    _bus = made\n    return made\n", "a.py": "from bus import get\nget().on('x', f)\n", "b.py": "from bus import get\nget().emit('x')\n"},
        {"bus.py": "from pyee import EventEmitter\nbus = None\ndef start():\n    global bus\n    bus = EventEmitter()\n    bus.on('x', f)\ndef tell():\n    bus.emit('x')\n"},
        {"a.py": "from pyee import EventEmitter\nclass Ship:\n    def __init__(self):\n        self._bus = EventEmitter()\n    @property\n    def bus(self):\n        return self._bus\n    def go(self):\n        self.bus.on('x', f)\n        self._bus.emit('x')\n"},
        {"a.py": "from pyee import EventEmitter\nclass Hub:\n    def __init__(self, bus=None):\n        self.bus = bus or EventEmitter()\n    def go(self):\n        self.bus.on('x', f)\n        self.bus.emit('x')\n"},
        {"bus.ts": EMITTER + "export const bus = new EventEmitter().setMaxListeners(0).removeAllListeners();", "a.ts": 'import { bus } from "./bus";\nbus.once("x", f);\nbus.emit("x");'},
        {"a.ts": EMITTER + "class Hub { bus = Object.assign(new EventEmitter(), { name: 'hub' });\n go() { this.bus.on('x', f); }\n say() { this.bus.emit('x'); } }\nexport const hub = new Hub();"},
        {"tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["src/*"]}}}', "src/bus.ts": EMITTER + "export const bus = new EventEmitter();", "src/a.ts": 'import { bus } from "@/bus";\nbus.on("x", f);\nbus.emit("x");'},
    ],
    ids=["named", "default", "commonjs", "reexport", "global-object", "field", "parameter", "factory", "python-package", "dotted-import", "global", "filled-global", "property", "self", "chained", "assigned", "paths"],
)  # fmt: skip
def test_listener_and_emission_are_known_to_share_one_object(code_of, files) -> None:
    code = code_of(files)
    registered, emitted = _identities(code, "register"), _identities(code, "emit")
    assert registered and registered == emitted
    assert registered[0]


def test_two_objects_of_one_kind_are_told_apart(code_of) -> None:
    code = code_of({"a.ts": EMITTER + "new EventEmitter();\nconst a = new EventEmitter();\nconst b = new EventEmitter();\na.on('x', f);\nb.emit('x');"})
    assert _identities(code, "register") != _identities(code, "emit")


@pytest.mark.parametrize("declared", ["let server;\n", "let server = null;\n"])
def test_a_name_is_what_its_own_branch_made_of_it(code_of, declared) -> None:
    plain = "if (plain) { server = net.createServer(); server.on('connection', f); }\n"
    secure = "else { server = tls.createServer(); server.on('secureConnection', f); }\n"
    code = code_of({"a.ts": 'import net from "node:net";\nimport tls from "node:tls";\nexport function listen(plain) {\n' + declared + plain + secure + "}"})
    made = {call.args[0].value: code.origins.of(call.callee.object).qualified for call in code.project.calls("on")}
    assert made == {"connection": "net.createServer", "secureConnection": "tls.createServer"}


def test_a_parameter_that_nobody_fills_is_no_known_object(code_of) -> None:
    code = code_of({"a.ts": "export function listen(bus) { bus.on('x', f); }"})
    assert list(code.idioms.of("register")) == []


def test_a_package_that_imports_its_own_submodule_ends(code_of) -> None:
    code = code_of({"shop/__init__.py": "from shop import db\ndb.init()\n", "shop/db.py": "def init():\n    pass\n"})
    assert code.idioms.uses == []


@pytest.mark.parametrize(
    ("body", "lifetime"),
    [
        ("const bus = new EventEmitter();\nbus.on('x', f);", "process"),
        ("app.post('/x', (req, res) => { const bus = new EventEmitter(); bus.on('x', f); });", "request"),
        ("app.post('/x', (req, res) => { start(); });\nfunction start() { const bus = new EventEmitter(); bus.on('x', f); }", "request"),
        ("function boot() { const bus = new EventEmitter(); bus.on('x', f); }\nboot();", "process"),
        ("export function maybe() { const bus = new EventEmitter(); bus.on('x', f); }", "unknown"),
        ("class Hub { static bus = new EventEmitter(); }\nHub.bus.on('x', f);", "process"),
        ("class Hub { bus = new EventEmitter(); }\napp.post('/x', (req, res) => { new Hub().bus.on('x', f); });", "request"),
        ("app.get('/x', (req, res) => { globalThis.bus ??= new EventEmitter(); });\nconst bus = (globalThis.bus ??= new EventEmitter());\nbus.on('x', f);", "process"),
    ],
)  # fmt: skip
def test_an_object_lives_as_long_as_the_function_that_makes_it(code_of, body: str, lifetime: str) -> None:
    code = code_of({"a.ts": EMITTER + 'import express from "express";\nconst app = express();\n' + body})
    [use] = code.idioms.of("register")
    assert str(code.lifetimes.lifetime(use.receiver)) == lifetime


def test_a_listener_on_an_emitter_of_its_own_hears_nothing_of_the_others(tmp_path) -> None:
    files = {
        "parts.py": "from pyee import EventEmitter\nclass Bills:\n    def __init__(self, bus):\n        bus.on('closed', self.add)\n"
        "class Visits:\n    def __init__(self, bus):\n        self.bus = bus\n    def close(self):\n        self.bus.emit('closed')\n"
        "class Notes:\n    def __init__(self, bus=None):\n        self.bus = bus or EventEmitter()\n        self.bus.on('closed', self.add)\n",
        "app.py": "from pyee import EventEmitter\nfrom parts import Bills, Notes, Visits\ndef create_app():\n    bus = EventEmitter()\n    return Visits(bus), Bills(bus), Notes(%s)\n",
    }
    for given, causes in (("", ["wrong-instance"]), ("bus", [])):
        folder = tmp_path / (given or "own")
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text % given if "%s" in text else text)
        report = pipeline.diagnose(Target(folder, folders=(folder,))).report
        assert [d.rule.cause for d in report.diagnoses if d.confidence >= 0.5] == causes


def test_what_only_passes_an_object_on_gives_that_object(code_of) -> None:
    code = code_of({"a.py": "import psycopg2\nfrom contextlib import closing\ndef f():\n    with closing(psycopg2.connect('d')) as c, c.cursor() as cur:\n        cur.execute('q')\n"})
    assert [use.call.line for use in code.idioms.of("block")] == [5]


def test_a_module_named_like_a_library_is_not_what_it_imports(code_of) -> None:
    code = code_of({"proj/celery.py": "from celery import Celery\napp = Celery('x')\n@app.task\ndef f(): ...\n"})
    assert any(use.idiom.does == "serve" for use in code.idioms.uses)


@pytest.mark.parametrize(("written", "event"), [("def keys(i):\n    return f'a:{i}', 'told'\nbus.emit(keys(1)[1])", "told"), ("names = ['told']\nbus.emit(names[-1])", "told"), ("names = []\nbus.emit(names[-1])", "")])
def test_a_place_of_a_list_is_what_stands_there_if_anything_does(code_of, written, event) -> None:
    code = code_of({"a.py": f"from pyee import EventEmitter\nbus = EventEmitter()\n{written}\n"})
    assert [code.idioms.events(use) for use in code.idioms.of("emit")] == [[event]]


def test_what_an_and_gives_is_its_last_part(code_of) -> None:
    code = code_of({"a.js": "import { Store } from 'shelves';\nconst shelf = Store.find('a');\nexport const stream = shelf && shelf.read();\n"})
    (choice,) = code.project.chosen["a.js"].all(Operation)
    origin = code.origins.of(choice)
    assert origin.node is choice.operands[-1] and not origin.kept
