"""How do the tests come by Node packages? `npm ci` into tests/node, once for each lock file."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent / "node"
MODULES = HERE / "node_modules"
_MARK = MODULES / ".callcheck-lock"
_INSTALL_S = 300


def linked(folder: Path) -> Path:
    """The folder, in which the packages of tests/node can be required now; skips the test, saying why, where they cannot be had."""
    if why := missing():
        pytest.skip(why)
    (folder / "node_modules").symlink_to(MODULES)
    return folder


def missing() -> str:
    """Why nothing can be run under Node here, or "" once tests/node/node_modules is as its lock file says.

    Installs if needed; two test runs at once wait for one another on a lock file. Node 20 is the oldest that will do.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "node and npm are not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if not version.startswith("v") or int(version[1:].split(".")[0]) < 20:
        return f"node 20 is needed, here is {version or 'none that starts'}"
    with (HERE / ".install.lock").open("w") as lock:
        _hold(lock.fileno())
        return _install()


def _install() -> str:
    wanted = hashlib.sha256(
        (HERE / "package-lock.json").read_bytes() + (HERE / "package.json").read_bytes()
    ).hexdigest()
    if _MARK.is_file() and _MARK.read_text() == wanted:
        return ""
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=_INSTALL_S, check=False)
    except subprocess.TimeoutExpired:
        return f"npm ci did not end in {_INSTALL_S} s"
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        return f"npm ci failed: {said[-1][:200]}"
    _MARK.write_text(wanted)
    return ""


def _hold(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: two runs at once are not guarded there
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def program(name: str) -> str:
    """The path of an installed package's command, such as "tsx" or "pm2"."""
    return str(MODULES / ".bin" / name)


def lay_out(fixture: Path, folder: Path) -> Path:
    """Copies one side of a fixture into an empty place and lends it the installed packages; returns the copy."""
    app = folder / "app"
    shutil.copytree(fixture, app)
    (app / "node_modules").symlink_to(MODULES, target_is_directory=True)
    return app


def environment(**more: str) -> dict[str, str]:
    """What an app is started with: the path and the home of this process, none of its keys, and `more`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return kept | more
