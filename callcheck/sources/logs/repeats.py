"""Which deliveries were taken up more than once?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from callcheck.model.log import Level, Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import Table, first_of, keep_first, nothing
from callcheck.sources.logs.instances import of_services, service_of
from callcheck.sources.logs.view import View
from callcheck.sources.logs.wording import ids

_MOST = 10_000
_MOST_TEXTS = 2_000
_MOST_INSTANCES = 64
_TIMES = 3
_CLAIMS = "a claim"
"""Stands among the ids for a line that says that one instance alone does scheduled work."""
_INVOKED = "invoked"
"""The template of lines that say that an invocation of a function begins."""
_NAMED = "(named)"
"""Ends the template of a line that says what it does by a name alone."""
_MOST_PLACES = 4
_MOST_OF_LINE = 3
_BURST_S = 30
"""Instances whose clocks wake them do the same within a second or two; so long a stretch of the clock counts as one time."""
_TAKEN = rare(
    r"\b(?:received|consum(?:ed|ing)|picked up|claimed|running job|executing job|posted|charged|sms|e?mail (?:sent|queued)|invoice created|reminder|processing)\b"
)
_EFFECT = rare(
    r"\b(?:letters?|printer|bill(?:s|ed|ing)|statements?|digests?|dispatch(?:ed|ing)|payouts?|archiv(?:ed|ing)|purg(?:ed|ing)|backup|transfer(?:red|ring)|issued|issuing|handed|delet(?:ed|ing)|send(?:ing)?|sent|mail(?:ing|ed)|e-?mail|sms|charg(?:ing|ed)|refund(?:ing|ed)?|print(?:ing|ed)|post(?:ing|ed)|notify(?:ing)?|notified|creat(?:ing|ed)|insert(?:ing|ed)|book(?:ing|ed)|invoic(?:ing|ed)|ship(?:ping|ped)|pay(?:ing|out)|paid|remind(?:ing|ed|er)|publish(?:ing|ed)|award(?:ing|ed)|credit(?:ing|ed)|debit(?:ing|ed)|deduct(?:ing|ed)|reserv(?:ing|ed)|allocat(?:ing|ed)|text(?:ing|ed)|fax(?:ing|ed)|upload(?:ing|ed)|export(?:ing|ed)|generat(?:ing|ed))\b|\b(?:job|task|order|invoice|claim|ticket|payment|shipment|letter|label)s? (?:[\w.#:-]{1,40} )?(?:done|completed|finished|processed|handled|prepared|fulfilled)\b"
)
_FANS = rare(
    r"\b(?:sockets?|clients?|subscribers?|viewers?|browsers?|sse|ws|websockets?|connections?|listeners?|rooms?|caches?|cached|invalidat\w+|refresh\w*|reload\w*|heartbeat|health|metrics|flush\w*)\b"
)
"""What each instance may do for itself, or for those who are connected to it."""
_DUE = rare(r"\b(?:cron|schedul\w+|nightly|daily|hourly|weekly|monthly|jobs?|sweep|batch|digest|rollup|reconcil\w+|cleanup|reminders?|report)\b")
_BEGINS = rare(r"\b(?:start(?:ed|ing|s)?|begin(?:s|ning)?|began|running|fir(?:ed|ing)|trigger(?:ed|ing)|kick(?:ed|ing)|launch(?:ed|ing)|execut(?:ed|ing)|runs?)\b")
_SENDS = rare(
    r"\b(?:send(?:ing)?|sent|mail(?:ing|ed)|text(?:ing|ed)|deliver(?:ing|ed)|issu(?:ing|ed)|post(?:ing|ed)|queu(?:ing|ed)) .{0,30}\b(?:reminders?|digests?|e?-?mails?|sms|newsletters?|invoices?|statements?|payouts?|receipts?|letters?)\b"
    r"|\b(?:reminders?|digests?|e?-?mails?|sms|newsletters?|invoices?|statements?|payouts?|receipts?|letters?) (?:were |was )?(?:sent|mailed|texted|delivered|issued|posted|queued)\b"
)
"""What reaches others once for each process that does it."""
_PARTS = pattern(r"(?<![\w.:-])\d{1,6}(?! ?(?:ms|s|sec|seconds|%)\b)(?![\w.:-])", re.ASCII)
"""How many there were."""
_CLAIMED = rare(r"\b(?:skip\w*|locks?|locked|leader\w*|another instance|lease|already running|not mine)\b")
_EVENT = rare(r"\b(?:event|delivery|message)(?:[_-]?id[\"']?[=: ]+[\"']?|[\"']?[=:] ?[\"']?(?!(?:19|20)\d\d-?[01]\d-?[0-3]\d(?:\D|$))(?=[\w-]*\d[\w-]*\d))([\w-]{6,64})", re.I)
"""`event_id=Ev01`, also `event=Ev08O8270NF`; `event=order_paid` names a kind of events, and `delivery=2026-03-20` a day."""
_MADE = pattern(
    r"\b(?:message|msg|mail|e-?mail|smtp|sms|provider|request|req|trace|span|correlation|transaction|txn|response|receipt)[_-]?id[\"']?[=: ]+\S{4,200}"
    r"|<[^<>\s@]{1,120}@[^<>\s]{1,120}>|\b(?:ch|pi|re|py|tr|po|txn|msg)_[A-Za-z0-9]{8,40}\b|\b[SM]M[0-9a-f]{32}\b",
    re.I,
)
"""The number that a message or a payment is given when it is made, by a mail server, Stripe or Twilio: another one each time that it is made again."""
_SORT = pattern(r"\b(?:kind|type|template|category|purpose|step)[\"']?[=:] ?[\"']?([a-z][a-z_.-]{1,40})\b", re.ASCII)
"""What tells two mails to one customer apart."""
_BEFORE = pattern(r"([A-Za-z][\w.]{0,30})\W{0,3}$", re.ASCII)
_STRONG = pattern(r"^(?:[0-9a-f]{16,64}|[A-Z][a-z][0-9A-Z]{6,}|(?=[\w-]*\d)[\w-]{14,})$")
LASTING = pattern(
    r"\b(?:session|sid|client|user|room|conn(?:ection)?|socket|chat|device|tenant|account|customer|channel|stream|thread)(?:[_-]?id)?[\"']?(?:[=:] ?|\s(?=\S*\d))[\"']?[\w-]{2,}",
    re.I,
)
"""A name of somebody or something of which many messages come."""
_KEEPS = rare(
    r"\bpackets?\b|\bframes?\b|\bpings?\b|\bpongs?\b|heartbeat|\bchunks?\b|\btokens?\b|\bprogress\b"
    r"|\b(?:session|sid|client|user|room|conn(?:ection)?|socket|chat|device|tenant|account|customer|channel|stream|thread)(?:[_-]?id)?[\"']?[=:] ?[\"']?[\w-]{6,}",
    re.I,
)
# Not `retry=1 reason=http_timeout`, which a receiver writes down of what comes to it again.
_TRIED = rare(r"(?<![\w-])(?:attempts?|tr(?:y|ies)|retr(?:y|ies)(?![\"']?[=:] ?\d))(?![\w-])")
_AGAIN = rare(r"(?<![\w-])(?:attempts?|tr(?:y|ies)|retr(?:y|ies))(?:_?(?:no|number|count|made))?[\"']?[=:# ]{1,3}(?:[2-9]|\d\d)\b")
_AWAY = rare(r"(?<![\w-])(?:(?:target|callback|webhook|endpoint|hook|destination)?[_-]?ur[li]|endpoint|target|destination|callback|post(?:ing)?|to|at)[\"']?[=: ]{1,2}[\"']?https?://", re.I)
_SLOW = rare(r"\b(?:POST /|method=\"?POST\b)\S{0,200}.{0,200}?(?<![\w.])(?:(?:[3-9]\d{3}|[1-9]\d{4,5})(?:\.\d{1,3})? ?ms|(?:[3-9]|[1-9]\d{1,2})(?:\.\d{1,6})? ?s|(?:response_?time|duration|elapsed|latency)(?:_?ms)?[\"']?[=: ]{1,2}\"?(?:[3-9]\d{3}|[1-9]\d{4,5})(?:\.\d{1,6})?)\b", re.I)
"""What was posted to a server that took seconds to answer: a sender has given it up by then, and sends it again."""
_MOSTLY = 0.8
_SPOTTED = rare(r"\bduplicate\b|\balready (?:processed|handled|seen|known|done|sent|booked|stored|recorded|fulfilled|paid)|idempoten|de-?dup|\bseen before\b|\b(?:known|repeated|second delivery)[,:;]? (?:so )?(?:skipp|ignor|dropp)(?:ed|ing)\b", re.I)
_STARTED = rare(r"\bSTART RequestId: ([0-9a-f]{8}-[0-9a-f-]{27})\b|\bplatform\.start\b.{0,200}\b[rR]equestId=([0-9a-f]{8}-[0-9a-f-]{27})\b")
_UNTOLD = rare(r"\b(?:lock|lease|visibility|ack\w*|commit\w*|offset|duplicate|unique|already|timed? ?out|timeout|rebalanc\w+)\b", re.I)
_RUNNING = rare(r"Running job \"?(.{1,120}?)\"? ?\(scheduled at ([^)]{1,40})\)")


@dataclass(slots=True)
class Taken:
    """How often one id was taken up by lines of one template."""

    count: int = 0
    last: float = float("-inf")
    instances: tuple[str, ...] = ()
    places: list[tuple[float, Place]] = field(default_factory=list)
    """When and where at first, and then again."""

    @property
    def first(self) -> float:
        """When it was taken up at first."""
        return self.places[0][0]

    def add(self, time: float, instances: tuple[str, ...], places: Sequence[tuple[float, Place]], count: int = 1) -> None:
        """Once more, or several times."""
        self.count += count
        self.last = max(self.last, time)
        if instances != self.instances and not set(instances) <= set(self.instances):
            self.instances = tuple(sorted({*self.instances, *instances})[:_MOST_INSTANCES])
        for place in places:
            keep_first(self.places, place, _MOST_PLACES, _in_time)

    def merge(self, other: Taken) -> None:
        """Take the other's in."""
        self.add(other.last, other.instances, other.places, other.count)


