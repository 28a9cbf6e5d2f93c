"""A function that a thread runs is told by what starts the thread, an object of another thread by where it was made, and one that has no event loop by who calls it."""

from __future__ import annotations

import pytest

from callcheck.sources.code.threads import of_another_thread, threaded, without_loop
from callcheck.sources.code.tree import Function

BEGUN = "threading.Thread(target=work).start()\n"
OPEN = "db = sqlite3.connect('a')\n"
WRITE = "db.execute('insert into t values (1)')\n"
HEAD = "import sqlite3\nimport threading\n"


@pytest.mark.parametrize(
    ("text", "threads"),
    [
        ("def work(): ...\n" + BEGUN, {"work"}),
        ("def write(): ...\ndef work(): write()\n" + BEGUN, {"work", "write"}),
        ("class Book:\n    def __init__(self): ...\ndef work(): Book()\n" + BEGUN, {"__init__", "work"}),
        ("class Book:\n    def __init__(self): ...\ndef work(): ...\nBook()\n" + BEGUN, {"work"}),
        ("def work(): ...\nwork()\n", set()),
        ("import schedule\ndef tick(): ...\ndef work(): schedule.run_pending()\nschedule.every(5).minutes.do(tick)\n" + BEGUN, {"work", "tick"}),
        ("import schedule\ndef tick(): ...\nschedule.every(5).minutes.do(tick)\nschedule.run_pending()\n", set()),
    ],
    ids=["the target", "what it calls", "what it makes", "what the program makes", "called by the program", "a job that it turns", "a job that the program turns"],
)
def test_what_a_thread_runs(code_of, text: str, threads: set[str]) -> None:
    code = code_of({"a.py": HEAD + text})
    assert {function.name for function in code.project.all(Function) if threaded(code, function)} == threads


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        (OPEN + "def work():\n    " + WRITE + BEGUN, True),
        ("def work():\n    " + OPEN + "    " + WRITE + BEGUN, False),
        ("def make():\n    return sqlite3.connect('a')\ndef work():\n    db = make()\n    " + WRITE + BEGUN, False),
        ("def make():\n    return sqlite3.connect('a')\ndb = make()\ndef work():\n    " + WRITE + BEGUN, True),
        (OPEN + "def work(): ...\n" + WRITE + BEGUN, False),
        ("def work(db: sqlite3.Connection):\n    " + WRITE + BEGUN, False),
    ],
    ids=["made before", "made in it", "made by a function that it calls", "made by a function of the program", "used by the program", "nobody knows where"],
)
def test_an_object_of_another_thread(code_of, text: str, apart: bool) -> None:
    code = code_of({"a.py": HEAD + text})
    uses = [use for use in code.idioms.of("trap") if use.framework.name == "sqlite3" and "connection" in use.idiom.on]
    assert uses
    assert any(of_another_thread(code, use) for use in uses) is apart


FLASK = "from flask import Flask\napp = Flask('a')\n"
FAST = "from fastapi import FastAPI\napp = FastAPI()\n"
LATER = "def later(): ...\n"


@pytest.mark.parametrize(
    ("text", "loopless"),
    [
        (FLASK + LATER + "@app.post('/a')\ndef view(): later()\n", {"later", "view"}),
        (FAST + LATER + "@app.post('/a')\nasync def view(): later()\n", set()),
        (FAST + LATER + "@app.post('/a')\nasync def view(): later()\n@app.post('/b')\ndef other(): later()\n", {"later", "other"}),
        (FAST + "class Book:\n    def __init__(self): ...\n@app.post('/a')\ndef view(): Book()\n", {"__init__", "view"}),
        (FAST + "@app.post('/a')\nasync def view():\n    def done(task): ...\n    done(1)\n", set()),
        ("import tornado.web\nclass View(tornado.web.RequestHandler):\n    def post(self): ...\n", set()),
        ("from sanic import Sanic\napp = Sanic('a')\n" + LATER + "@app.post('/a')\ndef view(request): later()\n", set()),
    ],
    ids=["through a helper", "from an async view", "from one of each", "through a constructor", "inside of an async view", "on tornado's loop", "on sanic's loop"],
)
def test_what_runs_without_a_loop(code_of, text: str, loopless: set[str]) -> None:
    code = code_of({"a.py": text})
    assert {function.name for function in code.project.all(Function) if without_loop(code, function)} == loopless


@pytest.mark.parametrize(
    ("work", "within"),
    [("write()", True), ("with app.app_context(): write()", False)],
    ids=["nothing on the way", "on the way"],
)
def test_a_thread_whose_way_lacks_a_pattern(code_of, work: str, within: bool) -> None:
    code = code_of({"a.py": HEAD + f"def write(): ...\ndef work():\n    {work}\n" + BEGUN})
    write = next(function for function in code.project.all(Function) if function.name == "write")
    assert threaded(code, write, r"_context\(") is within
