"""Does the code start a server with several workers?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.server_calls import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_uvicorn_run_with_workers_counts(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"main.py": "import uvicorn\nuvicorn.run('a:b', workers=4)\n"})) == [
        "instances.factor 4 @main.py:2"
    ]


def test_throng_counts(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"a.js": "const throng = require('throng');\nthrong({ workers: 3, start });\n"})) == [
        "instances.factor 3 @a.js:2"
    ]


def test_one_worker_an_unknown_number_and_tests_say_nothing(tmp_path: Path) -> None:
    files = {
        "a.py": "import uvicorn\nuvicorn.run('a:b', workers=1)\n",
        "b.py": "import uvicorn\nuvicorn.run('a:b', workers=settings.n)\n",
        "tests/c.py": "import uvicorn\nuvicorn.run('a:b', workers=9)\n",
    }
    assert look(tmp_path, files) == []



def test_gunicorn_within_a_program_counts(tmp_path: Path) -> None:
    text = """from gunicorn.app.base import BaseApplication
class Own(BaseApplication):
    pass
Own(app, {'bind': '0.0.0.0:8000', 'workers': N}).run()
"""
    assert told(look(tmp_path, {"serve.py": text.replace("N", "4")})) == ["instances.factor 4 @serve.py:4"]
    assert look(tmp_path, {"serve.py": text.replace("N", "1")}) == []
    assert look(tmp_path, {"serve.py": "form = {'workers': 4}\n"}) == []
