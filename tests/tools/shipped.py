"""What the shipped rules say, read once in a test process: reading them takes two seconds, and some two hundred modules ask."""

from __future__ import annotations

import functools

from callcheck import knowledge
from callcheck.knowledge import logs
from callcheck.model.knowledge import Knowledge
from callcheck.model.log import LogKnowledge
from callcheck.model.noun import replace


@functools.cache
def shipped_knowledge() -> Knowledge:
    """All of it; frozen, so that whoever asks may have the same."""
    return replace(knowledge.load([knowledge.shipped()]), logs=shipped_logs)


@functools.cache
def shipped_logs() -> LogKnowledge:
    """Formats, signatures and boundaries of logs."""
    return logs.load([knowledge.shipped()])
