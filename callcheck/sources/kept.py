"""What was worked out before, and is still true: compiled rules and frameworks, kept under the user's cache folder."""

from __future__ import annotations

import functools
import marshal
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from callcheck import __version__
from callcheck.model.digest import digest

try:
    from _pickle import load  # what `pickle` offers too, without its second half in Python
except ImportError:
    from pickle import load

MadeT = TypeVar("MadeT")
_PACKAGE = Path(__file__).parent.parent


def folder() -> Path | None:
    """Our cache folder (XDG), or None where there is no home."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return Path(base) / "callcheck"


class Keeper:
    """What is kept of the YAML and Python files of some folders; it looks at them once."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._places = [*map(str, folders)]

    @functools.cached_property
    def _stamp(self) -> bytes:
        return marshal.dumps([__version__, _own_files(), *map(_files, self._places)])

    def kept(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """What `make` gives for the files; made again when one of them, or of our own code, changes.

        Any trouble with the cache means making it.
        """
        place = folder()
        if place is None or os.environ.get("CALLCHECK_NO_CACHE"):
            return make()
        which = digest("\n".join((sys.version, str(_PACKAGE), *self._places)))
        file = place / f"{name}-{which[:16]}.pickle"
        try:
            # Only what this user wrote is trusted: a pickle can run code.
            if file.stat().st_uid == os.getuid():
                with open(file, "rb") as stream:
                    if load(stream) == self._stamp:  # noqa: S301
                        return load(stream)  # type: ignore[no-any-return]  # noqa: S301
        except Exception:  # noqa: BLE001  (absent, cut short, from another version: it is made anew)
            pass
        made = make()
        _write(file, self._stamp, made)
        return made


def kept(name: str, folders: Iterable[Path], make: Callable[[], MadeT]) -> MadeT:
    """What a keeper of these folders, as they are now, has kept."""
    return Keeper(folders).kept(name, make)


def _files(place: str) -> list[tuple[str, int, int]]:
    """Every file below with its time and size."""
    return sorted(_below(place))


@functools.cache
def _own_files() -> list[tuple[str, int, int]]:
    return _files(str(_PACKAGE))


def _below(place: str) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(place))
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith((".yaml", ".yml", ".py")):
            status = entry.stat()
            yield entry.path, status.st_mtime_ns, status.st_size
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _below(entry.path)


def _write(file: Path, stamp: bytes, made: object) -> None:
    import pickle

    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}")
        with open(part, "wb") as stream:
            pickle.dump(stamp, stream, pickle.HIGHEST_PROTOCOL)
            pickle.dump(made, stream, pickle.HIGHEST_PROTOCOL)
        part.replace(file)
    except Exception:  # noqa: BLE001  (a full disk or a read-only home costs time, not the diagnosis)
        return
