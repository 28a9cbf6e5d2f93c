"""What do the words after `diagnose` mean: which folders, files, logs, processes?"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from callcheck.model.errors import UsageError
from callcheck.model.printable import clean
from callcheck.model.target import Target

_READ = frozenset(
    ".ts .tsx .mts .cts .js .jsx .mjs .cjs .py .pyi .yaml .yml .toml .ini .cfg .conf .env .lock .vue .svelte .tf .service .xml .properties".split()
)
"""Suffixes of source and configuration."""
_NAMED = ("dockerfile", "procfile", "caddyfile", "makefile", "jenkinsfile")
_MANAGERS = ("pm2", "compose", "k8s")
_SPANS = frozenset((".json", ".jsonl", ".ndjson"))
"""Suffixes of what the OpenTelemetry collector writes."""
_GLOB = frozenset("*?[")


def read(words: Sequence[str], base: Path, kind: str = "", cluster: str = "") -> Target:
    """The target that the words name; without words, the folder itself. `kind` overrides what a file looks like; the workers of a `cluster` see
    the logs that are named. Raises UsageError."""
    folders: list[Path] = []
    files: list[Path] = []
    logs: list[Path] = []
    pids: list[int] = []
    ports: list[int] = []
    names: list[str] = []
    inside: list[Path] = []
    managers: list[tuple[str, str]] = []
    far: list[str] = []
    recordings: list[Path] = []
    captures: list[Path] = []
    stdin = False
    given = tuple(words) or (".",)
    for word in given:
        scheme, _, number = word.partition(":")
        if word == "-":
            if kind in ("source", "config"):
                raise UsageError("standard input is read as a log", f"write it to a file to have it read as {kind}")
            stdin = True
        elif scheme in ("pid", "port") and number:
            (pids if scheme == "pid" else ports).append(_number(scheme, number))
        elif scheme == "name" and number.strip():
            names.append(number.strip())
        elif scheme == "cwd" and number:
            inside.append(_folder(scheme, number, base))
        elif scheme in _MANAGERS and ":" in word:
            managers.append((scheme, _managed(scheme, number, base)))
        elif "://" in word:
            if kind in ("source", "config"):
                raise UsageError(f"{clean(_shown(word))} is read as a log", f"copy it here to have it read as {kind}")
            far.append(word)
        else:
            for path in _paths(word, base) if not cluster or _here(word, base) else [Path(os.path.abspath(base / word))]:
                held = captures if _is_capture(path, kind) else _held(path, kind, recordings, folders, logs, files)
                if cluster and held is logs:
                    far.append(str(path))
                elif path not in held:
                    held.append(path)
                    if path.suffix.lower() in _SPANS and not kind and _is_spans(path):
                        recordings.append(path)
    beside = () if words else _beside(base)
    found = tuple(folders), tuple(files), tuple(logs), stdin, tuple(pids), tuple(ports), tuple(names), tuple(inside), beside, tuple(managers)
    if cluster and not far:
        raise UsageError("--cluster reads logs, and none is named", "such as 's3://bucket/2026/11/*.gz' or /var/log/app/*.log")
    shown = tuple(_shown(word) if "://" in word else word for word in given)
    return Target(base, shown, *found, far=tuple(dict.fromkeys(far)), cluster=cluster, recordings=tuple(recordings), captures=tuple(captures))


def _held(path: Path, kind: str, recordings: list[Path], folders: list[Path], logs: list[Path], files: list[Path]) -> list[Path]:
    """The list that a path belongs to, by what it is."""
    if not path.is_dir():
        return logs if _is_log(path, kind) else files
    from callcheck.sources.recording import is_recording

    return recordings if is_recording(path) else folders


def _is_spans(path: Path) -> bool:
    """Whether it tells, beside what any log does, of messages and calls, as `callcheck observe --read` takes it."""
    from callcheck.sources.recording import is_spans

    return is_spans(path)


def _is_capture(path: Path, kind: str) -> bool:
    """Whether `callcheck capture` wrote it; what is called as if is read as such, and an error then."""
    if kind or path.is_dir():
        return False
    from callcheck.model.captured import SUFFIX

    if path.suffix.lower() == SUFFIX:
        return True
    if path.suffix.lower() in _READ:
        return False
    from callcheck.sources.capture.archive import is_capture

    return is_capture(path)


def _beside(base: Path) -> tuple[Path, ...]:
    """The folder itself if an app runs in it."""
    from callcheck.sources.live.near import somebody

    return (base,) if somebody(base) else ()


def _folder(scheme: str, word: str, base: Path) -> Path:
    path = Path(os.path.abspath(base / Path(word).expanduser()))
    if not path.is_dir():
        what = "the processes whose working directory lies there" if scheme == "cwd" else "the project whose Compose file lies there"
        raise UsageError(f"{scheme}:{clean(word, 80)}: no such folder", f"it means {what}")
    return path


def _managed(scheme: str, text: str, base: Path) -> str:
    """For what a manager is to be asked."""
    if scheme == "compose":
        return str(_folder(scheme, text or ".", base))
    if scheme == "k8s" and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,252}(?:/[a-z0-9][a-z0-9.-]{0,252}){1,2}", text):
        raise UsageError(f"k8s:{clean(text, 80)} names no workload", "k8s:NAMESPACE/NAME, or k8s:NAMESPACE/statefulset/NAME")
    return text


def _shown(url: str) -> str:
    from callcheck.sources.logs.far import shown

    return shown(url)


def _here(word: str, base: Path) -> bool:
    """Whether this machine sees what a word names."""
    import glob

    return (base / Path(word).expanduser()).exists() or bool(_GLOB & set(word) and glob.glob(word, root_dir=base, recursive=True))


def _number(scheme: str, text: str) -> int:
    most = 65_535 if scheme == "port" else 2**31 - 1
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) <= most):
        raise UsageError(f"{scheme}:{clean(text, 40)} is no {scheme}: a number from 1 to {most} is wanted")
    return int(text)


def _paths(word: str, base: Path) -> Iterator[Path]:
    if not word or "\0" in word:
        raise UsageError("an empty word is no target", "`.` is the folder you are in")
    path = Path(os.path.abspath(base / Path(word).expanduser()))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if _GLOB & set(word):
            yield from _globbed(word, base)
            return
        raise UsageError(f"{clean(word)} does not exist", _near(path)) from None
    except OSError as error:
        raise UsageError(f"{clean(word)}: {error.strerror or 'cannot be looked at'}") from None
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise UsageError(
            f"{clean(word)} is neither a file nor a folder", "pipe it in instead: callcheck diagnose - < it"
        )
    if not os.access(path, os.R_OK | (os.X_OK if stat.S_ISDIR(mode) else 0)):
        raise UsageError(f"{clean(word)}: no permission to read it")
    yield path


def _globbed(word: str, base: Path) -> Iterator[Path]:
    import glob

    found = [Path(os.path.abspath(base / hit)) for hit in sorted(glob.glob(word, root_dir=base, recursive=True))]
    usable = [path for path in found if path.is_file() or path.is_dir()]
    if not usable:
        raise UsageError(f"nothing matches {clean(word)}")
    yield from usable


def _near(path: Path) -> str:
    import difflib

    try:
        names = sorted(os.listdir(path.parent))[:2000]
    except OSError:
        return ""
    found = difflib.get_close_matches(path.name, names, 1)
    return f"did you mean {clean(found[0])}?" if found else ""


def _is_log(path: Path, kind: str) -> bool:
    if kind:
        return kind == "logs"
    name = path.name.lower()
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _lines_of_json(path)
    return not (suffix in _READ or name.startswith(".env") or name.split(".")[0] in _NAMED)


def _lines_of_json(path: Path) -> bool:
    """Whether a .json file is a log: its first two lines are whole objects."""
    try:
        with path.open("rb") as stream:
            first, second = stream.readline(65_536).strip(), stream.readline(65_536).strip()
    except OSError:
        return False
    return all(line.startswith(b"{") and line.endswith(b"}") for line in (first, second))
