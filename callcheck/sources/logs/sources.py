"""From which queue, group or subscription does a process say that it takes, and into which does one put?

orders-1   | RMQ transport: queue=bakery_events durable=true prefetch=10
loyalty-1  | RMQ transport: queue=bakery_events durable=true prefetch=10
worker-1   | Processing jobs from the [default] queue.
web-1      | RenderInvoice dispatched order=71 queue=invoices
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import Table, by_place, nothing
from callcheck.sources.logs.instances import service_of
from callcheck.sources.logs.signals import Tally
from callcheck.sources.logs.view import View

_MOST = 500
_NAMED = rare(
    r"\b(?:(?:task_?)?queue(?:[._-]?(?:name|group))?|(?:consumer[ ._-]?)?group(?:[ ._-]?(?:id|name))?|durable(?:[._-]?name)?|subscription(?:[._-]?name)?)(?:=| ?: ?| )[\"'`]?(?P<name>[A-Za-z][\w.:/-]{2,79})"
    r"|\b(?P<group>[A-Za-z][\w.-]{2,79}): partitions assigned: \[\w|\bSending message \S{1,200} with (?P<sender>[A-Za-z][\w.-]{1,79}) sender using",
    re.I,
)
"""Spring's listener containers say their group first; Symfony's Messenger says the transport that a message is put into."""
_TAKES = rare(r"prefetch|no_?ack|\bconsum|\blisten(?:s|ing)\b|\bsubscrib|\bworker\b|\btak(?:es|ing)\b|\bpoll(?:s|ing)\b|\bjoined\b|\bpartitions assigned\b", re.I)
_PUTS = rare(
    r"\b(?:dispatch(?:ed|ing)|en?queu(?:ed|ing)|queued|pushed|inserted|added|submitted|scheduled|sent|published|sending message)\b|\bworkflow (?:execution )?started\b|\bstart(?:ed|ing) (?:the )?workflow\b", re.I
)
_FILLED = ("queue", "task", "sending")
"""Work is put into a queue; into a group or a subscription, users are."""
_FILLS = rare(r"\b(?:depth|waiting|pending|lag|backlog|len(?:gth)?|size)[\"']?[=: ]", re.I)
"""How full a queue is says nothing of who takes from it."""
_LISTED = rare(
    r"Processing jobs from the \[(?P<laravel>[^\]\n]{1,300})\]|\*\*\* Listening on (?P<rq>[\w, :.-]{1,300}?)\.\.\.|Consuming messages from transports? \"(?P<symfony>[^\"\n]{1,300})\""
    r"|\bthread_pool_size: .{0,80}|started scheduler with queues=(?P<good>[\w,*;:-]{1,300})|Listening queues: (?P<hangfire>['\w, -]{1,300})"
    r"|\b(?:queues|transports)=(?P<own>\[[^\]\n]{1,300}\]|[A-Za-z*][\w.-]{0,79}(?: (?:queues|transports)=[\w.-]{1,80}){0,20})"
    r"|\b(?:[Ww]orkers?|[Cc]onsum(?:er|ing)|[Ll]istening|[Pp]oll(?:er|ing)|[Ss]ubscrib(?:er|ed|ing)|[Pp]rocess(?:or|ing))\b[^=:\n]{0,60}? queues?: ?\[?(?P<plain>[\w.-]{1,60}(?:, ?[\w.-]{1,60}){1,20})",
)
"""All that a worker takes from, as Laravel, RQ, Symfony, GoodJob and Hangfire say when they start it, or an app's own line."""
_SOLID = pattern(r"\bqueues: \"?([\w, *.-]{1,300}?)\"?(?:, |$)")
_BANNER = pattern(r"\.> ([\w.:-]{1,80}) {1,40}exchange=")
"""As Celery does below its name."""
_EACH = pattern(r"(?:(?:queues|transports)=)?[\"':]{0,2}([A-Za-z*][\w.*-]{0,79})")


@dataclass(slots=True)
class Sources:
    """Those of a part of the logs; parts merge."""

    taken: Table[tuple[str, str], Tally] = field(default_factory=lambda: Table(_MOST, Tally))
    """Service and the name of what it takes from -> the lines that say so."""
    put: Table[str, Tally] = field(default_factory=lambda: Table(_MOST, Tally))
    """What work is put into -> the lines that say so."""
    named: Table[str, bool] = field(default_factory=lambda: Table(_MOST, bool))
    """What any other line names."""
    lists: Table[str, Tally] = field(default_factory=lambda: Table(_MOST, Tally))
    """What a worker lists when it is started -> the lines that do so."""

    def see(self, view: View) -> None:
        """One record."""
        listed = view.find(_LISTED, 600)
        names = _listed(view.text, listed) if listed else _BANNER.findall(view.full) if view.record.more and ".> " in view.full else ()
        for each in names:
            if (held := self.lists.at(each)) is not None:
                held.add(view)
        found = view.find(_NAMED, 400)
        if not found:
            return
        name = found["name"] or found["group"] or found["sender"]
        puts = found[0].lower().startswith(_FILLED) and view.says(_PUTS, 400)
        if puts and (held := self.put.at(name)) is not None:
            held.add(view)
        elif not puts and not view.says(_FILLS, 400):
            self.named.at(name)
        if not puts and view.says(_TAKES, 400) and (tally := self.taken.at((service_of(view.instance), name))) is not None:
            tally.add(view)

    def merge(self, other: Sources) -> None:
        """Take the other part's in."""
        self.taken.merge(other.taken, Tally.merge)
        self.put.merge(other.put, Tally.merge)
        self.named.merge(other.named, nothing)
        self.lists.merge(other.lists, Tally.merge)

    def pairs(self) -> Iterator[tuple[str, str, str, Tally, Tally]]:
        """What two services take from: its name, one of them, the other one, and the lines of each."""
        by_name: dict[str, list[tuple[str, Tally]]] = {}
        for (service, name), tally in sorted(self.taken.items(), key=lambda item: by_place(item[1].samples[0])):
            if service:
                by_name.setdefault(name, []).append((service, tally))
        for name, takers in by_name.items():
            for (one, here), (other, there) in itertools.combinations(takers, 2):
                yield name, one, other, here, there

    def shared(self, instances: Iterable[str]) -> Iterator[tuple[str, str, str, Tally, Tally]]:
        """The same where one of the two is the service of one of these processes, which is named first."""
        own = {service_of(each) for each in instances if each}
        for name, one, other, here, there in self.pairs():
            if one in own:
                yield name, one, other, here, there
            if other in own:
                yield name, other, one, there, here


def _listed(text: str, found: re.Match[str]) -> list[str]:
    """The names of a list: `default,mail`, `[default: 10, mail: 5]`, `queues=default queues=mail`."""
    whole = next((part for part in found.groups() if part), "")
    if not whole:  # Solid Queue's line, which begins with the pid.
        solid = _SOLID.search(text, 0, 600)
        whole = solid[1] if solid else ""
    return _EACH.findall(whole)
