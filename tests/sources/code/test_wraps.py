"""A function that is wrapped is the handler, has the name of what the wrapper gives, and its parameters are what callers take apart."""

from __future__ import annotations

import pytest

from callcheck.sources.code.scopes import function_of

EXPRESS = "import express from 'express';\nconst app = express();\n"
WRAPPERS = {
    "of a package": "import wrap from 'express-async-handler';\napp.post('/a', wrap(async (input) => work(input)));\n",
    "of the project": "const wrap = (fn) => async (...args) => { try { return await fn(...args); } catch (e) { report(e); } };\napp.post('/a', wrap(async (input) => work(input)));\n",
    "named before": "import wrap from 'express-async-handler';\nconst take = async (input) => work(input);\napp.post('/a', wrap(take));\n",
}


@pytest.mark.parametrize("text", WRAPPERS.values(), ids=list(WRAPPERS))
def test_what_is_wrapped_runs_for_requests(code_of, text: str) -> None:
    code = code_of({"package.json": '{"dependencies": {"express": "4"}}', "a.js": EXPRESS + text})
    assert {code.lifetimes.role(function_of(call)) for call in code.project.calls("work")} == {"request"}


def test_a_platform_calls_what_is_wrapped(code_of) -> None:
    files = {"serverless.yml": "functions:\n  a:\n    handler: src/a.handler\n", "src/a.js": "const parsed = (fn) => (event) => fn(JSON.parse(event.body));\nexport const handler = parsed(async (vote) => work(vote));\n"}
    code = code_of(files)
    assert {code.lifetimes.role(function_of(call)) for call in code.project.calls("work")} == {"request"}


def test_a_parameter_that_is_taken_apart_is_what_the_caller_put_there(code_of) -> None:
    text = "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nfunction listen({ bus: hub, log }) { hub.on('x', f); }\nlisten({ bus, log: console });\nconst parts = { bus };\nclass Sender { constructor({ bus }) { this.bus = bus; } send() { this.bus.emit('x'); } }\nnew Sender({ ...parts }).send();\n"
    code = code_of({"a.js": text})
    assert {code.lifetimes.identity(use.receiver) for use in code.idioms.of("register", "emit")} == {"a.js:2"}


def test_an_object_is_the_same_inside_and_outside_of_its_factory(code_of) -> None:
    text = "import { EventEmitter } from 'node:events';\nclass Meter extends EventEmitter {\n  static async open() {\n    const meter = new Meter();\n    await meter.load();\n    return meter;\n  }\n  async load() { this.emit('loaded'); }\n}\nconst meter = await Meter.open();\nmeter.on('loaded', f);\n"
    code = code_of({"a.js": text})
    assert {code.lifetimes.identity(use.receiver) for use in code.idioms.of("register", "emit")} == {"a.js:10"}


def test_a_listener_whose_removal_is_given_back_stays_unless_that_is_kept(code_of) -> None:
    text = "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nexport function listen(fn) { bus.on('x', fn); return () => bus.off('x', fn); }\nlisten(f);\n"
    code = code_of({"a.js": text})
    assert [use.idiom.does for use in code.idioms.of("register", "remove")] == ["register"]
    assert "gives-release" in next(code.idioms.of("register")).idiom.traits
