"""`callcheck baseline`: which findings are there now, and are not to be told again?"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from callcheck.cli import config, diagnose, targets
from callcheck.cli.exit_status import ExitStatus, examined
from callcheck.model.errors import UsageError
from callcheck.model.printable import clean
from callcheck.report.baseline import render


def run(words: Sequence[str], output: str, given: Mapping[str, Any]) -> ExitStatus:
    """Writes the file, whole or not at all. Raises CallcheckError."""
    here = Path.cwd()
    settings = config.settle(given, here).settings
    done = diagnose.look(targets.read(words, here, settings.kind), settings)
    if not examined(done.report):
        return diagnose.status(done, settings)
    text = render(done.report, done.eyes.lines, settings.min_confidence)
    path = here / output
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {clean(output)}: {error.strerror or error}") from None
    count = text.count("\n")
    sys.stderr.write(f"callcheck: {count} {'finding' if count == 1 else 'findings'} in {clean(output)}\n")
    return ExitStatus.NOTHING_LIKELY
