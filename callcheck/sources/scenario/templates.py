"""What stands in the place of `{{ run.id }}` and its like?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

TEMPLATE = pattern(r"\{\{\s*((?:[^{}\s](?:[^{}]*[^{}\s])?)?)\s*\}\}")
_ENV = pattern(r"^env\.([A-Za-z_][A-Za-z0-9_]*)$")
NAMES = ("run.id", "run.number", "callback.url", "env.NAME")


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a scenario is gone through."""

    number: int
    """From 1, in the order in which triggers were planned."""
    id: str
    """The same in all requests of the run, and in no other."""
    shuffled: bool = False
    """Whether its requests went out in a random order among others."""
    traceparent: str = ""
    """The W3C header that all its requests carry."""


def names(value: Any) -> Iterator[str]:
    """The names that templates in a text, or anywhere in a mapping or list, ask for."""
    if isinstance(value, str):
        yield from (found[1] for found in TEMPLATE.finditer(value))
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from names(key)
            yield from names(held)
    elif isinstance(value, (list, tuple)):
        for held in value:
            yield from names(held)


def known(name: str) -> bool:
    """Whether a template may be called so."""
    return name in NAMES[:3] or bool(_ENV.search(name))


def variable(name: str) -> str:
    """The environment variable that a template asks for, or ""."""
    found = _ENV.search(name)
    return found[1] if found else ""


def values(run: Run, callback_url: str = "") -> dict[str, Any]:
    """What the templates of one run stand for; variables of the environment are looked up when they are asked for."""
    return {"run.id": run.id, "run.number": run.number, "callback.url": callback_url}


def filled(value: Any, given: Mapping[str, Any]) -> Any:
    """The same with every template replaced. A text that is one template alone takes its type, so that `"{{ run.number }}"` is a number in
    JSON. Keys are filled as well."""
    if isinstance(value, str):
        whole = TEMPLATE.fullmatch(value)
        return _value(whole[1], given) if whole else text(value, given)
    if isinstance(value, Mapping):
        return {text(key, given): filled(held, given) for key, held in value.items()}
    return [filled(held, given) for held in value] if isinstance(value, (list, tuple)) else value


def text(value: str, given: Mapping[str, Any]) -> str:
    """The same for a text that stays one."""
    return TEMPLATE.sub(lambda found: str(_value(found[1], given)), value)


def _value(name: str, given: Mapping[str, Any]) -> Any:
    wanted = variable(name)
    return os.environ.get(wanted, "") if wanted else given[name]
