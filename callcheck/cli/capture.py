"""`callcheck capture -o x.ccb`: what was found here, for somebody who may see neither the code nor the logs?"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from callcheck.cli import config, diagnose, targets
from callcheck.cli.exit_status import ExitStatus
from callcheck.model.captured import MOST_FILE_BYTES
from callcheck.model.errors import UsageError
from callcheck.model.printable import clean
from callcheck.pipeline import whole
from callcheck.report.capture import LEAST, write

_UNITS = {"kb": 1_000, "mb": 1_000_000, "": 1}


def run(words: Sequence[str], output: str, most: int, given: Mapping[str, Any]) -> ExitStatus:
    """Writes the file, whole or not at all. Raises CallcheckError."""
    here = Path.cwd()
    settings = config.settle(dict(given), here).settings
    target = targets.read(words, here, settings.kind)
    if target.captures:
        raise UsageError("a capture is not captured again", f"callcheck diagnose {clean(target.given[0])} reads it")
    done = diagnose.look(target, settings)
    if diagnose.status(done, settings) is ExitStatus.NOTHING_EXAMINED:
        return ExitStatus.NOTHING_EXAMINED
    written = write(done.report, done.eyes.lines, whole(diagnose.options_of(settings)), most)
    if written is None:
        raise UsageError(f"what the diagnoses stand on does not fit into {most} bytes", "--limit says how large it may become")
    put(written.data, here / output, output)
    if not settings.quiet:
        left = f"; {written.dropped} left out to keep to {most} bytes" if written.dropped else ""
        names = ", ".join(f"{count} of {kind}" for kind, count in sorted(written.names.items()))
        hidden = f"; names with tokens: {names}" if names else ""
        sys.stderr.write(f"callcheck: {written.facts} facts in {clean(output)}, {len(written.data)} bytes{left}{hidden}\n")
        sys.stderr.write("  hint: file, event and function names are in it, and lines of source: look it through before you show it (it is a ZIP archive)\n")
    return ExitStatus.NOTHING_LIKELY


def put(data: bytes, path: Path, name: str) -> None:
    """Raises UsageError if it cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"cannot write {clean(name)}: {error.strerror or error}") from None


def size(text: str) -> int:
    """Bytes, of a text such as 500kB or 20MB. Raises UsageError."""
    digits = text.strip().rstrip("kKmMbB ")
    unit = text.strip()[len(digits) :].strip().lower()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and unit in _UNITS and LEAST <= int(digits) * _UNITS[unit] <= MOST_FILE_BYTES):
        raise UsageError(f"--limit {clean(text, 40)} is no size", f"500kB or 20MB: from {LEAST // 1000}kB to {MOST_FILE_BYTES // 1_000_000}MB")
    return int(digits) * _UNITS[unit]
