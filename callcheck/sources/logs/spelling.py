"""Do two names of events differ by their spelling only, and does a filter take a topic, or would it but for its spelling?

Topics of MQTT and subjects of NATS are compared letter by letter, a slash at either end makes a level of its own, and a `+` or `*` stands for one level.
Of names in code a slip of the pen is told more freely (`callcheck.sources.code.alike`): what a log names may be one of many of a kind, `floor/east` and `floor/west`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from callcheck.model.pattern import pattern

_ALIKE = 0.8
_VERSION = pattern(r"[._/-]v\d{1,2}$", re.I)
_ONE_WAY = frozenset(("to", "from", "by", "of", "for", "into", "after", "before"))
"""Around these the order of the parts means something: `cash_to_bank`."""
ONE = ("+", "*")
"""Stand for one level of a topic."""
_REST = ("#", ">")


def alike(one: str, other: str) -> bool:
    """Whether two different names differ by their spelling only: case, separators, the order of their parts, an ending, a letter or two."""
    if one == other or min(len(one), len(other)) < 5:
        return False
    (bare, plain, digits, parts), (bare_, plain_, digits_, others) = _taken_apart(one), _taken_apart(other)
    if bare == bare_ or plain == plain_:
        return True
    if digits != digits_:
        return False
    if len(parts) == len(others) > 1:
        if sorted(parts) == sorted(others):
            return _ONE_WAY.isdisjoint(parts)
        # One part may differ, and then by its ending: `order.created` and `order.cancelled` are two events.
        apart = [pair for pair in zip(parts, others, strict=True) if pair[0] != pair[1]]
        return len(apart) == 1 and _stem(*apart[0])
    from difflib import SequenceMatcher

    short, long_ = sorted((one.lower(), other.lower()), key=len)
    alike_ = SequenceMatcher(None, short, long_).ratio() >= 0.88
    return len(parts) == len(others) and alike_ and not long_.endswith(short)


@functools.lru_cache(4096)
def _taken_apart(name: str) -> tuple[str, str, list[str], list[str]]:
    """A name's letters and digits alone, the name without a version, its numbers, and its words in lower case; each name is compared with all others."""
    parts = [part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)]
    return re.sub(r"[^a-z0-9]", "", name.lower()), _VERSION.sub("", name), re.findall(r"\d+", name), parts


def _stem(one: str, other: str) -> bool:
    short, long_ = sorted((one, other), key=len)
    if long_.endswith(short):
        return False  # `locked` and `unlocked`
    if long_.startswith(short[: max(3, len(short) - 1)]) and len(long_) - len(short) <= 3:
        return True
    from difflib import SequenceMatcher

    return min(len(one), len(other)) > 4 and SequenceMatcher(None, one, other).ratio() >= _ALIKE


def matches(topic: str, filter: str) -> bool:
    """Whether a filter takes a topic: one of MQTT (`+` for one level, `#` for the rest), of NATS (`*` and `>`) or of AMQP (`*` and `#`)."""
    return _matches(topic.split("/"), filter.split("/"), "+", ("#",)) or _matches(topic.split("."), filter.split("."), "*", _REST)


def too_short(topic: str, filter: str) -> bool:
    """Whether a filter that ends in a wildcard for one level would take a topic of more levels if that stood for all of them, or one for the rest, which stands for
    a level at least (NATS), one of none."""
    if filter.endswith(".>"):
        return topic == filter[:-2]
    return filter.endswith(ONE) and not matches(topic, filter) and any(matches(topic, filter[:-1] + rest) for rest in _REST)


def _matches(have: list[str], want: list[str], one: str, rest: tuple[str, ...]) -> bool:
    for at, level in enumerate(want):
        if level in rest:
            return level != ">" or at < len(have)
        if at >= len(have) or level not in (one, have[at]):
            return False
    return len(want) == len(have)


def nearly(topic: str, filter: str) -> bool:
    """Whether a filter that does not take a topic would, but for the spelling of one level, for letters in another case, for a separator at an end, or for a
    wildcard that stands for several levels."""
    separator = "/" if "/" in filter else "."
    have, want = (text.strip(separator).split(separator) for text in (topic, filter))
    return _apart(have, want) in (0, 1) or _apart([level.lower() for level in have], [level.lower() for level in want]) == 0 or _stretched(have, want)


def _apart(have: Sequence[str], want: Sequence[str]) -> int:
    """How many levels are only alike; -1 if some are not even that, or if no level is named."""
    if want[-1] == ">" and len(have) < len(want):
        return -1  # It stands for a level at least; who sends without one is told by `too_short`.
    if want[-1] in _REST:
        want, have = want[:-1], have[: len(want) - 1]
    if len(have) != len(want) or all(level in ONE for level in want):
        return -1
    others = [(level, other) for level, other in zip(have, want, strict=True) if other not in ONE and level != other]
    return len(others) if all(alike(level, other) for level, other in others) else -1


def _stretched(have: Sequence[str], want: Sequence[str]) -> bool:
    """Whether the only wildcard of a filter would have to stand for several levels, with named ones at either side."""
    wild = [at for at, level in enumerate(want) if level in ONE]
    if len(wild) != 1 or not 0 < wild[0] < len(want) - 1 or len(have) <= len(want) or want[-1] in _REST:
        return False
    return list(have[: wild[0]]) == list(want[: wild[0]]) and list(have[wild[0] + 1 - len(want) :]) == list(want[wild[0] + 1 :])
