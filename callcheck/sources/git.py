"""Which files of a work tree does git ignore?

Asked of `git ls-files`, which reads and never writes. A repository may be anybody's, so nothing in its configuration may start a program, open
a connection or make git wait for either.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from callcheck.sources import noted
from callcheck.sources.walk import CACHES, INSTALLED

LONGEST_S = 10.0
MOST_BYTES = 32_000_000
MOST_MATCHED = 500
"""Folders that are asked for at once."""
_HARMLESS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    # The same on every machine.
    f"core.excludesFile={os.devnull}",
    "core.untrackedCache=false",
    "submodule.recurse=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
)
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    # An empty list: git may not fetch by any protocol, not even what is missing in a partial clone.
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_KEPT = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"})
"""Where the user says which repositories of others he trusts."""


def ignored(top: str, within: str) -> frozenset[str] | None:
    """The folders (with "/" at the end) and files that git ignores in the work tree `top`, from the folder `within` it on ("." for all of it).

    Relative to `top`; of a folder that is ignored, or in which everything is, not what is in it. One above `within` is among them, caches and
    installed packages are not. None if git is not there, does not trust the repository, or takes too long.
    """
    index = os.path.join(git_folder(top), "index")
    then = noted.stamp(index)
    told = _asked(top, "--literal-pathspecs", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", "--", within)
    if told is None:
        return None
    names = frozenset(name for name in os.fsdecode(told).split("\0") if name and name.rstrip("/").rpartition("/")[2] not in CACHES | INSTALLED)
    noted.asked_git(top, within, index, then, names)
    return names


def matched(top: str, folders: Sequence[str]) -> frozenset[str]:
    """Those of some folders, relative to `top`, that are ignored themselves, and not only all that is in them; all, if git does not say."""
    told = _asked(top, "-c", "core.quotePath=false", "check-ignore", "--no-index", "--", *(f"./{folder}" for folder in folders[:MOST_MATCHED]), fine=(0, 1))
    if told is None:
        return frozenset(folders)
    said = {line.removeprefix("./") for line in os.fsdecode(told).split("\n")}
    # A name in quotes is told in another spelling.
    unsaid = (*(folder for folder in folders if not folder.isprintable() or {'"', "\\"} & set(folder)), *folders[MOST_MATCHED:])
    return frozenset(folder for folder in folders if folder in said).union(unsaid)


def git_folder(top: str) -> str:
    """Where git keeps what it knows of a work tree: `.git`, or what a file of that name says, as in a submodule or a linked work tree."""
    place = os.path.join(top, ".git")
    return os.path.normpath(os.path.join(top, _line(place).partition("gitdir:")[2].strip())) if os.path.isfile(place) else place


def exclude_file(top: str) -> str:
    """The patterns of a repository that are nobody else's."""
    folder = git_folder(top)
    return os.path.normpath(os.path.join(folder, _line(os.path.join(folder, "commondir")), "info/exclude"))


def _line(path: str) -> str:
    try:
        with open(path, "rb") as stream:
            return os.fsdecode(stream.read(4096)).strip()
    except OSError:
        return ""


def _asked(top: str, *words: str, fine: tuple[int, ...] = (0,)) -> bytes | None:
    """What git says; None if there is no git, or its exit status is not fine."""
    command = guarded(top, *words)
    return _output(*command, fine) if command else None


def guarded(top: str, *words: str) -> tuple[list[str], dict[str, str]] | None:
    """The command line and the environment for git to read, and only read, in a repository that may be anybody's; None if there is no git."""
    program = _program()
    settings = [word for setting in _HARMLESS for word in ("-c", setting)]
    return ([program, "-C", top, *settings, *words], _environment(top)) if program else None


def _program() -> str | None:
    """The first git on the path; a relative entry of the path, which may lie in the target, does not count."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        program = os.path.join(folder, name)
        if os.path.isabs(folder) and noted.is_there(Path(program)) and os.access(program, os.X_OK):
            return program
    return None


def _environment(top: str) -> dict[str, str]:
    """Ours, without what would lead git to another repository, as in a hook."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    return kept | _ENVIRONMENT | {"GIT_CEILING_DIRECTORIES": os.path.dirname(top)}


def _output(command: list[str], environment: dict[str, str], fine: tuple[int, ...]) -> bytes | None:
    """What a program writes; None if it fails, or takes too long."""
    if sys.platform == "win32":
        import subprocess

        try:
            done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST_S, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode in fine else None
    # Not `subprocess`: to import it takes three times as long as git does.
    reading, writing = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, writing, 1), *((os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 2))]
    try:
        child = os.posix_spawn(command[0], command, environment, file_actions=actions)
    except OSError:
        os.close(reading)
        return None
    finally:
        os.close(writing)
    data, ended = b"", False
    try:
        data = b"".join(_read(reading, time.monotonic() + LONGEST_S))
        ended = True
    except TimeoutError:
        pass
    finally:
        os.close(reading)
        if not ended:
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    return data if ended and os.waitstatus_to_exitcode(status) in fine else None


def _read(reading: int, until: float) -> Iterator[bytes]:
    """What comes through a pipe, to its end. Raises TimeoutError."""
    from select import select

    total = 0
    while True:
        left = until - time.monotonic()
        if left <= 0 or total > MOST_BYTES or not select([reading], [], [], left)[0]:
            raise TimeoutError
        part = os.read(reading, 1 << 16)
        if not part:
            return
        total += len(part)
        yield part
