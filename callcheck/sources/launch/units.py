"""Which commands does the text of a systemd unit start?

    ExecStart=/usr/bin/docker run --rm --name mails \\
      --env-file /etc/shop/mails.env registry.example.com/shop:1 node mails.js
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern

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
