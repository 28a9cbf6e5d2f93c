"""What was worked out before, and is still true: compiled rules and frameworks, kept under the user's cache folder."""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from callcheck import __version__

MadeT = TypeVar("MadeT")


def folder() -> Path | None:
    """Our cache folder (XDG), or None where there is no home."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return Path(base) / "callcheck"


def kept(name: str, folders: Iterable[Path], make: Callable[[], MadeT]) -> MadeT:
    """What `make` gives for these folders' YAML files; made again when one of them changes. Any trouble with the cache means making it."""
    place = folder()
    if place is None or os.environ.get("CALLCHECK_NO_CACHE"):
        return make()
    file = place / f"{name}-{_key(folders)}.pickle"
    try:
        # Only what this user wrote is trusted: a pickle can run code.
        if file.stat().st_uid == os.getuid():
            with open(file, "rb") as stream:
                return pickle.load(stream)  # type: ignore[no-any-return]  # noqa: S301
    except Exception:  # noqa: BLE001  (absent, cut short, from another version: it is made anew)
        pass
    made = make()
    _write(file, made)
    return made


def _key(folders: Iterable[Path]) -> str:
    seen = hashlib.sha256(f"{__version__} {sys.version_info[:2]}".encode())
    for place in folders:
        for path in sorted(place.rglob("*.y*ml")):
            status = path.stat()
            seen.update(f"{path} {status.st_mtime_ns} {status.st_size}\n".encode(errors="surrogateescape"))
    package = Path(__file__).parent.parent
    for path in sorted((*package.glob("model/**/*.py"), *package.glob("knowledge/*.py"), *package.glob("engine/load.py"))):
        seen.update(f"{path} {path.stat().st_mtime_ns}\n".encode(errors="surrogateescape"))
    return seen.hexdigest()[:32]


def _write(file: Path, made: object) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in file.parent.glob(f"{file.name.split('-')[0]}-*.pickle"):
            old.unlink(missing_ok=True)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_bytes(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
        part.replace(file)
    except Exception:  # noqa: BLE001  (a full disk or a read-only home costs time, not the diagnosis)
        return
