"""What do the functions come to that charts make the words of a command with?

    - --queues={{ join "," .Values.worker.queues }}        {{ .Values.worker.queues | join "," }}
    image: {{ printf "%s:%s" .Values.image.name .Values.image.tag }}      {{ required "say where" .Values.host }}

Helm 3's functions (sprig 3.3): what is piped into one is its last word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from callcheck.model.pattern import pattern

_WORD = pattern(r"\"[^\"]{0,200}\"|[^\s\"()]{1,300}")
_WHOLE = pattern(r"\s*(?:\"[^\"]{0,200}\"|[^\s\"()]{1,300})(?:\s+(?:\"[^\"]{0,200}\"|[^\s\"()]{1,300})){0,11}\s*$")
_VERB = pattern(r"%[sdvq]")


def called(text: str, piped: Sequence[Any], read: Callable[[str], Any]) -> Any:
    """The value of a call; None if it is none of these, or one of its words is not known. `piped` holds what comes through a pipe, if anything does."""
    name, _, rest = text.partition(" ")
    function = _FUNCTIONS.get(name)
    if function is None or (rest.strip() and not _WHOLE.match(rest)):
        return None
    given = [*map(read, _WORD.findall(rest)), *piped]
    try:
        return function(*given)
    except (TypeError, ValueError, AttributeError):
        return None


def _join(between: str, items: list[Any]) -> str | None:
    return between.join(map(_told, items)) if isinstance(items, list) and not any(isinstance(item, (dict, list)) or item is None for item in items) else None


def _printf(form: str, *given: Any) -> str | None:
    if form.count("%") != len(given) or len(_VERB.findall(form)) != len(given) or any(isinstance(each, (dict, list)) or each is None for each in given):
        return None
    words = iter(given)
    return _VERB.sub(lambda _: _told(next(words)), form)


def _told(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _list(*given: Any) -> list[Any] | None:
    return None if any(each is None for each in given) else list(given)


def _ternary(one: Any, other: Any, test: Any) -> Any:
    return None if test is None else one if test is True else other


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "join": _join,
    "printf": _printf,
    "required": lambda _, value: value,
    "ternary": _ternary,
    "coalesce": lambda *given: next((each for each in given if each), None),
    "list": _list,
    "replace": lambda old, new, text: re.sub(re.escape(old), lambda _: new, text),
    "upper": lambda text: text.upper(),
    "first": lambda items: items[0] if isinstance(items, list) and items else None,
}
