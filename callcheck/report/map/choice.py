"""Which part of a map is to be seen?"""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

from callcheck.model.delivery_map import BROKEN, UNFED, UNHEARD, Channel, DeliveryMap, Omitted
from callcheck.model.noun import dataclass, replace

MOST = 50
"""Channels; more are hard to read in a drawing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; what is empty asks for nothing."""

    events: tuple[str, ...] = ()
    """Names, or patterns with `*` and `?`, of events, topics and queues."""
    programs: tuple[str, ...] = ()
    """Programs that one end of a channel runs in."""
    troubled: bool = False
    """Only channels that a cause breaks, or that lack an end."""
    most: int = MOST
    """Channels at most; 0 for all."""


def chosen(whole: DeliveryMap, choice: Choice) -> DeliveryMap:
    """The map with the channels that are asked for, and in `omitted` what was cut off of them. What was not asked for is not counted there."""
    wanted = [channel for channel in whole.channels if _asked(channel, choice)]
    kept = wanted[: choice.most] if choice.most else wanted
    found = replace(whole, channels=tuple(kept))
    return cut(found, wanted) if len(kept) < len(wanted) else found


def cut(shown: DeliveryMap, of: Sequence[Channel]) -> DeliveryMap:
    """The map with what it leaves out of these channels."""
    kept = {site.key for site in shown.sites()}
    sites = {site.key for channel in of for site in channel.sites} - kept
    return replace(shown, omitted=Omitted(len(of) - len(shown.channels), len(sites), "those with a cause, then those that lack an end, then those with the most sites"))


def _asked(channel: Channel, choice: Choice) -> bool:
    if choice.troubled and channel.state not in (BROKEN, UNHEARD, UNFED):
        return False
    if choice.programs and not set(choice.programs) & set(channel.programs):
        return False
    names = {channel.event, *(site.event for site in channel.sites)}
    return not choice.events or any(fnmatch.fnmatchcase(name, asked) for name in names for asked in choice.events)