def _in_time(place: tuple[float, Place]) -> tuple[float, str, int]:
    return place[0], place[1].path, place[1].line


@dataclass(frozen=True, slots=True)
class Repeat:
    """A template that takes ids up again."""

    template: str
    how: str
    ids: int
    most: int
    instances: int
    places: tuple[tuple[Place, str], ...]


@dataclass(slots=True)
class Repeats:
    """What was taken up in a part of the logs; parts merge."""

    taken: Table[tuple[str, str], Taken] = field(default_factory=lambda: Table(_MOST, Taken))
    """Template and id -> how often."""
    retried: Table[str, bool] = field(default_factory=lambda: Table(_MOST, bool))
    spotted: Table[str, bool] = field(default_factory=lambda: Table(_MOST, bool))
    """Ids of which a line says that they were done before."""
    slow: Table[str, bool] = field(default_factory=lambda: Table(_MOST, bool))
    """Ids of requests that were answered late."""
    texts: Table[str, list[tuple[Place, str]]] = field(default_factory=lambda: Table(_MOST_TEXTS, list))
    """Template -> the first line of it."""

    def see(self, view: View) -> None:
        """One record."""
        if view.access:
            for key in view.ids if view.find(_SLOW, 600) else ():
                self.slow.at(key)
            return
        # What a handler fails at comes again by design; where only its end could not be told, it was done.
        if view.retried or view.record.more and view.record.level >= Level.ERROR and not view.full_says(_UNTOLD):
            for key in view.ids:
                self.retried.at(key)
        if view.find_low(_SPOTTED):
            for key in view.ids:
                self.spotted.at(key)
            return
        if _sending(view):
            return
        if started := view.find(_STARTED, 600):
            self._take(view, (started[1] or started[2]).replace("-", ""), _INVOKED)
        found = view.find_low(_TAKEN)
        event = view.find(_EVENT, 1500)
        effect = view.find_low(_EFFECT)
        made = _MADE.search(view.text, 0, 600) if effect else None
        known = (ids(_MADE.sub(" ", view.text)) if made else None) or view.ids
        strong = [key for key in sorted(known) if _STRONG.match(key)]
        if event and not made or strong and found:
            effect = None
        if effect and known and not view.failing and not view.find_low(_FANS):
            # `TicketCreated` may be an event's name, which stands in the lines of who sends it and of who takes it.
            sort = " ".join([*([] if effect.string is view.low else [_NAMED]), *_SORT.findall(view.low)])
            for key in sorted(known)[:_MOST_OF_LINE]:
                self._take(view, f"{key}@{_burst(view)}@{_slot(view.text, key)}", f"effect {view.template} {sort}".rstrip())
        elif view.instance and not view.ids and not view.failing and view.find_low(_DUE):
            self._due(view)
        if not found and not event:
            return
        keys = [event[1]] if event else [] if lasting(view.text) else strong
        running = view.find(_RUNNING, 400) if not keys and "unning job" in view.text else None
        if running and running[2]:
            keys = [f"{running[1]} {running[2]}"]
        for key in keys[:1]:
            self._take(view, key, f"event {view.template}" if event else view.template)

    def merge(self, other: Repeats) -> None:
        """Take the other part's in."""
        self.taken.merge(other.taken, Taken.merge)
        self.retried.merge(other.retried, nothing)
        self.spotted.merge(other.spotted, nothing)
        self.slow.merge(other.slow, nothing)
        self.texts.merge(other.texts, _earlier)

    def found(self) -> list[Repeat]:
        """Templates of which several ids were taken up again, not because of a retry that the application asked for."""
        by_template: dict[tuple[str, str], list[tuple[str, Taken]]] = {}
        for (template, key), taken in self.taken.items():
            by_template.setdefault((template, key.rpartition("@")[2] if template.startswith("effect ") else ""), []).append((key, taken))
        # Lambda starts an invocation of the same id anew only since it failed, whether a line of that id says so or not.
        anew = {key for (template, key), taken in self.taken.items() if template == _INVOKED and taken.count > 1}
        result: list[Repeat] = []
        told: set[str] = set()
        for (template, slot), group in sorted(by_template.items(), key=lambda item: (min(_in_time(t.places[0]) for _, t in item[1]), item[0])):
            if template in told or template == _INVOKED:
                continue
            again = [
                (key, t)
                for key, t in group
                if t.count > 1
                and not of_services(t.instances)  # each of which is told of it by design
                and _raw(key) not in self.spotted
                and _raw(key) not in anew
                and (template.startswith("event ") or _raw(key) not in self.retried and self.retried.knows(_raw(key)))
            ]
            again.sort(key=lambda entry: _in_time(entry[1].places[0]))
            if template.startswith("due "):
                # Each time all of them, and none of them says that another one has it.
                if len(again) < _TIMES or len(again) < len(group) or _CLAIMS in self.spotted or any(len(t.instances) < t.count for _, t in again):
                    continue
            elif (len(again) < 3 and not any(map(_hours, again))) or len(again) < 0.01 * len(group):
                continue
            if template.startswith("effect ") and len(again) < 0.8 * len(group):
                continue
            fan = [t for _, t in again if len(t.instances) == t.count and t.last - t.first <= 10]
            how = "fan-out" if len(fan) > 0.6 * len(again) else "redelivered"
            if template.startswith(("effect ", "due ")) and how != "fan-out":
                continue
            # What one customer gets may be the work of several; where each line makes something of its own, all of them did it for each.
            makes = any(other != slot and all(t.count == 1 for _, t in some) for (same, other), some in by_template.items() if same == template)
            if slot and makes and len({t.instances for _, t in again}) > 1:
                continue
            if _NAMED in template and any(len({service_of(each) for each in t.instances}) > 1 for _, t in again):
                continue
            if how == "redelivered" and not all(t.last - t.first > 1 or len(t.instances) > 1 for _, t in again[:3]):
                continue
            if how == "redelivered" and sum(_raw(key) in self.slow for key, _ in again) >= _MOSTLY * len(again):
                how = "late"
            known = self.texts.get(template)
            text = known[0][1] if known else ""
            places = [(t.places[1][1], text) for _, t in again[:9]]
            places.insert(1, (again[0][1].places[0][1], text))
            instances = len({i for _, t in again for i in t.instances})
            told.add(template)
            result.append(Repeat(template, how, len(again), max(t.count for _, t in again), instances, tuple(places)))
        return result

    def _due(self, view: View) -> None:
        """A line that says that scheduled work begins; which work is known by the words alone."""
        if view.find_low(_CLAIMED):
            self.spotted.at(_CLAIMS)
            return
        begins = view.find_low(_BEGINS)
        if (begins or view.find_low(_SENDS)) and not view.find_low(_FANS):
            # Each of several that share the work tells of its own part.
            parts = "" if begins else ",".join(_PARTS.findall(view.low))
            self._take(view, f"{parts}@{_burst(view)}", f"due {view.shape('')}")

    def _take(self, view: View, key: str, template: str) -> None:
        time = view.time if view.time is not None else float(view.place.line)
        taken, known = self.taken.at((template, key)), self.texts.at(template)
        if taken is not None:
            taken.add(time, (view.instance,), [(time, view.place)])
        if known is not None:
            keep_first(known, (view.place, view.text[:200]), 1)


