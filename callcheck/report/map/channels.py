"""Which ends have an event and an object in common?"""

from __future__ import annotations

from collections.abc import Sequence

from callcheck.model.delivery_map import MEMORY, OPEN, UNFED, UNHEARD, WHOLE, Channel, Site
from callcheck.model.meets import fits
from callcheck.model.pattern import pattern
from callcheck.report.map.sites import EMITS, LISTENS, End

_LINE = pattern(r":\d+(?=$|\.)")
"""The line in an object's id: `src/bus.ts:5`, `src/bus.ts:5.created`."""
_PART = pattern(r"(?<![^/.])(?:[+#]|>$)(?![^/.])")
"""A part of a topic that stands for any, of MQTT, AMQP and NATS: `plant/+/meter`, `orders.#`, `orders.>`."""
_BY_ITSELF = frozenset({"error", "newListener", "removeListener", "new_listener"})
"""Events that an emitter sends by itself."""


def channels(ends: Sequence[End]) -> list[Channel]:
    """The channels, in the order of their first ends. Of one object, an end with a computed name is part of each channel that it may be meant for."""
    spaces: dict[tuple[str, str, str], list[End]] = {}
    for end in ends:
        spaces.setdefault((end.carrier, end.object, "" if end.object else end.system), []).append(end)
    keys: dict[str, int] = {}
    return [channel for space in spaces.values() for channel in _of(space, keys)]


def _of(space: Sequence[End], keys: dict[str, int]) -> list[Channel]:
    """The channels of one object."""
    names = dict.fromkeys(end.site.event for end in space if _plain(end.site.event))
    wild = [end for end in space if not _plain(end.site.event)]
    found = []
    for name in names:
        own = [end for end in space if end.site.event == name]
        found.append(_channel(name, own, [end for end in wild if _may(end.site, name)], keys))
    left = [end for end in wild if not any(_may(end.site, name) for name in names)]
    while left:
        name = left[0].site.event
        own = [end for end in left if end.site.event == name]
        others = [end for end in left if end.site.event != name and any(_meet(end.site, each.site) for each in own)]
        found.append(_channel(name, own, others, keys))
        left = [end for end in left if end not in own and end not in others]
    return found


def _plain(event: str) -> bool:
    return bool(event) and "*" not in event and not _PART.search(event)


def _may(site: Site, name: str) -> bool:
    event = _PART.sub("*", site.event)
    return fits(event, name) if site.does == LISTENS else fits(name, event)


def _meet(one: Site, other: Site) -> bool:
    return one.does != other.does and fits(_PART.sub("*", one.event), _PART.sub("*", other.event))


def _channel(event: str, own: Sequence[End], wild: Sequence[End], keys: dict[str, int]) -> Channel:
    first = own[0]
    sites = [end.site for end in (*own, *wild)]
    emits = tuple(site for site in sites if site.does == EMITS)
    listens = tuple(site for site in sites if site.does == LISTENS)
    key = f"{first.carrier} {_LINE.sub('', first.object) or first.system} {event}"
    keys[key] = number = keys.get(key, 0) + 1
    state = _state(event, first, emits, listens)
    return Channel(key if number == 1 else f"{key} #{number}", event, first.object, first.carrier, first.system, state, emits, listens)


def _state(event: str, first: End, emits: Sequence[Site], listens: Sequence[Site]) -> str:
    """Only of the application's own emitters in memory is it known that both ends are in its code; waiters may be woken in many ways."""
    if emits and listens:
        return WHOLE
    own = first.carrier == MEMORY and first.object and _made_here(first.object) and _plain(event) and event not in _BY_ITSELF
    if not own:
        return OPEN
    return UNHEARD if emits else UNFED


def _made_here(name: str) -> bool:
    """Whether an object is one of the project's own, and which: it is known by the place of its making, or in words of ours, not by a library's
    dotted name. Of the objects of one class it cannot be told who else has one."""
    return ("/" in name or ":" in name or " " in name) and not name.startswith("instance of")
