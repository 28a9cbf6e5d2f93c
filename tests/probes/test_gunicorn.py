"""Does gunicorn.conf.py say its workers?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.gunicorn import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_a_number_and_preloading_are_read(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"gunicorn.conf.py": "bind = ':80'\nworkers = 3\npreload_app = True\n"}))
    assert found == ["instances.factor 3 @gunicorn.conf.py:2", "server.trait preloaded @gunicorn.conf.py:3"]


def test_a_variable_with_a_default_gives_the_default(tmp_path: Path) -> None:
    assert told(
        look(tmp_path, {"gunicorn.conf.py": "import os\nworkers = int(os.environ.get('WEB_CONCURRENCY', 5))\n"})
    ) == ["instances.factor 5 @gunicorn.conf.py:2"]


def test_a_variable_without_one_is_a_possibility(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"gunicorn.conf.py": "import os\nworkers = int(os.environ['WEB_CONCURRENCY'])\n"})) == [
        "instances.possible @gunicorn.conf.py:2"
    ]


def test_a_file_without_workers_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"gunicorn.conf.py": "bind = ':80'\n"}) == []


def test_a_number_out_of_all_reason_is_no_number(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"gunicorn.conf.py": "workers = 1e999\n"})) == ["instances.possible @gunicorn.conf.py:1"]
