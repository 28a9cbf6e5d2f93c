"""Is the app's own line found in a traceback, and only where the source still has it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.logs.frames import Frame, ends_program, in_source, own_frame

THREAD = """\
Exception in thread Thread-4 (_run_event):
Traceback (most recent call last):
  File "/usr/lib/python3.12/threading.py", line 1045, in _bootstrap_inner
    self.run()
  File "/app/.venv/lib/python3.12/site-packages/socketio/server.py", line 638, in _trigger_event
    return handler(*args)
           ^^^^^^^^^^^^^^
  File "/app/rooms/live.py", line 4, in on_move
    save(seat)
  File "/app/rooms/store.py", line 2, in save
    session.add(seat)
    ^^^^^^^^^^^
  File "/app/.venv/lib/python3.12/site-packages/sqlalchemy/orm/scoping.py", line 198, in _proxied
    return self.registry()
RuntimeError: no context
"""
STACK = """\
TypeError: Cannot read properties of undefined (reading 'id')
    at async Seats.hold (file:///srv/app/src/seats.mjs:3:20)
    at /srv/app/src/index.mjs:9:3
    at Server.emit (node:events:518:28)
    at Socket.dispatch (/srv/app/node_modules/socket.io/dist/socket.js:616:14)
"""


def test_python_the_innermost_own_call_and_the_handler_that_a_library_called() -> None:
    assert own_frame(THREAD) == Frame("/app/rooms/store.py", 2, "save", "session.add(seat)", "on_move")


def test_javascript_likewise_though_its_stacks_run_the_other_way() -> None:
    assert own_frame(STACK) == Frame("/srv/app/src/seats.mjs", 3, "Seats.hold", "", "")


def test_what_the_app_calls_itself_is_no_handler() -> None:
    found = own_frame('Traceback:\n  File "/app/main.py", line 3, in main\n    work()\n  File "/app/work.py", line 9, in work\n    1 / 0\nZeroDivisionError: division by zero\n')
    assert found == Frame("/app/work.py", 9, "work", "1 / 0", "")


@pytest.mark.parametrize("text", ["", "all is well at noon", 'File "/usr/lib/python3.12/site-packages/a.py", line 3, in b\n    c()', "Error\n    at node:events:3:1"])
def test_without_own_code_there_is_none(text: str) -> None:
    assert own_frame(text) is None


@pytest.fixture
def eyes(tmp_path: Path) -> Eyes:
    for name, text in {
        "rooms/store.py": "def save(seat):\n    session.add(seat)\n",
        "old/store.py": "def save(seat):\n    pass\n",
        "src/seats.mjs": "\n\n  return seat.id;\n",
        "web/index.mjs": "a();\n",
        "api/index.mjs": "b();\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return Eyes(Target(tmp_path, folders=(tmp_path,)), Knowledge())


@pytest.mark.parametrize(
    ("path", "line", "code", "place"),
    [
        ("/app/rooms/store.py", 2, "session.add(seat)", "rooms/store.py:2"),
        ("C:\\app\\rooms\\store.py", 2, "session.add(seat)", "rooms/store.py:2"),
        ("/app/rooms/store.py", 2, "session.merge(seat)", ""),
        ("/app/rooms/store.py", 1_000, "", ""),
        ("/srv/app/src/seats.mjs", 3, "", "src/seats.mjs:3"),
        ("/srv/app/src/seats.mjs", 2, "", ""),
        ("/srv/index.mjs", 1, "", ""),
        ("/srv/nowhere.py", 1, "", ""),
    ],
)
def test_a_line_is_named_only_where_it_is_surely_the_same(eyes: Eyes, path: str, line: int, code: str, place: str) -> None:
    found = in_source(Frame(path, line, "f", code), eyes)
    assert str(found or "") == place


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ('Traceback (most recent call last):\n  File "<frozen runpy>", line 198, in _run_module_as_main\n  File "/srv/a.py", line 3, in go\nValueError: x', True),
        ('Traceback (most recent call last):\n  File "/srv/a.py", line 9, in go\n    step()\nValueError: x', False),
        ('KeyError: 1\n\nTraceback (most recent call last):\n  File "/srv/a.py", line 9, in go\nKeyError: 1\n\nDuring handling:\n\nTraceback (most recent call last):\n  File "/srv/a.py", line 3, in <module>\nValueError', True),
        ('  + Exception Group Traceback (most recent call last):\n  |   File "/srv/a.py", line 3, in <module>\n  | ExceptionGroup: x\n  +-+---- 1 ----\n    | Traceback (most recent call last):\n    |   File "/srv/a.py", line 9, in tag\n    | ValueError', True),
        ("/srv/a.js:3\n  throw new Error('x')\n  ^\n\nError: x\n    at Object.<anonymous> (/srv/a.js:3:9)", True),
        ("Error: x\n    at Object.<anonymous> (/srv/a.js:3:9)", False),
        ("error: Uncaught (in promise) Error: x\n    at file:///srv/a.ts:3:9", True),
    ],
)
def test_an_error_that_nobody_caught_is_known_by_where_its_calls_begin(text: str, ends: bool) -> None:
    assert ends_program(text) is ends
