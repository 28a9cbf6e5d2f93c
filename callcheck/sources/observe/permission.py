"""Does the command run Node.js under its permission model, in which our agent may be read and may write only where it is let?

    node --permission --allow-fs-read=./ server.js              Node.js 20: --experimental-permission
    "start": "node --permission --allow-fs-read=./ server.js"   in package.json

Flags that let it are refused by a Node.js that runs without the model, and npm itself is one: so they are given to a command alone that asks for the model
itself, or in NODE_OPTIONS beside the one that does. Elsewhere the agent is left out, since the app would not start with it. Looked at in Node.js 20.20.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

_ASKED = pattern(r"(?<![\w-])--(?:experimental-)?permission(?![\w-])")
_MANAGERS = frozenset({"npm", "npx", "yarn", "pnpm", "bun"})
_LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Way:
    """How Node.js is to be started so that the agent can be in it."""

    command: tuple[str, ...]
    options: tuple[str, ...] = ()
    """What NODE_OPTIONS needs beside the agent."""
    kept_out_by: str = ""
    """The file that asks for the model, in a Node.js that we do not start: the agent stays out; "" for none."""


def way(command: tuple[str, ...], environment: Mapping[str, str], folder: Path, agents: str, recording: str) -> Way:
    """The way of a command that is started in a folder."""
    let = f"--allow-fs-read={agents}/node/*", f"--allow-fs-write={recording}/*"
    if _ASKED.search(environment.get("NODE_OPTIONS", "")):
        return Way(command, let)
    if os.path.basename(command[0]).startswith("node"):
        flags = [word for word in command[1:] if word.startswith("-")]
        return Way((command[0], *let, *command[1:])) if any(_ASKED.match(word) for word in flags) else Way(command)
    return Way(command, kept_out_by=next((path.name for path in _texts(command, folder) if _asks(path)), ""))


def _texts(command: tuple[str, ...], folder: Path) -> Iterator[Path]:
    """The files that say how the app is started."""
    if os.path.basename(command[0]) in _MANAGERS:
        yield folder / "package.json"
    yield from (folder / word for word in command if not word.startswith("-"))


def _asks(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size < _LARGEST and bool(_ASKED.search(path.read_bytes().decode("utf-8", "replace")))
    except (OSError, ValueError):
        return False
