"""What many probes want to know of the target's files, and takes long to find: how is it worked out once, and still known to be asked by each?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from callcheck.sources.eyes import Eyes

FoundT = TypeVar("FoundT")


class Once:
    """What is worked out for the first who asks; whoever asks later has asked for the same files."""

    def __init__(self, eyes: Eyes) -> None:
        self._eyes = eyes
        self._found: dict[tuple[str, ...], tuple[Any, set[str]]] = {}

    def __call__(self, key: tuple[str, ...], work_out: Callable[[], FoundT]) -> FoundT:
        """What the function gives; a failure is not kept. The key begins with the name of what is worked out."""
        if key not in self._found:
            before, files = self._eyes.asked, set[str]()
            self._eyes.asked = files
            try:
                self._found[key] = work_out(), files
            finally:
                before |= files
                self._eyes.asked = before
        found: FoundT = self._found[key][0]
        self._eyes.asked |= self._found[key][1]
        return found
