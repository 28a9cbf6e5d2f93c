"""Does a button carry a name that its handler does not take?

    InlineKeyboardButton("Buy", callback_data="buy:1")
    CallbackQueryHandler(buy, pattern="^buy_")          # nothing that a button carries begins so
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen

_ALIKE = 0.6
_HOLE = r"\$?\{[^{}]*\}"
_TEXT = pattern(r"(?:[^\"'`{}\n]|\$?\{[^{}\n]{0,200}\}){0,200}")
"""A text to its end: the quotes of what is put into it are none of its own, as in `f"buy:{item['id']}"`."""


class Choices:
    """Lays the names that `choice` idioms take beside those that buttons and forms carry; silent where one of those is computed."""

    name = "choices"
    looks_at = Sight.SOURCE
    about = ("choice",)
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        uses: dict[str, list[tuple[Use, str]]] = {}
        for use in code.idioms.of("choice"):
            uses.setdefault(use.idiom.says, []).append((use, _taken(code, use)))
        for says, heard in uses.items():
            carried = _carried(code, says)
            if carried is None:
                continue
            free = [name for name in carried if not any(taken and _takes(use, taken, name) for use, taken in heard)]
            for use, taken in heard:
                near = max(free, key=lambda name: _likeness(taken, name), default="")
                if taken and near and _likeness(taken, near) >= _ALIKE and not any(_takes(use, taken, name) for name in carried):
                    fact = EventNeverEmitted(clean(taken, 80), clean(near, 80), use.framework.name, use.module.language)
                    yield seen(fact, use.call, self.name)


def _taken(code: Code, use: Use) -> str:
    """The name or pattern that a handler takes; "" if it takes all, or if it is computed."""
    if use.idiom.event:
        return next((code.idioms.text(node) for node in code.idioms.placed(use.call, use.idiom.event)), "")
    lines = module_of(use.call).lines[use.call.line - 1 : max(use.call.end_line, use.call.line)]
    found = re.search(use.idiom.scope, "\n".join(lines))
    return found[1] if found else ""


def _carried(code: Code, says: str) -> list[str] | None:
    """The names that buttons carry, their computed parts as 0; None if one of them is computed from its beginning."""
    names: dict[str, None] = {}
    for path in code.project.sources:
        text = code.project.text(path)
        for found in re.finditer(says, text):
            whole = _TEXT.match(text, found.start(1)) if found[1] and found[1].count("{") > found[1].count("}") else None
            name = whole[0] if whole is not None else found[1]
            if not name or re.match(_HOLE, name):
                return None
            names[re.sub(_HOLE, "0", name)] = None
    return list(names)


def _takes(use: Use, taken: str, name: str) -> bool:
    if "pattern" in use.idiom.traits:
        try:
            return re.match(taken, name) is not None
        except re.error:
            return True
    return name.startswith(taken) if "prefix" in use.idiom.traits else name == taken


def _likeness(taken: str, name: str) -> float:
    """How much the letters of two names have in common, in the order of their words or in another."""
    from difflib import SequenceMatcher

    one, other = (re.findall(r"[A-Za-z]+", text.lower()) for text in (taken, name))
    pairs = ((one, other), (sorted(one), sorted(other)))
    return max(SequenceMatcher(None, "".join(left), "".join(right)).ratio() for left, right in pairs)


PROBE = Choices()
