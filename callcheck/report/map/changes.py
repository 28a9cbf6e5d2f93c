"""What does a change do to the deliveries: which lose their listener, their emission, their common process?

A channel is known again by its event and its object, never by line numbers; one whose file was renamed, or whose object was moved, by what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from callcheck.model.delivery_map import (
    BROKER,
    CONNECTION,
    LIBRARY,
    MEMORY,
    RECORD,
    UNHEARD,
    WAITERS,
    Channel,
    DeliveryMap,
    Site,
)
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.report.map.graph import between

LISTENER_LOST, EMITTER_LOST, APART, BROKEN_NOW = "listener-lost", "emitter-lost", "apart", "broken"
LOSSES = (LISTENER_LOST, EMITTER_LOST, APART, BROKEN_NOW)
"""The ways in which a change costs deliveries; all others are told, and fail nothing."""
_LINE = pattern(r":\d+(?=$|\.)")
_ALIKE = 0.5
_OF_ONE_PROCESS = (MEMORY, WAITERS)


@dataclass(frozen=True, slots=True)
class Change:
    """One channel that is not as it was; `how` is a loss, or unheard (new, and nobody listens), carried (over something else), moved (to other
    programs), fewer-listeners, listener-gained, emitter-gained, mended, new, gone."""

    how: str
    event: str
    why: str
    before: Channel | None
    after: Channel | None

    @property
    def lost(self) -> bool:
        """Whether it costs deliveries."""
        return self.how in LOSSES


def changes(before: DeliveryMap, after: DeliveryMap, renamed: Mapping[str, str]) -> list[Change]:
    """What is not as it was, losses first; `renamed` gives for a file of before the name that it has now."""
    found = [change for one, other in _pairs(before.channels, after.channels, renamed) for change in _compared(one, other)]
    order = (*LOSSES, "unheard")
    return sorted(found, key=lambda each: (order.index(each.how) if each.how in order else len(order), each.event, each.why))


def renames(gone: Mapping[str, Sequence[str]], come: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Of files by their lines: for each that is gone the one that came and is most like it, if half of their lines are the same."""
    lines = {path: frozenset(line.strip() for line in text) - {""} for path, text in (*gone.items(), *come.items())}
    pairs = [(_likeness(lines[old], lines[new]), old, new) for old in gone for new in come]
    found: dict[str, str] = {}
    for alike, old, new in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if alike >= _ALIKE and old not in found and new not in found.values():
            found[old] = new
    return found


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one), len(other), 1)


def _pairs(before: Sequence[Channel], after: Sequence[Channel], renamed: Mapping[str, str]) -> Iterator[tuple[Channel | None, Channel | None]]:
    """Each channel of before with what it is now: by name and object, then by name and files, then by name alone if it is the only one. Of
    several that fit, the one goes with the other whose places are most like its own."""
    left, right = dict(enumerate(before)), dict(enumerate(after))
    then = {number: _places(channel, renamed) for number, channel in left.items()}
    now = {number: _places(channel, {}) for number, channel in right.items()}
    was = {number: _identity(channel, renamed) for number, channel in left.items()}
    is_ = {number: _identity(channel, {}) for number, channel in right.items()}

    def moved(one: int, other: int) -> bool:
        """Another object or carrier under the same name, at one of the same places."""
        return bool(was[one][2]) and was[one][2] == is_[other][2] and bool(then[one] & now[other])

    def only(one: int, other: int) -> bool:
        carrier, _, event = was[one]
        return bool(event) and (carrier, event) == is_[other][::2] and sum(was[n][2] == event for n in left) == 1 == sum(is_[n][2] == event for n in right)

    same: Callable[[int, int], bool]
    for same in (lambda one, other: was[one] == is_[other], moved, only):
        fitting = [(_shared(then[one], now[other]), one, other) for one in left for other in right if same(one, other)]
        for _, one, other in sorted(fitting, key=lambda each: (-each[0], each[1], each[2])):
            if one in left and other in right:
                yield left.pop(one), right.pop(other)
    yield from ((one, None) for one in left.values())
    yield from ((None, other) for other in right.values())


def _identity(channel: Channel, renamed: Mapping[str, str]) -> tuple[str, str, str]:
    path = _LINE.sub("", channel.object)
    # The place of making may be followed by a field: `src/bus.ts:5.created`.
    return (channel.carrier, next((new + path[len(old) :] for old, new in renamed.items() if path == old or path.startswith(f"{old}.")), path), channel.event)


def _places(channel: Channel, renamed: Mapping[str, str]) -> Counter[tuple[str, str]]:
    return Counter((site.does, renamed.get(site.where.path, site.where.path)) for site in channel.sites if site.where)


