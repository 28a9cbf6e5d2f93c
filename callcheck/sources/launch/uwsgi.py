"""Do Python threads run under a uWSGI, and is the app loaded before it forks, by its command line or its file?

    uwsgi --http-socket :8080 --module app:app --master --lazy-apps --processes 1

Threads are off without `enable-threads` (or `threads`) up to 2.0.26 (uWSGI docs, Changelog-2.0.27); without `lazy-apps` the app is loaded once, before the fork.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_PINNED = pattern(r"(?im)(?:^|[\s\"'])(?:py)?uwsgi\s{0,3}===?\s{0,3}[\"']?(\d+)\.(\d+)(?:\.(\d+))?")
_UNPINNED = pattern(r"(?im)^\s{0,8}(?:py)?uwsgi\s{0,3}(?:[>~]=?[\d. ]{1,20})?(?:;[^\n]*|#[^\n]*)?$|\bpip3? install\b[^\n&|]{0,300}?[\s\"'](?:py)?uwsgi(?:[>~]=?[\d.]{1,20})?(?=[\s\"']|$)")
_LISTS = ("requirements*.txt", "*requirements*.in", "requirements/*.txt", "Pipfile", "pyproject.toml")
_THREADS_ON_FROM = (2, 0, 27)
_NEWEST = (9,)
_THREADED = ("enable-threads", "threads", "gevent", "asyncio", "py-call-uwsgi-fork-hooks")
_SHORT = {"T": "enable-threads", "M": "master"}
_OFF = ("false", "0", "off", "no")
_ELEMENT = pattern(r"<([\w-]{1,40})\s{0,3}(?:/>|>([^<]{0,200})</)")
_COMMANDS = ("*Dockerfile*", "*compose*.y*ml", "*.sh", "*.service", "supervisor*.conf", "Procfile*", "Makefile")
_BESIDE = pattern(r"\buwsgi\b[\s\S]{0,600}?--?(?:enable-threads|threads|gevent|asyncio|T)\b|UWSGI_(?:ENABLE_THREADS|THREADS|GEVENT|ASYNCIO)\b")


def traits(eyes: Eyes, on: Callable[[str], bool]) -> Iterator[str]:
    """The `server.trait` words, where `on` says of an option whether it is set."""
    if not any(map(on, _THREADED)):
        version = _version(eyes)
        yield "threads-disabled" if version is None or version < _THREADS_ON_FROM else "threads-unstated"
    if not (on("lazy-apps") or on("lazy")) and on("master"):
        yield "preloaded"


def of_command(command: str, env: Mapping[str, str]) -> Callable[[str], bool]:
    """Which options a command line sets, or variables (`UWSGI_ENABLE_THREADS=1`)."""
    words = command.split()
    told = {word[2:].partition("=")[0] for word in words if word.startswith("--") and word.partition("=")[2].lower() not in _OFF[:1]}
    told |= {_SHORT[word[1]] for word in words if len(word) == 2 and word[0] == "-" and word[1] in _SHORT}
    told |= {name.removeprefix("UWSGI_").lower().replace("_", "-") for name, value in env.items() if name.startswith("UWSGI_") and value.lower() not in _OFF}
    return lambda option: option in told


def options(eyes: Eyes, file: File) -> frozenset[str]:
    """Those that a file of settings turns on, as YAML, JSON or XML; none if it cannot be read."""
    try:
        if file.suffix == ".xml":
            return frozenset(found[1] for found in _ELEMENT.finditer(eyes.text(file)) if (found[2] or "").strip().lower() not in _OFF)
        document = eyes.document(file)
    except SourceError:
        return frozenset()
    section = document.get("uwsgi") if isinstance(document, dict) else None
    return frozenset(str(key) for key, value in section.items() if str(value).lower() not in _OFF) if isinstance(section, dict) else frozenset()


def threads_by_command(eyes: Eyes) -> bool:
    """Whether some command that starts uWSGI turns threads on, whatever its file says."""
    for file in eyes.tree.named(*_COMMANDS):
        try:
            if _BESIDE.search(eyes.text(file)):
                return True
        except SourceError:
            continue
    return False


def _version(eyes: Eyes) -> tuple[int, ...] | None:
    """The uWSGI version that the project runs, the newest where it asks for any or for one at least, or None where nothing says that it comes from PyPI."""
    found = eyes.packages.version("uwsgi") or eyes.packages.version("pyuwsgi")
    if found is not None:
        return _NEWEST if found.open_ended else tuple(map(int, re.findall(r"\d{1,4}", found.version)))
    for file in eyes.tree.named("*Dockerfile*", *_LISTS):
        pinned = _PINNED.search(eyes.readable(file))
        if pinned:
            return int(pinned[1]), int(pinned[2]), int(pinned[3] or 0)
    return _NEWEST if any(_UNPINNED.search(eyes.readable(file)) for file in eyes.tree.named("*Dockerfile*", *_LISTS)) else None
