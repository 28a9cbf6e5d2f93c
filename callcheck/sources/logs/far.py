"""Which logs does a word name that lies elsewhere (`s3://bucket/2026/11/*.gz`), and how are their bytes read?

fsspec reads them; how it gets in (keys, profiles, endpoints) is said where its libraries look for it, such as AWS_PROFILE or AWS_ENDPOINT_URL,
and never by us. A plain path is read as a file of the machine on which this runs: a worker's, perhaps.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from callcheck.model.errors import CallcheckError, NotFound, NotPermitted, SourceError, Unreachable, UsageError
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.sources.files import relative

EXTRA = "pip install 'callcheck[cluster]'"
_AHEAD = 8 << 20
"""Bytes that one request asks for."""
_MAGIC = frozenset("*?[")


class Size(Protocol):
    """What `os.stat` gives, as far as it is asked for."""

    @property
    def st_size(self) -> int: ...
    @property
    def st_mtime(self) -> float: ...


class LogFile(Protocol):
    """A log that can be opened: a `Path`, or one that lies elsewhere."""

    @property
    def suffix(self) -> str: ...
    def stat(self) -> Size: ...
    def open(self, mode: Any = ..., buffering: int = ...) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Size:
    st_size: int
    st_mtime: float


@dataclass(frozen=True, slots=True)
class Far:
    """A log by its URL, or by its path on a machine that may be another one."""

    url: str
    size: int
    """Bytes, 0 if nobody says."""
    changed: float
    """Seconds since the epoch, 0 if nobody says."""

    def __str__(self) -> str:
        return shown(self.url)

    @property
    def suffix(self) -> str:
        """As of a path."""
        return os.path.splitext(str(self))[1]

    def stat(self) -> Size:
        """As it was when it was found."""
        return _Size(self.size, self.changed or time.time())

    def open(self, mode: str = "rb", buffering: int = -1) -> BinaryIO:
        """Its bytes; unbuffered, at any place. Raises SourceError."""
        if not is_url(self.url):
            return cast(BinaryIO, open(self.url, mode, buffering))
        files, path = _files(self.url)
        with _told(self.url):
            more = {"block_size": _AHEAD, "cache_type": "readahead"} if self.size else {}
            raw = _Raw(files.open(path, "rb", **more), self.url)
        return cast(BinaryIO, raw if buffering == 0 else io.BufferedReader(raw, 1 << 18))


class _Raw(io.RawIOBase):
    """What fsspec opens, with errors that say what is wrong."""

    def __init__(self, stream: Any, url: str) -> None:
        self._stream, self._url = stream, url

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._stream.seekable())

    def seek(self, at: int, whence: int = 0) -> int:
        return int(self._stream.seek(at, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def readinto(self, buffer: Any) -> int:
        with _told(self._url):
            return int(self._stream.readinto(buffer))

    def read(self, size: int = -1) -> bytes:
        with _told(self._url):
            return cast(bytes, self._stream.read(size))

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def is_url(word: str) -> bool:
    """Whether a word has a scheme; `C:` and `pid:4` have none."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+(?:::|://)", word) is not None


def shown(url: str) -> str:
    """The URL without what opens it: no user, no password, no signature."""
    if not is_url(url):
        return url
    # A "?" of an object store's URL is part of a glob.
    plain = url.split("?", 1)[0] if url.startswith("http") else url
    return re.sub(r"://[^/@]*@", "://", plain)


def named(path: LogFile, base: Path) -> str:
    """What a log is called in the report."""
    if isinstance(path, Far):
        return shown(path.url) if is_url(path.url) else relative(Path(path.url), base)
    return relative(cast(Path, path), base)


def find(words: Iterable[str]) -> list[Far]:
    """The logs that the words name, in the order of their names. Raises SourceError and UsageError."""
    found: dict[str, Far] = {}
    for word in words:
        hits = {each.url: each for each in (_by_url if is_url(word) else _by_path)(word)}
        if not hits:
            raise NotFound(f"nothing matches {clean(shown(word))}", "the last part may be a glob: s3://bucket/2026/11/*.gz")
        found.update(sorted(hits.items()))
    return list(found.values())


