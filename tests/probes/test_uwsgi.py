"""Does uwsgi.ini say its processes and threads?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.uwsgi import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_processes_and_threads_that_are_off_are_said(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"uwsgi.ini": "[uwsgi]\nmodule = a:b\nprocesses = 4\nlazy-apps = true\n"}))
    assert found == ["instances.factor 4 @uwsgi.ini:3", "server.trait threads-disabled @uwsgi.ini:2"]


def test_enabled_threads_leave_nothing_to_say(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"uwsgi.ini": "[uwsgi]\nenable-threads = true\n"})) == [
        "instances.factor 1 @uwsgi.ini:1"
    ]


def test_a_newer_version_only_leaves_it_unstated(tmp_path: Path) -> None:
    files = {"uwsgi.ini": "[uwsgi]\nmodule = a\n", "requirements.txt": "uWSGI==2.0.28\n"}
    assert told(look(tmp_path, files))[1] == "server.trait threads-unstated @uwsgi.ini:2"
