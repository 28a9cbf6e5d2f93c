"""Genuine npm packages, unpacked without what they depend on."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest

_PACK_S = 120


@functools.cache
def _packed(package: str) -> Path | str:
    if shutil.which("npm") is None:
        return "npm is not installed"
    folder = Path(tempfile.mkdtemp(prefix="callcheck-packed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = ["npm", "pack", "--silent", "--prefer-offline", "--pack-destination", str(folder), package]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PACK_S, check=False)
    except subprocess.TimeoutExpired:
        return f"npm pack {package} did not end in {_PACK_S} s"
    archive = next(folder.glob("*.tgz"), None)
    return archive or f"npm pack {package} failed: {done.stderr.strip()[-200:]}"


def unpack(package: str, folder: Path) -> Path:
    """Lays `name@version` into `folder/node_modules/name`; skips the test with the reason if npm cannot bring it."""
    archive = _packed(package)
    if isinstance(archive, str):
        pytest.skip(archive)
    name = package[: package.rindex("@")]
    place = folder / "node_modules" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as packed:
        inner = packed.getnames()[0].split("/")[0]
        packed.extractall(folder / ".unpacked", filter="data") if hasattr(tarfile, "data_filter") else packed.extractall(folder / ".unpacked")
    (folder / ".unpacked" / inner).rename(place)
    return place
