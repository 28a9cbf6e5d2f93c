"""From where on is a diagnosis likely?"""

from __future__ import annotations

from callcheck.model.words import Word

LIKELY = 0.5
"""From here on a diagnosis is told as what is likely."""
VERY_LIKELY = 0.85


class Level(Word):
    """How sure a diagnosis is, where three steps are all that can be shown."""

    VERY_LIKELY = "very likely"
    LIKELY = "likely"
    UNLIKELY = "unlikely"


def level(confidence: float) -> Level:
    """The step that a confidence is on."""
    return Level.VERY_LIKELY if confidence >= VERY_LIKELY else Level.LIKELY if confidence >= LIKELY else Level.UNLIKELY
