"""A call in a loop over a table stands for one call a row, whatever the table and the loop look like."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Loop

BUS = 'import { EventEmitter } from "node:events";\nexport const bus = new EventEmitter();\n'
TABLE = "const table = { a: f, b: g };\n"
LOOPS = {
    "entries": TABLE + "for (const [name, handler] of Object.entries(table)) bus.on(name, handler);\n",
    "keys": TABLE + "for (const name of Object.keys(table)) bus.on(name, table[name]);\n",
    "for in": TABLE + "for (const name in table) bus.on(name, table[name]);\n",
    "forEach": TABLE + "Object.entries(table).forEach(([name, handler]) => bus.on(name, handler));\n",
    "rows": "[{ on: 'a', run: f }, { on: 'b', run: g }].forEach(({ on, run }) => bus.on(on, run));\n",
    "pairs": "const pairs = [['a', f], ['b', g]];\nfor (const [name, handler] of pairs) { bus.on(name, handler); }\n",
    "Map": "new Map([['a', f], ['b', g]]).forEach((handler, name) => bus.on(name, handler));\n",
    "spread": "const first = [{ n: 'a', f }];\nfor (const each of [...first, { n: 'b', f: g }]) bus.on(each.n, (...args) => each.f(...args));\n",
    "instances": "class A { event = 'a'; run() {} }\nclass B { event = 'b'; run() {} }\nfor (const each of [A, B].map((C) => new C())) bus.on(each.event, each.run.bind(each));\n",
    "frozen": "const table = Object.freeze({ a: f, b: g });\nfor (const [name, handler] of Object.entries(table)) bus.on(name, handler);\n",
    "namespace": 'import * as table from "./table.js";\nfor (const [name, handler] of Object.entries(table)) bus.on(name, handler);\n',
    "names put together": "for (const name of ['a', 'b']) bus.on(`${name}`, f);\n",
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=list(LOOPS))
def test_each_row_is_a_use(code_of, loop: str) -> None:
    code = code_of({"a.js": BUS + "function f() {}\nfunction g() {}\n" + loop, "table.js": "export function a() {}\nexport function b() {}\n"})
    assert [event for use in code.idioms.of("register") for event in code.idioms.events(use)] == ["a", "b"]


FOLDER = {
    "require": "for (const file of readdirSync(path.join(__dirname, 'events'))) {\n  const event = require(`./events/${file}`);\n  if (event.once) bus.once(event.name, event.run);\n  else bus.on(event.name, event.run);\n}\n",
    "import": "const folder = new URL('./events/', import.meta.url);\nfor (const file of await readdir(folder)) {\n  const { default: event } = await import(new URL(file, folder));\n  event.once ? 0 : 1;\n  if (!event.once) { bus.on(event.name, (...args) => event.run(...args)); } else { bus.once(event.name, (...args) => event.run(...args)); }\n}\n",
}


@pytest.mark.parametrize("loader", FOLDER.values(), ids=list(FOLDER))
def test_files_of_a_folder_are_rows(code_of, loader: str) -> None:
    code = code_of(
        {
            "src/a.js": BUS + loader,
            "src/events/one.js": "export default { name: 'one', once: true, run() {} };\n",
            "src/events/two.js": "export default { name: 'two', run() {} };\n",
            "src/other/three.js": "export default { name: 'three', run() {} };\n",
        }
    )
    found = [(event, use.idiom.once) for use in code.idioms.of("register") for event in code.idioms.events(use)]
    assert sorted(found) == [("one", True), ("two", False)]


REQUIRED = {
    "a list of files": ("module.exports = [require('./one'), require('./two')];", "const all = require('./events');\nfor (const { name, once, run } of all) {\n  if (once) bus.once(name, run); else bus.on(name, run);\n}\n"),
    "a table of files": ("module.exports = { first: require('./one'), second: require('./two') };", "Object.values(require('./events')).forEach(({ name, once, run }) => bus[once ? 'once' : 'on'](name, run));\n"),
    "files by their names": ("export { default as first } from './one.js';\nexport { default as second } from './two.js';", "import * as all from './events/index.js';\nfor (const each of Object.values(all)) {\n  if (each.once) bus.once(each.name, each.run); else bus.on(each.name, each.run);\n}\n"),
}


@pytest.mark.parametrize(("index", "loop"), REQUIRED.values(), ids=list(REQUIRED))
def test_files_that_an_index_puts_together_are_rows_and_what_one_does_not_name_is_not_set(code_of, index: str, loop: str) -> None:
    code = code_of(
        {
            "a.js": BUS + loop,
            "events/index.js": index + "\n",
            "events/one.js": "export default { name: 'one', once: true, run() {} };\n",
            "events/two.js": "export default { name: 'two', run() {} };\n",
        }
    )
    found = [(event, use.idiom.once) for use in code.idioms.of("register") for event in code.idioms.events(use)]
    assert sorted(found) == [("one", True), ("two", False)]


def test_a_handler_in_a_table_has_the_role_of_its_registration(code_of) -> None:
    routes = "const routes = { '/a': (q, s) => one(q), '/b': (q, s) => two(q) };\nfor (const [path, handle] of Object.entries(routes)) app.post(path, handle);\nfunction one(q) {}\nfunction two(q) {}\n"
    code = code_of({"package.json": '{"dependencies": {"express": "4"}}', "a.js": "import express from 'express';\nconst app = express();\n" + routes})
    assert {code.lifetimes.role(call_in) for call in code.project.calls("one", "two") if (call_in := _around(call))} == {"request"}


def test_a_loop_whose_table_is_not_known_is_one_use(code_of) -> None:
    code = code_of({"a.js": BUS + "export function all(table) { for (const [name, f] of Object.entries(table)) bus.on(name, f); }\n"})
    assert [event for use in code.idioms.of("register") for event in code.idioms.events(use)] == [""]


def test_python_runs_over_items(code_of) -> None:
    text = "from pyee import EventEmitter\nbus = EventEmitter()\ndef f(): ...\ndef g(): ...\ntable = {'a': f, 'b': g}\nfor name, handler in table.items():\n    bus.on(name, handler)\n"
    code = code_of({"a.py": text})
    assert [event for use in code.idioms.of("register") for event in code.idioms.events(use)] == ["a", "b"]


def _around(call):
    from callcheck.sources.code.scopes import function_of

    return function_of(call)


def test_what_is_made_of_itself_is_read_once(code_of) -> None:
    told = {
        "loops.py": "from celery import Celery\napp = Celery()\noptions = dict(options, countdown=5)\ntable = {**table, 'a': 1}\nfor name, value in table.items():\n    app.send_task(name, **options)\n",
        "loops.js": "import { Queue } from 'bullmq';\nlet options = { attempts: 3 };\noptions = { ...options, delay: 5 };\nlet table = { a: f };\ntable = { ...table, b: g };\nconst q = new Queue('a', options);\nfor (const [name, job] of Object.entries(table)) q.add(name, job, { ...options });\n",
    }
    code = code_of(told)
    call = next(call for call in code.project.calls("send_task"))
    assert code.idioms.option(call, "countdown") is not None
    assert code.idioms.option(call, "expires") is None
    assert [use.call.line for use in code.idioms.uses if use.module.path == "loops.js"]


def test_a_comprehension_that_runs_over_its_own_result_has_an_end(code_of) -> None:
    code = code_of(
        {
            "store.py": "class Store:\n    def export(self, **kwargs):\n        for gesture in self.filter(**kwargs):\n            m = {'name': gesture.name}\n"
            "            m['strokes'] = tuple([(p.x, p.y) for p in line] for line in gesture.strokes)\n\n"
            "    def filter(self, **kwargs):\n        return [each for each in self.all for line in each]\n"
        }
    )
    module = code.project.module("store.py")
    assert module is not None
    assert [code.idioms.rows.tables.part(loop.over, "a") for loop in module.all(Loop) if loop.over is not None]
    assert all(code.origins.of(loop.over) for loop in module.all(Loop) if loop.over is not None)


def test_what_each_round_gives_to_the_next_is_followed_to_an_end(code_of) -> None:
    steps = "import redis\n\nSTEPS = [0, 3, 6]\nbus = redis.Redis()\n\ndef expire(queue):\n    with bus.pipeline() as pipe:\n        for step in STEPS:\n            pipe = pipe.publish(queue + str(step), 'x')\n        pipe.execute()\n"
    code = code_of({"a.py": steps})
    assert code.idioms.uses
