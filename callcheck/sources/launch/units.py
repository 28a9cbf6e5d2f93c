"""Which commands does the text of a systemd unit start?

    ExecStart=/usr/bin/docker run --rm --name mails \\
      --env-file /etc/shop/mails.env registry.example.com/shop:1 node mails.js
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern

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
