"""A function that a thread runs is told by what starts the thread, and an object of another thread by where it was made."""

from __future__ import annotations

import pytest

from callcheck.sources.code.threads import of_another_thread, threaded
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
    ],
    ids=["the target", "what it calls", "what it makes", "what the program makes", "called by the program"],
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
