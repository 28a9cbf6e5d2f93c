"""How is it said how sure a diagnosis is?"""

from __future__ import annotations

from callcheck.model.confidence import LIKELY, VERY_LIKELY, Level, level

_WORDS = (
    (0.97, "almost certain"),
    (VERY_LIKELY, "very likely"),
    (0.65, "likely"),
    (LIKELY, "more likely than not"),
    (0.25, "possible"),
    (0.0, "unlikely"),
)
_TONES = {Level.VERY_LIKELY: "bad", Level.LIKELY: "doubtful", Level.UNLIKELY: "faint"}


def in_words(confidence: float) -> str:
    """A confidence as it is said: "very likely, 93 %"."""
    word = next(word for least, word in _WORDS if confidence >= least)
    return f"{word}, {confidence * 100:.0f} %"


def tone(confidence: float) -> str:
    """The colour in which it is shown."""
    return _TONES[level(confidence)]
