"""What was worked out before, and is still true: compiled rules and frameworks, kept under the user's cache folder."""

from __future__ import annotations

import contextlib
import functools
import marshal
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from callcheck import __version__
from callcheck.model.digest import digest

try:
    from _pickle import dumps, load  # what `pickle` offers too, without its second half in Python
except ImportError:
    from pickle import dumps, load

__all__ = ["Keeper", "dumps", "folder", "keep_nothing", "kept", "load", "trusted", "write", "write_bytes"]
MadeT = TypeVar("MadeT")
_PACKAGE = Path(__file__).parent.parent
_OURS = frozenset(map(str, (_PACKAGE / "_rules", _PACKAGE.parent / "rules")))
"""Where our own rules lie, in a wheel or a checkout."""
_off = False
TAKEN: dict[str, bool] = {}
"""What this process asked the cache for, by name -> whether it was there."""
_MOST_HELD = 12
_held: dict[Path, tuple[tuple[int, ...], bytes, Any]] = {}
"""What this process has read or made, by its file, as that was then, and by its stamp: who diagnoses again and again opens each framework once.
What was asked for last stands last."""


def folder() -> Path | None:
    """Our cache folder (XDG), or None where there is no home."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return Path(base) / "callcheck"


def keep_nothing() -> None:
    """From now on everything is made anew, and nothing written."""
    global _off
    _off = True


class Keeper:
    """What is kept of the YAML and Python files of some folders; it looks at them once."""

    def __init__(self, folders: Iterable[Path], also: object = None) -> None:
        """`also` is any plain value with which what is kept changes too."""
        self._places = [*map(str, folders)]
        self._also = also

    @functools.cached_property
    def stamp(self) -> bytes:
        """Changes with these files, and with our own code."""
        places = [place for place in self._places if place not in _OURS]
        return _own_stamp() + marshal.dumps([__version__, len(self._places), *map(_files, places), self._also])

    def file(self, name: str, *about: str) -> Path | None:
        """Where something is kept that is `about` more than these folders; None if nothing is to be kept."""
        place = folder()
        if place is None or _off or os.environ.get("CALLCHECK_NO_CACHE", "").lower() not in ("", "0", "false", "no", "off"):
            return None
        which = digest("\n".join((sys.version, str(_PACKAGE), *self._places, *about)))
        return place / f"{name}-{which[:16]}.pickle"

    def kept(self, name: str, make: Callable[[], MadeT], *about: str) -> MadeT:
        """What `make` gives for the files, and is `about` more than these; made again when one of them, or of our own code, changes.

        Any trouble with the cache means making it.
        """
        file = self.file(name, *about)
        if file is None:
            return make()
        TAKEN[name] = False
        sign, stamp, held = _held.get(file, ((), b"", None))
        if sign and sign == _sign(file) and stamp == self.stamp:
            TAKEN[name] = True
            _held[file] = _held.pop(file)
            return cast("MadeT", held)
        try:
            found: MadeT = self.read(file)
            TAKEN[name] = True
        except Exception:  # noqa: BLE001  (absent, cut short, from another version: it is made anew)
            found = make()
            self.write(file, found)
        self._hold(file, found)
        return found

    def _hold(self, file: Path, made: object) -> None:
        _held.pop(file, None)
        if len(_held) >= _MOST_HELD:
            del _held[next(iter(_held))]
        _held[file] = _sign(file), self.stamp, made

    def read(self, file: Path) -> Any:
        """What is kept in a file. Raises whatever comes of one that is absent, cut short, or not of these folders as they are now."""
        with trusted(file) as stream:
            if load(stream) != self.stamp:  # noqa: S301
                raise ValueError("of another day")
            return load(stream, buffers=_apart(stream))  # noqa: S301

    def write(self, file: Path, made: object) -> None:
        """Keep what was made, and before it what of it is packed already (`model/packed.py`): a reader maps that, and reads what it needs of it."""
        import pickle

        apart: list[pickle.PickleBuffer] = []
        try:
            packed = pickle.dumps(made, pickle.HIGHEST_PROTOCOL, buffer_callback=apart.append)
        except Exception:  # noqa: BLE001  (what cannot be packed is made again)
            return
        parts = [bytes(each.raw()) for each in apart]
        write(file, self.stamp, [*map(len, parts)], rest=b"".join((*parts, packed)))


def _sign(file: Path) -> tuple[int, ...]:
    """Changes with the file; () while there is none."""
    try:
        status = os.stat(file)
    except OSError:
        return ()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _apart(stream: BinaryIO) -> Iterator[memoryview]:
    """What lies apart, as the pickle after it asks for it; the stream is left where that begins."""
    lengths: list[int] = load(stream)  # noqa: S301
    begin = stream.tell()
    stream.seek(begin + sum(lengths))
    return _parts(stream, begin, lengths)


def _parts(stream: BinaryIO, begin: int, lengths: Iterable[int]) -> Iterator[memoryview]:
    held = mapped(stream)
    for length in lengths:
        yield held[begin : (begin := begin + length)]


def mapped(stream: BinaryIO) -> memoryview:
    """A whole file, of which only what is looked at is read."""
    import mmap

    return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def trusted(file: Path) -> BinaryIO:
    """A file that this user wrote, open for reading. Raises OSError for another one: a pickle can run code."""
    stream = open(file, "rb")  # noqa: SIM115  (handed on)
    if os.fstat(stream.fileno()).st_uid != os.getuid():
        stream.close()
        raise PermissionError(f"{file} is somebody else's")
    return stream


def kept(name: str, folders: Iterable[Path], make: Callable[[], MadeT], also: object = None) -> MadeT:
    """What a keeper of these folders, as they are now, has kept."""
    return Keeper(folders, also).kept(name, make)


def _files(place: str) -> list[tuple[str, int, int]]:
    """Every YAML and Python file below with its time and size."""
    found, folders = [], [place]
    for folder in folders:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith((".yaml", ".yml", ".py")):
                status = entry.stat()
                found.append((entry.path, status.st_mtime_ns, status.st_size))
            elif entry.name != "__pycache__" and entry.is_dir():
                folders.append(entry.path)
    return sorted(found)


@functools.cache
def _own_stamp() -> bytes:
    """Changes with our own code and rules; what a process has read of them stays as it was."""
    return marshal.dumps([*map(_files, (str(_PACKAGE), *sorted(_OURS)))])


def write(file: Path, *parts: object, rest: bytes = b"") -> None:
    """Keep these parts, one pickle each, and what is packed already; a reader sees all of it or what was there before."""
    import pickle

    try:
        packed = [pickle.dumps(each, pickle.HIGHEST_PROTOCOL) for each in parts]
    except Exception:  # noqa: BLE001  (what cannot be packed is made again)
        return
    write_bytes(file, *packed, rest)


def write_bytes(file: Path, *parts: bytes) -> None:
    """Keep what is packed already, in the same way."""
    from threading import get_ident

    part = file.with_suffix(f".{os.getpid()}-{get_ident()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "wb", opener=_private) as stream:
            stream.writelines(parts)
        part.replace(file)
    except Exception:  # noqa: BLE001  (a full disk or a read-only home costs time, not the diagnosis)
        with contextlib.suppress(OSError):
            part.unlink()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
