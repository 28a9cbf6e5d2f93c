"""`callcheck explain CAUSE`: what is this cause, how to tell it, cure it, and confirm the cure?"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from callcheck.cli import console
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import BY_NAME, value
from callcheck.model.errors import UsageError
from callcheck.model.printable import clean
from callcheck.report.explained import render
from callcheck.report.terminal import Style
from callcheck.rulebooks import load_rules


def run(cause: str, rules: Sequence[Path], color: str) -> ExitStatus:
    """Print the page of one cause. Raises UsageError for an unknown one."""
    value(BY_NAME["color"], color, Path())
    known = {rule.cause: rule for rule in load_rules(rules)}
    rule = known.get(cause)
    if rule is None:
        near = difflib.get_close_matches(cause, known, 3, 0.4) or [name for name in known if cause and cause in name]
        hint = f"did you mean {' or '.join(near)}?" if near else "callcheck rules list names them all"
        raise UsageError(f"no cause is called {clean(cause, 80)}", hint)
    style = Style(console.columns(sys.stdout), console.coloured(color, sys.stdout), console.drawn(sys.stdout))
    console.emit(render(rule, style))
    return ExitStatus.NOTHING_LIKELY
