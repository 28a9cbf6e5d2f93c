"""Which commands does the text of a systemd unit start?

    ExecStart=/usr/bin/docker run --rm --name mails \\
      --env-file /etc/shop/mails.env registry.example.com/shop:1 node mails.js
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.launch.find import aside, folder_of, near

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.files import File

_START = pattern(r"^ExecStart=[-@:+!]{0,3}(.{1,4000})$", re.MULTILINE)


def starts(text: str) -> Iterator[tuple[int, str]]:
    """The line of each `ExecStart=` and the whole command, with the lines that a backslash continues."""
    for found in _START.finditer(text):
        command = found[1]
        for line in text[found.end() + 1 :].split("\n", 20):
            if not command.endswith("\\"):
                break
            command = command[:-1] + line.strip()
        yield text.count("\n", 0, found.start()) + 1, command


def drop_ins(eyes: Eyes, file: File) -> list[File]:
    """The files that are read after a unit's own, wherever they lie, in the order in which they are read."""
    folder, kind = f"{file.base}.d", file.base.rpartition(".")[2]
    found = eyes.tree.named(f"*.{kind}.d/*.conf", f"*/*.{kind}.d/*.conf")
    return sorted((part for part in found if part.name.split("/")[-2:-1] == [folder]), key=lambda part: part.base)


_PLAIN = frozenset({".env", "env", "environment", "default"})
"""What environment files of other ends are called too."""


def env_file(eyes: Eyes, unit: File, path: str, folder: str) -> File | None:
    """The file that `EnvironmentFile=/etc/shop/mails.env` means: of that name beside the unit, the project's own where the path lies in the folder that the unit works in, or the only one of that name."""
    base = posixpath.basename(path)
    there = eyes.tree.get(posixpath.normpath(posixpath.join(folder_of(unit.name), base)))
    if there is not None or (folder and path.startswith(folder.rstrip("/") + "/")):
        return there or near(eyes, unit, path.removeprefix(folder))
    found = [each for each in eyes.tree.called(base) if not aside(eyes, each)] if base not in _PLAIN and "%" not in base else []
    return found[0] if len(found) == 1 else None
