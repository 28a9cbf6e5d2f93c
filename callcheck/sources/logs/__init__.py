"""The logs of a target; nothing is read, and no reader imported, before somebody asks what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callcheck.sources.logs.survey import Survey

__all__ = ["Survey"]


def __getattr__(name: str) -> Any:
    """`Survey`, when it is asked for: whether a file is a log, `recognise` tells without it."""
    if name != "Survey":
        raise AttributeError(name)
    from callcheck.sources.logs.survey import Survey

    globals()[name] = Survey
    return Survey