def _shared(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    """Which share of all places both have, 0 to 1."""
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)


def _compared(before: Channel | None, after: Channel | None) -> Iterator[Change]:
    if before is None or after is None:
        yield from _alone(before, after)
        return
    event = clean(after.event) or "a computed name"

    def change(how: str, why: str) -> Change:
        return Change(how, event, why, before, after)

    if before.listens and after.emits and not after.listens:
        yield change(LISTENER_LOST, f"is emitted at {_where(after.emits)}, and nobody listens any more; it was heard at {_where(before.listens)}")
    elif before.emits and after.listens and not after.emits:
        yield change(EMITTER_LOST, f"is listened to at {_where(after.listens)}, and nobody emits it any more; it was emitted at {_where(before.emits)}")
    elif len(after.listens) < len(before.listens):
        yield change("fewer-listeners", f"has {_count(len(after.listens))}, and had {len(before.listens)}")
    if after.listens and not before.listens:
        yield change("listener-gained", f"is heard now, at {_where(after.listens)}")
    if after.emits and not before.emits:
        yield change("emitter-gained", f"is emitted now, at {_where(after.emits)}")
    yield from _in_processes(before, after, change)
    if between(before) != between(after) and (before.carrier, before.system) != (after.carrier, after.system):
        yield change("carried", f"goes {between(after)}, and went {between(before)}")
    # What logs and running processes show was not there to be seen at the revision, whatever the change did.
    had, has = ({each.cause: each for each in channel.broken if not each.observed} for channel in (before, after))
    for cause in [cause for cause in has if cause not in had]:
        yield change(BROKEN_NOW, f"is broken by {cause} ({has[cause].confidence:.0%}): {clean(has[cause].why)}")
    for cause in [cause for cause in had if cause not in has]:
        yield change("mended", f"is broken by {cause} no more")


def _alone(before: Channel | None, after: Channel | None) -> Iterator[Change]:
    """A channel that is new, or gone with both its ends; what a library emits by itself is not worth a word."""
    if after is not None:
        event = clean(after.event) or "a computed name"
        broken = [each for each in after.broken if not each.observed]
        for each in broken:
            yield Change(BROKEN_NOW, event, f"is new, and broken by {each.cause} ({each.confidence:.0%}): {clean(each.why)}", None, after)
        if after.state == UNHEARD and not broken:
            yield Change("unheard", event, f"is new, emitted at {_where(after.emits)}, and nobody listens", None, after)
        elif after.carrier not in (LIBRARY, RECORD) and not broken:
            yield Change("new", event, f"is new, {between(after)}", None, after)
    elif before is not None and before.carrier not in (LIBRARY, RECORD):
        yield Change("gone", clean(before.event) or "a computed name", f"is gone, {between(before)}", before, None)


def _in_processes(before: Channel, after: Channel, change: Callable[[str, str], Change]) -> Iterator[Change]:
    """Whether the ends still share a process, where that matters, and to which programs they have moved."""
    then, now = _ends(before), _ends(after)
    if after.carrier in _OF_ONE_PROCESS and now[0] and now[1] and not now[0] & now[1] and then[0] & then[1]:
        yield change(APART, f"is emitted in {_list(now[0])} and listened to in {_list(now[1])}, which share no memory; both were in {_list(then[0] & then[1])}")
        return
    for does, old, new in zip(("emitted", "listened to"), then, now, strict=True):
        if old and new and old != new and after.carrier in (*_OF_ONE_PROCESS, BROKER, CONNECTION):
            yield change("moved", f"is {does} in {_list(new)}, and was in {_list(old)}")


def _ends(channel: Channel) -> tuple[frozenset[str], frozenset[str]]:
    """The programs that emit, and those that listen; empty if that of one site is not known."""
    return (_programs(channel.emits), _programs(channel.listens))


def _programs(sites: Sequence[Site]) -> frozenset[str]:
    return frozenset(name for site in sites for name in site.programs) if all(site.programs for site in sites) else frozenset()


def _where(sites: Sequence[Site]) -> str:
    places = [clean(str(site.where), 80) if site.where else _list(frozenset(site.programs)) for site in sites]
    more = f" and {len(places) - 2} more" if len(places) > 2 else ""
    return " and ".join(places[:2]) + more if not more else ", ".join(places[:2]) + more


def _list(names: frozenset[str]) -> str:
    return ", ".join(clean(name, 60) for name in sorted(names))


def _count(listeners: int) -> str:
    return "1 listener" if listeners == 1 else f"{listeners} listeners"
