"""Are a folder's own apps told from the tools that are open in it?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from callcheck.sources.live.near import is_app, pids_in, somebody


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a script, a module and a package of somebody else's."""
    for name in ("server.js", "app.py", "shop/__main__.py", "node_modules/vite/bin/vite.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "program", "own"),
    [
        ("node server.js", "node", True),
        ("node --inspect -r dotenv/config ./server.js", "node", True),
        ("python app.py", "python3.11", True),
        ("python -m shop", "python3.11", True),
        ("python -m pytest", "python3.11", False),
        ("python -c pass", "python3.11", False),
        ("/venv/bin/python /venv/bin/gunicorn -w 2 app:app", "python3.11", True),
        ("node node_modules/vite/bin/vite.js", "node", False),
        ("node /usr/lib/code/tsserver.js server.js", "node", False),
        ("vim server.js", "vim", False),
        ("bash", "bash", False),
        ("python -m callcheck diagnose", "python3.11", False),
    ],
)
def test_an_app_is_a_known_server_or_a_script_of_the_folder(folder: Path, command: str, program: str, own: bool) -> None:
    assert is_app(command.split(), str(folder), str(folder), program) is own


def test_an_interpreter_with_a_title_of_its_own_is_an_app_and_a_package_manager_is_none(folder: Path) -> None:
    assert is_app(["shop worker"], str(folder), str(folder), "node")
    assert not is_app(["npm run dev"], str(folder), str(folder), "node")
    assert is_app(["[celeryd: celery@h:MainProcess] -active- (-A shop worker)"], str(folder), str(folder), "python3.11")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_who_runs_in_the_folder_or_below_is_found_and_nobody_else(folder: Path) -> None:
    (folder / "app.py").write_text("import time\ntime.sleep(30)\n")
    assert not somebody(folder)
    child = subprocess.Popen([sys.executable, "app.py"], cwd=folder)
    shell = subprocess.Popen(["sleep", "30"], cwd=folder)
    try:
        assert list(pids_in(folder)) == [child.pid]
        assert not somebody(folder / "shop")
        assert somebody(folder.parent)
        assert not somebody(Path("/"))
    finally:
        for process in (child, shell):
            process.kill()
            process.wait()
