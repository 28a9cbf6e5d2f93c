"""What did a folder hold at another revision?

Files are taken out of git's store as they lie there: no filter, hook or other program of the repository's configuration runs, and the work
tree and its index are not touched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from callcheck.model.errors import UsageError
from callcheck.model.printable import clean
from callcheck.sources.git import guarded

_LONGEST_S = 120
MOST_FILES = 100_000
_LARGEST = 4_000_000
"""Bytes; a larger file is read by nobody."""
_PLAIN = (b"100644", b"100755")


def lay_out(base: Path, revision: str, into: Path) -> Path:
    """Write the files of a revision into an empty folder, and give the folder in it that corresponds to `base`. Links and submodules are
    left out. Raises UsageError where there is no work tree of git, or no such revision."""
    top = _said(base, "rev-parse", "--show-toplevel")
    if not top:
        raise UsageError(f"{clean(str(base))} is in no work tree of git", "what was there before is taken out of the repository")
    root = Path(os.fsdecode(top).rstrip("\n"))
    commit = _said(base, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not commit:
        raise UsageError(f"{clean(revision, 80)} is no revision here", "a shallow clone may lack it: git fetch --depth=1 origin main")
    _write(root, commit.decode().strip(), into)
    there = into / base.resolve().relative_to(root.resolve())
    there.mkdir(parents=True, exist_ok=True)
    return there


def _write(root: Path, commit: str, into: Path) -> None:
    command = guarded(str(root), "cat-file", "--batch")
    listed = list(_listed(_said(root, "ls-tree", "-r", "-l", "-z", commit)))[:MOST_FILES]
    if command is None:
        return
    with subprocess.Popen(command[0], env=command[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None and process.stdout is not None
        for oid, name in listed:
            process.stdin.write(oid + b"\n")
            process.stdin.flush()
            size = int(process.stdout.readline().split()[2])
            data = process.stdout.read(size)
            process.stdout.read(1)
            path = os.path.join(os.fsencode(into), name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as stream:
                stream.write(data)
        process.stdin.close()


def _listed(told: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The object and the name of each plain file of a listing: `100644 blob OID SIZE<tab>NAME`."""
    for entry in told.split(b"\0"):
        said, _, name = entry.partition(b"\t")
        parts = said.split()
        fine = len(parts) == 4 and parts[0] in _PLAIN and parts[3].isdigit() and int(parts[3]) <= _LARGEST
        # git itself refuses such names; a store may have been written by something else.
        if fine and not name.startswith(b"/") and not {b"..", b".git", b""} & set(name.split(b"/")):
            yield parts[2], name


def _said(place: Path, *words: str) -> bytes:
    """What git says; b"" if it fails."""
    command = guarded(str(place), *words)
    if command is None:
        raise UsageError("git is needed to see what was there before", "it is not on the path")
    try:
        done = subprocess.run(command[0], env={**command[1], "GIT_CEILING_DIRECTORIES": ""}, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LONGEST_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"git does not answer: {clean(str(error), 120)}") from None
    return done.stdout if done.returncode == 0 else b""
