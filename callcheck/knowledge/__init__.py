"""What we know of each library, platform and log format, loaded from `rules/`."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.model.knowledge import Knowledge

if TYPE_CHECKING:
    from callcheck.model.events import Emitter
    from callcheck.model.log import LogKnowledge


def shipped() -> Path:
    """The folder of our own rules: inside the wheel, or beside the package in an editable checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def folders(extra: Sequence[Path] = ()) -> list[Path]:
    """Our rules, then the user's."""
    return [shipped(), *extra]


def load(folders: Sequence[Path]) -> Knowledge:
    """Everything below the folders' `frameworks` and `logs`; a later folder wins. Raises RuleError."""
    from callcheck.knowledge import frameworks

    return Knowledge(
        frameworks=frameworks.load(folders),
        logs=functools.partial(_logs, folders),
        events=functools.partial(_events, tuple(folders)),
    )


def _logs(folders: Sequence[Path]) -> LogKnowledge:
    from callcheck.knowledge import logs

    return logs.load(folders)


def _events(folders: Sequence[Path]) -> tuple[Emitter, ...]:
    from callcheck.knowledge import events

    return events.load(folders)
