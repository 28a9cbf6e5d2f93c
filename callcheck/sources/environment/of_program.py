"""What does the deployment set a variable to for one of several programs?

    worker: {command: node dist/worker.js, environment: {QUEUE: mails}}       -> mails, for src/worker.ts
    bot:    {command: python -m bot, environment: {TOKEN: "${BOT_TOKEN:?}"}}   -> $BOT_TOKEN, which is filled in where it runs
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.environ import set_to
from callcheck.sources.environment import settings
from callcheck.sources.environment.owners import programs_of
from callcheck.sources.environment.setting import Setting

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_SPLIT = pattern(r"[^A-Za-z0-9]+")
_HOLE = pattern(r"^\$\{(\w+)(?::?[-?+][^}]*)?\}$|^\$(\w+)$")


def set_of(eyes: Eyes, programs: AbstractSet[str], variable: str) -> set[str]:
    """By the commands of the units that set it, by their names where a command is not known, then what holds for every unit, or stands anywhere; not what units get that run the images of others, and no program from here."""
    here = [(each, starts) for each in settings(eyes) if each.name == variable and each.value and ((starts := programs_of(eyes, each)) or not each.foreign)]
    own = {each.value for each in _of_units(here, programs)}
    own = own or {each.value for each, _ in here if not each.unit}
    return own or {each.value for each, starts in here if not starts} or (set() if here else set(set_to(eyes.code.project, variable)))


def set_anywhere(eyes: Eyes, variable: str) -> list[str]:
    """What any unit is given, or for want of one what any file of the deployment says."""
    return [each.value for each in settings(eyes) if each.name == variable and each.value] or list(set_to(eyes.code.project, variable))


def kept_as(eyes: Eyes, programs: AbstractSet[str], variable: str) -> set[str]:
    """The same for a secret: its value, or where the units of a program find it; empty where no unit is seen to get it."""
    here = [(each, programs_of(eyes, each)) for each in settings(eyes) if each.name == variable and (each.value or each.secret)]
    return {each.value or place(each.secret) for each in _of_units(here, programs)}


def place(secret: str) -> str:
    """Where a value is kept, however it is asked for: `${TOKEN:?is missing}` and `$TOKEN` are one."""
    found = _HOLE.match(secret)
    return f"${found[1] or found[2]}" if found else secret


def _of_units(here: list[tuple[Setting, frozenset[str]]], programs: AbstractSet[str]) -> Iterator[Setting]:
    own = [each for each, starts in here if starts & programs]
    words = {word for path in programs for word in _SPLIT.split(path)}
    yield from own or (each for each, starts in here if not starts and each.unit and not words.isdisjoint(_SPLIT.split(each.unit)))
