"""Does a run say what runs, and where the files differ?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools import apps

ROOT = Path(__file__).parents[2]
APP = "def app(environ, start):\n    start('200 OK', [])\n    return [b'ok']\n"
gunicorn = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn runs on POSIX alone")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, int, int]]:
    """A folder whose Procfile says one worker, with an app of two running in it: the folder, the master's pid and the port."""
    pytest.importorskip("gunicorn")
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "Procfile").write_text("web: gunicorn -w 1 app:app\n")
    port = apps.free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "app:app"]
    with apps.running(command, tmp_path, dict(os.environ), tmp_path.parent / "gunicorn.log") as process:
        apps.wait_until(lambda: apps.ask(port, "GET", "/")[0] == 200, "gunicorn")
        apps.wait_until(lambda: (tmp_path.parent / "gunicorn.log").read_text().count("Booting worker") == 2, "both workers")
        yield tmp_path, process.pid, port


def report(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return json.loads(done.stdout)


@gunicorn
def test_what_runs_is_laid_beside_what_the_files_say(callcheck, served: tuple[Path, int, int]) -> None:
    folder, pid, port = served
    for target in (f"port:{port}", f"pid:{pid}", "cwd:."):
        running = report(callcheck("diagnose", ".", target, "--format", "json", cwd=folder))["running"]
        (run,) = (item for item in running if item["kind"] == "processes.run")
        assert (run["attributes"]["callcheck.instance.count"], run["attributes"]["server.port"]) == (2, str(port))
        (differ,) = (item for item in running if item["kind"] == "counts.differ")
        assert (differ["file"], differ["line"], differ["message"]) == ("Procfile", 1, "1 process of web here; 2 are running")
    text = callcheck("diagnose", ".", f"port:{port}", cwd=folder).stdout
    assert "the number that runs is taken" in " ".join(text.split())


@gunicorn
def test_without_a_target_what_runs_in_the_folder_is_said_and_with_one_only_the_files_are_read(callcheck, served: tuple[Path, int, int]) -> None:
    folder, _, _ = served
    (run, *_) = report(callcheck("diagnose", "--format", "json", cwd=folder))["running"]
    assert (run["attributes"]["callcheck.instance.count"], run["attributes"]["callcheck.process.asked"]) == (2, False)
    assert report(callcheck("diagnose", ".", "--format", "json", cwd=folder))["running"] == []


def test_where_nothing_runs_a_run_without_a_target_is_the_same_as_one_of_the_folder(callcheck, app: Path) -> None:
    bare = [callcheck("diagnose", "--format", "json", cwd=app).stdout for _ in range(2)]
    assert bare == [callcheck("diagnose", ".", "--format", "json", cwd=app).stdout] * 2


def test_logs_that_a_manager_hands_over_once_cannot_be_followed(callcheck, tmp_path: Path) -> None:
    done = callcheck("diagnose", "k8s:shop/web", "--follow", cwd=tmp_path)
    assert done.returncode == 2
    assert "kubectl logs -f" in done.stderr


PARKED = """\
import asyncio

from fastapi import FastAPI

app = FastAPI()
pending: dict[str, asyncio.Future] = {}


@app.post("/jobs/{job_id}")
async def start(job_id: str):
    pending[job_id] = asyncio.get_running_loop().create_future()
    return await pending[job_id]


@app.post("/callback/{job_id}")
async def callback(job_id: str, body: dict):
    pending.pop(job_id).set_result(body)
    return {"ok": True}
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the servers are run in process groups")
@pytest.mark.parametrize(("declared", "running", "found"), [(1, 2, True), (4, 1, False)])
def test_what_runs_decides_between_one_process_and_several(callcheck, tmp_path: Path, declared: int, running: int, found: bool) -> None:
    pytest.importorskip("fastapi")
    pytest.importorskip("uvicorn")
    (tmp_path / "app.py").write_text(PARKED)
    (tmp_path / "Procfile").write_text(f"web: uvicorn app:app --workers {declared}\n")
    port = apps.free_port()
    command = [sys.executable, "-m", "uvicorn", "app:app", "--workers", str(running), "--port", str(port)]
    with apps.running(command, tmp_path, dict(os.environ), tmp_path.parent / "uvicorn.log"):
        apps.wait_until(lambda: apps.ask(port, "GET", "/openapi.json")[0] == 200, "uvicorn")
        apps.wait_until(lambda: (tmp_path.parent / "uvicorn.log").read_text().count("Started server process") == running, "its workers")
        live = report(callcheck("diagnose", ".", f"port:{port}", "--format", "json", cwd=tmp_path))
        bare = report(callcheck("diagnose", "--format", "json", cwd=tmp_path))
    files = report(callcheck("diagnose", ".", "--format", "json", cwd=tmp_path))
    causes = [[diagnosis["cause"] for diagnosis in told["diagnoses"]] for told in (live, bare, files)]
    # Named, it decides; unnamed, it may be a developer's own, and adds to what the files say.
    assert causes == [["cross-process-delivery"] if each else [] for each in (found, True, declared > 1)]
