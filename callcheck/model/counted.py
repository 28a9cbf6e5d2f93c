"""How is a count said?"""

from __future__ import annotations


def times(count: int) -> str:
    """`once`, `3 times`."""
    return "once" if count == 1 else f"{count} times"
