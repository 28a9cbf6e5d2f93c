"""What is one rule by which a proxy changes paths?"""

from __future__ import annotations

import re

from callcheck.model.noun import dataclass
from callcheck.sources.files import File


@dataclass(frozen=True, slots=True)
class Way:
    """What is matched (from the start of the path), what is put in its place (`$1` for a group; None for a path that is handed on as it is), and where
    that stands."""

    match: re.Pattern[str]
    put: str | None
    file: File
    line: int


def prefix(path: str) -> re.Pattern[str]:
    """What begins with whole segments of a path."""
    return re.compile(re.escape(path.rstrip("/")) + r"(?=/|$)")
