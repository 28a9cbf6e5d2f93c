"""Is a name listened to on one bus in memory, and sent on another one of the same kind?

    export const pubsub = new PubSub();                                        // pubsub.ts
    subscribe: () => pubsub.asyncIterator("BERTH_CHANGED")
    const pubsub = new PubSub();                                               // mutations.ts, which should import that one
    await pubsub.publish("BERTH_CHANGED", { berth })
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from callcheck.model.aside import is_only_test
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Lifetime
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.alike import meets
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.seen import seen
from callcheck.sources.code.socket_servers import local_buses, server_of


@dataclass(frozen=True, slots=True)
class _End:
    """One name that a bus is sent, or listened to for; "" for one that is computed as a whole, and for a bus that is not known."""

    name: str
    bus: str
    use: Use


class SeparateBuses:
    """Silent where one sender of the name may have the listener's bus, and where two programs are apart, which is told as that."""

    name = "separate-buses"
    looks_at = Sight.SOURCE
    about = ("local-bus",)
    answers = frozenset({EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        made = {identity: bus for bus in local_buses(code) if (identity := server_of(code, bus))}
        if len(made) < 2:
            return
        sent, heard = list(_ends(code, "channel-out")), list(_ends(code, "channel-in"))
        told: set[tuple[str, str]] = set()
        for listener in heard:
            senders = [each for each in sent if each.use.idiom.medium == listener.use.idiom.medium and (not each.name or meets(listener.name, each.name))]
            buses = {each.bus for each in senders}
            if not listener.name or listener.bus in buses or not {listener.bus, *buses} <= made.keys() or (listener.bus, listener.name) in told:
                continue
            heard_on = {each.bus for each in heard if meets(each.name, listener.name)}
            lost = next((each for each in senders if each.name and each.bus not in heard_on), None)
            if lost is None or _apart(code, listener, senders) or code.lifetimes.lifetime(code.lifetimes.born(made[listener.bus].call)) is not Lifetime.PROCESS:
                continue
            told.add((listener.bus, listener.name))
            yield self._told(listener, lost, made)

    def _told(self, listener: _End, lost: _End, made: Mapping[str, Use]) -> Evidence:
        fact = EmittersApart(clean(listener.name, 80), listener.use.framework.name, listener.use.module.language)
        because = (
            seen(fact, lost.use.call, self.name, label="sent here, on another bus"),
            seen(fact, made[lost.bus].call, self.name, label="that bus is made here"),
            seen(fact, made[listener.bus].call, self.name, label="and the one that is listened to here"),
        )
        return seen(fact, listener.use.call, self.name, because)


def _ends(code: Code, does: str) -> Iterator[_End]:
    for use in code.idioms.of(does):
        if not is_only_test(use.module.path):
            bus = code.lifetimes.identity(use.receiver)
            yield from (_End(name if name.strip("*") else "", bus, use) for name in code.idioms.events(use) or [""])


def _apart(code: Code, listener: _End, senders: Collection[_End]) -> bool:
    """Whether no program has both ends."""
    here, there = code.programs.of(listener.use.module), frozenset[str]().union(*(code.programs.of(each.use.module) for each in senders))
    return bool(here and there) and not here & there


PROBE = SeparateBuses()
