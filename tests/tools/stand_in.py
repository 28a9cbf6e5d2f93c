"""A program of a given name that answers with files, and keeps how it was called: for tools that cannot be had everywhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path

_PROGRAM = """\
#!{python}
import json, sys, time
with open({calls!r}, "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
line = " ".join(sys.argv[1:])
for part, kind, what in {answers!r}:
    if part in line:
        if kind == "file":
            sys.stdout.write(open(what).read())
        elif kind == "fail":
            sys.exit(what)
        elif kind == "hang":
            time.sleep(60)
        else:
            sys.stdout.write("x" * what)
        break
else:
    sys.exit("unexpected: " + line)
"""


class StandIn:
    """Lies in `folder`, which belongs first on the PATH. An answer is what must stand in the call, what to do, and with what."""

    def __init__(self, folder: Path, name: str, *answers: tuple[str, str, str | int]) -> None:
        folder.mkdir(exist_ok=True)
        self._calls = folder / f"{name}.calls"
        program = folder / name
        program.write_text(_PROGRAM.format(python=sys.executable, calls=str(self._calls), answers=list(answers)))
        program.chmod(0o755)

    @property
    def calls(self) -> list[list[str]]:
        """The words of each call so far."""
        return [json.loads(line) for line in self._calls.read_text().splitlines()] if self._calls.exists() else []
