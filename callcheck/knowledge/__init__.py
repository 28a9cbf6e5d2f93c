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

    known = frameworks.load(folders)
    if folders[1:]:
        from callcheck.knowledge.patterns import check, of_frameworks

        check(of_frameworks(each for each in known if _is_users(each.origin, folders)))
    return Knowledge(
        frameworks=known,
        logs=functools.partial(_logs, folders),
        events=functools.partial(_events, tuple(folders)),
    )


def _logs(folders: Sequence[Path]) -> LogKnowledge:
    from callcheck.knowledge import logs

    known = logs.load(folders)
    if folders[1:]:
        from callcheck.knowledge.patterns import check, of_logs

        check(each for each in of_logs(known) if _is_users(each.origin, folders))
    return known


def _is_users(origin: str, folders: Sequence[Path]) -> bool:
    """Whether a file is one of the user's: what is ours, the tests have looked at."""
    return any(Path(folder) in Path(origin).parents for folder in folders[1:])


def _events(folders: Sequence[Path]) -> tuple[Emitter, ...]:
    from callcheck.knowledge import events

    return events.load(folders)
