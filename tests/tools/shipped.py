"""What the shipped rules say, read once in a test process: reading them takes two seconds, and some two hundred modules ask.

A command that a test runs takes them from what the runs before it kept: reading all anew is nine tenths of a run on a small folder.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path

from callcheck import knowledge
from callcheck.knowledge import logs
from callcheck.model.knowledge import Knowledge
from callcheck.model.log import LogKnowledge
from callcheck.model.noun import replace

KEPT = {"XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")}
"""Environment of a command whose test is not about what is kept."""


@functools.cache
def shipped_knowledge() -> Knowledge:
    """All of it; frozen, so that whoever asks may have the same."""
    return replace(knowledge.load([knowledge.shipped()]), logs=shipped_logs)


@functools.cache
def shipped_logs() -> LogKnowledge:
    """Formats, signatures and boundaries of logs."""
    return logs.load([knowledge.shipped()])