def _hours(entry: tuple[str, Taken]) -> bool:
    """Whether one piece of work is taken up three times and more, over half an hour at least: a broker hands it out anew."""
    return entry[1].count > 2 and len(entry[1].places) > 1 and entry[1].last - entry[1].first > 1800


def _sending(view: View) -> bool:
    """Whether somebody tells of one of several attempts to hand the event on: one that failed, or a further one at an address. That is no second taking up."""
    away = view.says(_AWAY, 1500)
    return view.failing and (away or view.find_low(_TRIED) is not None) or away and view.find_low(_AGAIN) is not None


def _slot(text: str, key: str) -> str:
    """The word before an id, by which an order's number is told from its customer's."""
    at = text.find(key)
    word = _BEFORE.search(text, max(0, at - 40), at) if at > 0 else None
    return (word[1] if word else key.partition("=")[0] if "=" in key else "").lower()


def _burst(view: View) -> str:
    return "" if view.time is None else str(int(view.time // _BURST_S))


def _raw(key: str) -> str:
    """The id alone."""
    return key.partition("@")[0]


def lasting(text: str) -> bool:
    """Whether the line's id stands for a session, a client or the like, of which many messages come."""
    return bool(_KEEPS.search(text, 0, 400))


def _earlier(one: list[tuple[Place, str]], other: list[tuple[Place, str]]) -> None:
    one[:] = first_of(one, other, 1)
