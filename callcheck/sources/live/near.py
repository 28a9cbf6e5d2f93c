"""Does an app run in this folder? Looked up at each start without a target, so it has to cost next to nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

_PROGRAMS = ("node", "nodejs", "bun", "deno", "uwsgi", "pyuwsgi", "granian")
_SERVED = frozenset("gunicorn uvicorn hypercorn granian uwsgi pyuwsgi celery daphne dramatiq taskiq rq rqworker huey_consumer arq flask waitress-serve".split())
_SCRIPTS = (".js", ".cjs", ".mjs", ".ts", ".mts", ".cts", ".py")
_NOT_OWN = ("node_modules", "site-packages", "dist-packages")
_MANAGERS = frozenset("npm npx pnpm yarn bun corepack lerna nx turbo".split())
_TITLES = ("gunicorn: ", "[celeryd: ", "rq:worker:", "granian ", "uWSGI ", "next-server")


def somebody(folder: Path) -> bool:
    """Whether a process that looks like an app of the folder has its working directory there."""
    return any(True for _ in pids_in(folder))


def pids_in(folder: Path) -> Iterator[int]:
    """The processes that look like an app of the folder and have their working directory there, in order; not callcheck, nor who started it."""
    root = os.path.realpath(folder)
    if root == os.sep:
        return
    for pid, place, words, program in _linux(root) if sys.platform.startswith("linux") else _elsewhere(root):
        if is_app(words, place, root, program):
            yield pid


def _linux(root: str) -> Iterator[tuple[int, str, Sequence[str], str]]:
    own = _own()
    inside = root + os.sep
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        try:
            place = os.readlink(f"/proc/{pid}/cwd")
            if (place != root and not place.startswith(inside)) or pid in own:
                continue
            with open(f"/proc/{pid}/cmdline", "rb") as stream:
                line = stream.read(100_000).decode("utf-8", "replace")
            program = os.readlink(f"/proc/{pid}/exe")
        except OSError:
            continue
        yield pid, place, line.rstrip("\0").split("\0"), os.path.basename(program)


def _own() -> set[int]:
    """This process and those above it."""
    found, here = set(), os.getpid()
    while here > 0 and here not in found:
        found.add(here)
        try:
            with open(f"/proc/{here}/stat", "rb") as stream:
                here = int(stream.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            break
    return found


def _elsewhere(root: str) -> Iterator[tuple[int, str, Sequence[str], str]]:
    import psutil

    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for process in psutil.process_iter(["cwd", "cmdline", "name"]):
        place = process.info["cwd"] or ""
        if process.pid not in own and (place == root or place.startswith(root + os.sep)):
            yield process.pid, place, process.info["cmdline"] or [], process.info["name"] or ""


def is_app(words: Sequence[str], place: str, root: str, program: str = "") -> bool:
    """Whether a command line, with its working directory, starts code of the folder: a known server, or an interpreter with a script of it.

    `program` is the file that runs: an interpreter that gave itself a title is taken for an app, as no tool but the package managers does so.
    """
    if not words or not words[0] or any(os.path.basename(word) == "callcheck" for word in words[:4]):
        return False
    title = " ".join(words)
    if title.startswith(_TITLES):
        return True
    if len(words) == 1:
        words = words[0].split()
        if _interprets(program) and words and not _interprets(os.path.basename(words[0])):
            return words[0] not in _MANAGERS
    names = [os.path.basename(word) for word in words[:4]]
    if names[0] in _SERVED or (names[0].startswith(("python", "pypy")) and any(name in _SERVED for name in names[1:])):
        return True
    if not _interprets(names[0]):
        return False
    return _own_script(words[1:], place, root, names[0].startswith("py"))


def _interprets(name: str) -> bool:
    return name in _PROGRAMS or name.startswith(("python", "pypy"))


def _own_script(words: Sequence[str], place: str, root: str, python: bool) -> bool:
    for at, word in enumerate(words):
        if python and word == "-m" and at + 1 < len(words):
            path = os.path.join(place, *words[at + 1].split("."))
            return os.path.isfile(path + ".py") or os.path.isfile(os.path.join(path, "__main__.py"))
        if word in ("-c", "-e", "-p", "--eval", "-"):
            return False
        if not word.startswith("-") and word != "run":
            script = os.path.realpath(os.path.join(place, word))
            if os.path.isfile(script) or script.endswith(_SCRIPTS):
                return os.path.isfile(script) and _of(script, root)
    return False


def _of(script: str, root: str) -> bool:
    """Whether a file lies in the folder and is none of a package in it."""
    parts = script[len(root) :].split(os.sep)
    return script.startswith(root + os.sep) and not any(part in _NOT_OWN or part.startswith((".venv", "venv")) for part in parts)