def _by_path(word: str) -> Iterator[Far]:
    import glob

    for hit in glob.glob(word, recursive=True) if _MAGIC & set(word) and not os.path.exists(word) else [word]:
        try:
            status = os.stat(hit)
        except FileNotFoundError:
            raise NotFound(f"{clean(word)} does not exist where it is read") from None
        except OSError as error:
            raise NotPermitted(f"{clean(word)}: {error.strerror or 'cannot be looked at'}") from None
        if not os.path.isdir(hit):
            yield Far(hit, status.st_size, status.st_mtime)


def _by_url(word: str) -> Iterator[Far]:
    files, path = _files(word)
    with _told(word):
        if _MAGIC & set(path):
            infos = list(files.glob(path, detail=True).values())
            bucket = path.split("/", 1)[0]
            if not infos and "s3" in files.protocol and not _MAGIC & set(bucket) and not files.exists(bucket):
                raise FileNotFoundError("no bucket")
        else:
            info = files.info(path)
            infos = list(files.find(path, detail=True).values()) if info["type"] == "directory" else [info]
    alone = len(infos) == 1 and infos[0]["name"] == path
    for info in infos:
        if info["type"] == "file" and (info.get("size") or alone):
            yield Far(word if alone else files.unstrip_protocol(info["name"]), info.get("size") or 0, _changed(info))


def _changed(info: dict[str, Any]) -> float:
    when = next((info[key] for key in ("LastModified", "mtime", "last_modified", "updated") if info.get(key)), 0.0)
    return when.timestamp() if hasattr(when, "timestamp") else float(when) if isinstance(when, (int, float)) else 0.0


def _files(url: str) -> tuple[Any, str]:
    """The file system of a URL, and what it calls the path."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise UsageError(f"{clean(shown(url))}: reading it takes fsspec, which is not installed", EXTRA) from None
    with _told(url):
        return cast("tuple[Any, str]", url_to_fs(url))


@contextlib.contextmanager
def _told(url: str) -> Iterator[None]:
    """Turns whatever fsspec and its libraries raise into an error of ours without anything secret in it."""
    try:
        yield
    except CallcheckError:
        raise
    except Exception as error:  # noqa: BLE001  (each of fifty libraries has its own)
        raise _as_ours(url, error) from None


def _as_ours(url: str, error: Exception) -> CallcheckError:
    what, name = clean(shown(url)), type(error).__name__
    scheme = url.split(":", 1)[0]
    if isinstance(error, ImportError):
        return UsageError(f"{what}: the library that reads {scheme}:// is not installed", EXTRA if scheme in ("s3", "s3a") else clean(str(error)))
    if isinstance(error, ValueError) and "Protocol not known" in str(error):
        return UsageError(f"{what}: nothing is known that reads {scheme}://", "fsspec's list: s3, gs, abfs, hdfs, sftp, https and others")
    if isinstance(error, FileNotFoundError):
        return NotFound(f"{what}: {'no such bucket' if 'bucket' in str(error) else 'it is not there, or nobody answers'}")
    if isinstance(error, PermissionError) or "Credential" in name or "Forbidden" in name:
        hint = "credentials come from where the library looks for them: AWS_PROFILE, AWS_ACCESS_KEY_ID, a role; a cluster's workers need them too"
        return NotPermitted(f"{what}: {'no credentials' if 'Credential' in name else 'no permission'}", hint if scheme in ("s3", "s3a") else "")
    if any(word in name for word in ("Connect", "Timeout", "DNS")):
        return Unreachable(f"{what}: nobody answers", "AWS_ENDPOINT_URL names another place than Amazon's" if scheme in ("s3", "s3a") else "")
    return SourceError(f"{what}: cannot be read ({name})")
