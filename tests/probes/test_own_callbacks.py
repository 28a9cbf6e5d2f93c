"""What a function of the project calls its parameter with is laid beside what the function takes that it is handed."""

from __future__ import annotations

import pytest

from callcheck.probes.own_callbacks import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
LOAD = "export function load(done) { get().then((rows) => done(rows)); }\n"
BRIDGE = "const { contextBridge, ipcRenderer } = require('electron');\ncontextBridge.exposeInMainWorld('desk', { on: (name, fn) => ipcRenderer.on(name, (_e, page) => fn(page)) });\n"


@pytest.mark.parametrize(
    ("handler", "misfit"),
    [
        ("(error, rows) => draw(rows.length)", True),
        ("function (error, rows) { draw(rows); }", True),
        ("(error, [first]) => draw(first)", False),
        ("(error, { length }) => draw(length)", True),
        ("(rows) => draw(rows.length)", False),
        ("(rows, done) => { draw(rows); done(); }", True),
        ("(rows, done) => { draw(rows); done && done(); }", False),
        ("(rows, done) => { draw(rows); done?.(); }", False),
        ("(rows, more) => { if (more) draw(more.length); }", False),
        ("(rows, more) => draw(rows, more)", False),
        ("(rows, more = []) => draw(more.length)", False),
        ("(rows, ...more) => draw(more.length)", False),
    ],
)
def test_an_argument_that_never_comes_is_missed_where_it_is_read(tmp_path, handler: str, misfit: bool) -> None:
    assert bool(look(tmp_path, {"load.js": LOAD, "a.js": f"import {{ load }} from './load.js';\nload({handler});\n"})) is misfit


@pytest.mark.parametrize(
    ("taker", "misfit"),
    [
        ("function load(done) { done(1); }", True),
        ("function load(done) { if (done) done(1); }", True),
        ("function load(done) { done(1); done(1, 2); }", False),
        ("function load(done) { done(...all); }", False),
        ("function load(done) { done(1); pass(done); }", False),
        ("function load(done) { done(1); pass(...arguments); }", False),
        ("function load() { }", False),
    ],
)
def test_only_a_function_that_does_nothing_but_call_it_is_known_to(tmp_path, taker: str, misfit: bool) -> None:
    assert bool(look(tmp_path, {"a.js": f"{taker}\nload((error, rows) => draw(rows.length));\n"})) is misfit


@pytest.mark.parametrize(
    ("call", "misfit"),
    [
        ("window.desk.on('page', (_e, page) => draw(page.number))", True),
        ("const desk = window.desk;\ndesk.on('page', (_e, page) => draw(page.number))", True),
        ("function show(_e, page) { draw(page.number); }\ndesk.on('page', show)", True),
        ("window.desk.on('page', (page) => draw(page.number))", False),
        ("window.shelf.on('page', (_e, page) => draw(page.number))", False),
    ],
)
def test_a_page_reaches_what_the_preload_script_exposes(tmp_path, call: str, misfit: bool) -> None:
    assert bool(look(tmp_path, {"preload.js": BRIDGE, "page.js": f"{call};\n"})) is misfit


def test_a_name_that_two_scripts_lay_something_under_is_not_followed(tmp_path) -> None:
    assert not look(tmp_path, {"preload.js": BRIDGE, "other.js": BRIDGE, "page.js": "window.desk.on('page', (_e, page) => draw(page.number));\n"})
