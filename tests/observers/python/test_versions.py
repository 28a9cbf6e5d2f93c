"""Is the Python agent the same under every interpreter that is here, and the app as without it?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.observers.python.observed import environ, facts_in, needs

VERSIONS = [f"3.{minor}" for minor in range(9, 15)]

_APP = """
import asyncio, multiprocessing, sys, threading
from concurrent.futures import ThreadPoolExecutor
from blinker import signal
from pyee.asyncio import AsyncIOEventEmitter
from pyee.base import EventEmitter
bus = EventEmitter()
def heard(value): print('heard', value)
def first(value): print('first', value)
bus.on('done', heard); bus.once('done', first)
bus.emit('done', 1); bus.emit('done', 2); bus.emit('nobody')
bus.remove_listener('done', heard)
def weak(sender): print('weak')
done = signal('done'); done.connect(weak); done.send(); del weak; done.send()
async def main():
    bus = AsyncIOEventEmitter(asyncio.get_running_loop())
    bus.on('error', lambda error: print('error', error))
    async def fails(): raise KeyError('id')
    bus.on('done', fails); bus.emit('done')
    await asyncio.sleep(0.05)
asyncio.run(main())
with ThreadPoolExecutor(1) as pool: print(type(pool.submit(int, 'x').exception()).__name__)
def child(): bus.emit('forked')
started = multiprocessing.get_context('fork').Process(target=child); started.start(); started.join()
failing = threading.Thread(target=lambda: 1 / 0); failing.start(); failing.join()
sys.exit(3)
"""


def interpreter(version: str) -> str:
    """An interpreter of this version, of the path or of pyenv; skips the test where there is none."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    managed = sorted(Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv").glob(f"versions/{version}.*/bin/python"))
    for found in (shutil.which(f"python{version}"), *map(str, managed)):
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    pytest.skip(f"Python {version} is not here")


@needs("pyee", "blinker")
@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_is_told_and_the_app_ends_alike(tmp_path: Path, version: str) -> None:
    python = interpreter(version)
    recording, libraries = tmp_path / "recording", tmp_path / "site-packages"
    recording.mkdir()
    libraries.mkdir()
    for name in ("blinker", "pyee", "typing_extensions"):  # written in Python alone
        (found,) = {Path(path) / entry for path in sys.path for entry in (name, f"{name}.py") if (Path(path) / entry).exists()}
        (libraries / found.name).symlink_to(found)
    (tmp_path / "app.py").write_text(_APP)
    ways = [environ(None, PYTHONPATH=str(libraries)), environ(recording)]
    ways[1]["PYTHONPATH"] += os.pathsep + str(libraries)
    bare, seen = (subprocess.run([python, "app.py"], cwd=tmp_path, env=way, capture_output=True, text=True, check=False, timeout=60) for way in ways)
    assert (seen.returncode, seen.stdout) == (bare.returncode, bare.stdout)
    assert (seen.returncode, seen.stdout.splitlines()) == (3, ["heard 1", "first 1", "heard 2", "weak", "error 'id'", "ValueError"]), seen.stderr
    told: dict[str, list[object]] = {}
    for fact in facts_in(recording):
        told.setdefault(str(fact["fact"]), []).append(fact.get("messaging.destination.name") or fact.get("error.type"))
    assert len(told["process.started"]) == 2
    assert sorted(map(str, told["event.emitted"])) == ["done", "done", "done", "done", "done", "error", "forked", "nobody"]
    assert told["listener.collected"] == ["done"]
    assert (told["handler.rejected"], told["future.failed"], told["thread.uncaught"]) == (["KeyError"], ["ValueError"], ["ZeroDivisionError"])
