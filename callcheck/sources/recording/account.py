"""What is said of a run in `recording.json`, beside what its agents write?

    {"schema": 1, "command": ["node", "server.js"], "version": "0.1.0", "ready": true, "status": 0, "killed": [],
     "processes": [{"pid": 41, "parent": 1, "command": ["node", "server.js"], "runtime": "node", "listens": true, "foreign": false, "managed": false}]}
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from callcheck import __version__
from callcheck.model.printable import clean
from callcheck.model.recorded import Member, unheard
from callcheck.sources.recording import traces

NAME = "recording.json"
_LARGEST = 4_000_000


def write(folder: Path, command: tuple[str, ...], ready: bool, status: int | None, killed: list[int], members: tuple[Member, ...]) -> None:
    """Write it; a folder that cannot be written loses it, and the run goes on."""
    said = {
        "schema": 1,
        "version": __version__,
        "command": [clean(part, 400) for part in command],
        "ready": ready,
        "status": status,
        "killed": killed,
        "processes": [
            {"pid": each.pid, "parent": each.parent, "command": [clean(part, 400) for part in each.command[:40]], "runtime": each.runtime, "listens": each.listens, "foreign": each.foreign, "managed": each.managed}
            for each in members
        ],
    }
    part = folder / f"{NAME}.part"
    try:
        part.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
        os.replace(part, folder / NAME)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()


def members(folder: Path) -> tuple[Member, ...]:
    """The processes that a run had, as seen from outside; () where nobody wrote them down."""
    try:
        if (folder / NAME).stat().st_size > _LARGEST:
            return ()
        said: Any = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return ()
    listed = said.get("processes") if isinstance(said, dict) else None
    return tuple(_member(each) for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()


def silent(folder: Path) -> tuple[Member, ...]:
    """The processes that an agent should have been in, and that have no file."""
    return unheard(members(folder), {int(path.name.partition("-")[0]) for path in traces(folder)})


def torn(folder: Path) -> bool:
    """Whether something could not be written any more: a file ends within a line, or this account of the run is not there."""
    return not (folder / NAME).exists() or any(map(_ends_within_a_line, traces(folder)))


def _ends_within_a_line(path: Path) -> bool:
    try:
        with open(path, "rb") as stream:
            return bool(stream.seek(0, os.SEEK_END)) and stream.seek(-1, os.SEEK_END) >= 0 and stream.read(1) != b"\n"
    except OSError:
        return True


def _member(said: dict[str, Any]) -> Member:
    command = said.get("command")
    numbers = [said.get(name) for name in ("pid", "parent")]
    pid, parent = (number if isinstance(number, int) else 0 for number in numbers)
    words = tuple(map(str, command)) if isinstance(command, list) else ()
    return Member(pid, parent, words, str(said.get("runtime") or ""), said.get("listens") is True, said.get("foreign") is True, said.get("managed") is True)
