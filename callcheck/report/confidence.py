"""How is it said how sure a diagnosis is?"""

from __future__ import annotations

LIKELY = 0.5
"""From here on a diagnosis is told as what is likely."""
VERY_LIKELY = 0.85
_WORDS = (
    (0.97, "almost certain"),
    (VERY_LIKELY, "very likely"),
    (0.65, "likely"),
    (LIKELY, "more likely than not"),
    (0.25, "possible"),
    (0.0, "unlikely"),
)


def in_words(confidence: float) -> str:
    """A confidence as it is said: "very likely, 93 %"."""
    word = next(word for least, word in _WORDS if confidence >= least)
    return f"{word}, {confidence * 100:.0f} %"


def tone(confidence: float) -> str:
    """The colour in which it is shown."""
    return "bad" if confidence >= VERY_LIKELY else "doubtful" if confidence >= LIKELY else "faint"
