"""Where in a cure do names belong that only the diagnosis knows?

bus.on("{callcheck.event.near}", handle)      a hole
await redis.get(f"done:{job.id}")             code
"""

from __future__ import annotations

from collections.abc import Callable

from callcheck.model.pattern import pattern

_HOLE = pattern(r"\{((?:callcheck|code|url|http)\.[a-z_.]+|service\.name|faas\.(?:name|platform)|messaging\.system|server\.address|gen_ai\.request\.model)\}")


def named(text: str, name: Callable[[str], str]) -> str:
    """The text with each hole replaced by what is said for its attribute."""
    return _HOLE.sub(lambda hole: name(hole[1]), text)


def words(attribute: str) -> str:
    """An attribute as a reader without a diagnosis is told of it: `callcheck.event.name` is the event name."""
    return attribute.removeprefix("callcheck.").replace(".", " ").replace("_", " ")
