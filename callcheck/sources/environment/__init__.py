"""Which environment variables does a deployment give to which of its units?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.sources.environment.setting import OPEN, Setting

if TYPE_CHECKING:
    from callcheck.sources import Eyes

__all__ = ["OPEN", "Setting", "settings"]


def settings(eyes: Eyes) -> Iterator[Setting]:
    """Every variable that a file of the target sets, unit by unit. Files that cannot be read say nothing."""
    from callcheck.sources.environment import compose, kube, nomad, platforms

    for read in (compose.read, kube.read, nomad.read, platforms.read):
        yield from read(eyes)
