"""The eyes: the only code that touches disk, processes, sockets and the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callcheck.sources.eyes import Eyes

__all__ = ["Eyes"]


def __getattr__(name: str) -> Any:
    """`Eyes`, when it is asked for: a run comes to this room first for its kept modules, and what is loaded before them is loaded slowly."""
    if name != "Eyes":
        raise AttributeError(name)
    from callcheck.sources.eyes import Eyes

    globals()[name] = Eyes
    return Eyes
