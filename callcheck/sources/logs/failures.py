"""Which calls to others failed, for good or only for a while?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from callcheck.model.log import Level, Signature
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import rare
from callcheck.sources.logs.attempts import attempt_before, counted, numbered, same_end
from callcheck.sources.logs.bounded import Rank, Smallest, Table, nothing, rank_of
from callcheck.sources.logs.client_lines import Calls, answered
from callcheck.sources.logs.failed_call import Failure, class_of, failed_call, kind_of
from callcheck.sources.logs.peers import ADDRESS
from callcheck.sources.logs.view import Moment, View, later

_MOST = 2_000
_MOST_IDS = 20_000
_MOST_FILES = 8
_UNITS = 3
_NEARLY_ALL = 0.8
_BACK = rare(
    r"\b(?:is|are) back\b|\bback (?:up|online|again|to normal)\b|\breconnected\b|\bconnection (?:is |was |has been )?(?:restored|re-?established)\b|\b(?:available|reachable|up|healthy|connected) again\b"
    r"|\brecovered\b",
    re.I,
)
_CURED = rare(
    r"\b(?<!no )(?<!nor )(?<!neither )(?<!nor the )(?<!neither the )(?:(?:2nd|second|3rd|third|next|another|later|repeated) (?:try|attempt|call|request|time)|retr(?:y|ied)|tried again|repeated) (?:and |it |was |is |has |went |then |now ){0,2}"
    r"(?:ok(?:ay)?|fine|well|good|success\w*|succeed\w*|work(?:s|ed)|passed(?! [\w\"'])|answered(?! (?:with |by )?(?:an? |HTTP |status )?(?:[45]\d\d|error)))\b(?![=:])"
    r"|\b(?<!not )(?:ok(?:ay)?|fine|succeeded|success|worked|passed|went through) (?:on|at|after|with|in) (?:(?:the|a|its|one) ){0,2}(?:2nd|second|3rd|third|next|another|retry|\d retr|attempt (?!1\b)\d)",
    re.I,
)
"""The line itself says that a later attempt went well."""
_SENDING = rare(
    r"\b(?:post(?:ing|ed)?|send(?:ing)?|deliver(?:ing)?|call(?:ing)?|notify(?:ing)?|forward(?:ing)?|push(?:ing)?)\b.{0,80}https?://(?!api\.)|(?<!waiting for )(?<!waiting for the )(?<!waiting for a )(?<!waits for )(?<!awaiting )(?:web-?hook|callback)(?!\w{0,20}[\"']?[=:] ?[\"']?https?:)(?!.{0,60}\b(?:received|arrived|came)\b)|(?<![/.])\bhooks\b",
    re.I,
)
"""An address that is only given to a job (`value('A-6', 'https://example.com/hooks')`, `callback=https://`) is not yet called."""
_ANSWERED = rare(r"^(?:[\w.:\[\]-]{1,80} ){0,2}(?:request (?:completed|finished|handled|ended)|response(?: sent)?)\b.{0,200}\bstatus(?:_?code)?[=:]\"?[23]\d\d\b", re.I)
"""The app's answer to its own caller, whose status a stream has sent before the call is refused."""
_OTHERS_NOISE = rare(
    r"health|probe|readi|liveness|wrong password|login rejected|invalid credentials|bad credentials", re.I
)


def _priority(failure: Failure) -> tuple[Rank, str, int]:
    """Attempts of one unit of work stay together, and with what is known of its ids elsewhere."""
    where = failure.place.whole, failure.order
    return min(map(rank_of, failure.ids), default=rank_of(f"{where}")), *where


def keep_latest(held: list[Moment], moments: list[Moment]) -> None:
    """Put each file's latest moment in, of at most eight files."""
    for moment in moments:
        for number, known in enumerate(held):
            if known[0] == moment[0]:
                if moment[1] > known[1]:
                    held[number] = moment
                break
        else:
            held.append(moment)
    if len(held) > 1:
        held.sort()
        del held[_MOST_FILES:]


def _here(instance: str) -> str:
    """Under what it is kept when a process says that a connection of its own is there again."""
    return f"@{instance}"


def _answered(key: str) -> str:
    """Under what it is kept when the app has answered its own caller."""
    return f"<{key}"


def _ended(last: Failure, note: Failure) -> Failure:
    """The last attempt of a unit of work, as the line that gives up tells of it."""
    return replace(
        last,
        final=True,
        retried=False,
        place=note.place,
        order=note.order,
        time=note.time,
        text=note.text,
        address=note.address or last.address,
        began=last.began or last.place,
    )


_BY_A_MODEL = ">"
"""Under what it is kept when a model has answered, by the client's own line for the request."""

@dataclass(slots=True)
class Failures:
    """All failed calls of a part of the logs; parts merge."""

    notes: Smallest[Failure] = field(default_factory=lambda: Smallest(_MOST, _priority))
    """Failed calls, and (without a kind) the lines after a last attempt, of the units of work that come first by their hash."""
    good: Table[str, list[Moment]] = field(default_factory=lambda: Table(_MOST_IDS, list))
    """Id or address -> when something last went well for it, in each file."""
    sending: Table[str, bool] = field(default_factory=lambda: Table(_MOST_IDS, bool))
    """Ids for which a line says that a callback is being sent."""
    calls: Table[str, Calls] = field(default_factory=lambda: Table(500, Calls))
    again: int = 0
    """Attempts of which the client says that it will make another."""

    def see(self, view: View, signs: list[Signature]) -> bool:
        """Whether the record is a failed call to somebody else."""
        answer = answered(view)
        if answer is not None:
            self._count(view, *answer)
            return False
        self.again += "Retrying request to /" in view.text
        if view.access:
            return False
        if view.record.level <= Level.WARN and view.says(_BACK, 200):
            self._hold([_here(view.instance)], view)
        if view.says(_SENDING, 400):
            for key in view.ids:
                self.sending.at(key)
        if view.good:
            self._went_well(view)
            return False
        upstream = [s for s in signs if s.signal == "upstream"]
        if not view.failing or view.says(_OTHERS_NOISE, 300) or view.says(_CURED, 500):
            return False
        kind = kind_of(view, upstream)
        if kind:
            self.notes.add(failed_call(view, kind, next((s.peer for s in upstream if s.peer), "")))
        elif view.final and view.ids and not view.retried and view.record.level >= Level.WARN:
            self.notes.add(failed_call(view, "", ""))
        return bool(kind)

    def merge(self, other: Failures) -> None:
        """Take the other part's in."""
        self.notes.merge(other.notes)
        self.good.merge(other.good, keep_latest)
        self.sending.merge(other.sending, nothing)
        self.calls.merge(other.calls, Calls.merge)
        self.again += other.again

    @property
    def found(self) -> list[Failure]:
        """The failed calls file by file, each with the first attempt of its unit of work; the line that gives up counts as one."""
        found: list[Failure] = []
        recent: dict[str, Failure] = {}
        attempts: dict[tuple[str, ...], Failure] = {}
        for note in sorted(self.notes, key=lambda note: (note.place.whole, note.order)):
            before = next((recent[key] for key in sorted(note.ids) if key in recent), None)
            failure = note
            if not note.kind:
                if before is None or before.final:
                    continue
                failure = _ended(before, note)
                recent.update(dict.fromkeys(before.ids, failure))
                found.append(failure)
                continue
            if note.peer == "service" and any(key in self.sending for key in note.ids):
                failure = replace(failure, peer="callback")
            if before is None and not note.ids:
                before = attempt_before(attempts, note)
            if before is not None and before.retried and before.kind == note.kind:
                failure = replace(failure, began=before.began or before.place)
            recent.update(dict.fromkeys(note.ids, failure))
            attempts[numbered(failure)] = failure
            if found and same_end(found[-1], failure):
                found.pop()
            found.append(failure)
        return found

    def cured(self, failure: Failure) -> bool:
        """Whether the same unit of work, or for a failure that was to be retried the same address, went well later."""
        if failure.final:
            return False
        mine = (failure.place.whole, failure.order, failure.time)
        keys = [*failure.ids, *([failure.address] if failure.retried and failure.address else [])]
        if failure.kind != "auth":
            # A key that is refused stays so, whatever the app answers its own caller; of the others it may have tried once more.
            keys += map(_answered, failure.ids)
        if failure.peer == "model" and counted(failure):
            keys.append(_BY_A_MODEL)
        if not keys and not failure.address and failure.peer in ("service", "infrastructure"):
            # A connection that nobody names, such as that of `read ECONNRESET`: the process says when it is there again.
            keys = [_here(failure.instance)]
        return any(later(moment, mine) for key in keys for moment in self.good.get(key) or ())

    def given_up(self, last: float | None) -> list[Failure]:
        """The last of several attempts, each of which says that there may be another, where in nearly all units of work there were equally many and none went well.

        Without a word that there is not: whoever retries with success seldom needs the same number of attempts each time. `last`: when the logs end.
        """
        kinds: dict[tuple[str, str], list[Failure]] = {}
        for failure in self.found:
            kinds.setdefault((failure.kind, failure.peer), []).append(failure)
        return [each for tried in kinds.values() if all(one.retried and not one.final for one in tried) for each in self._equally(tried, last)]

    def _equally(self, tried: list[Failure], last: float | None) -> list[Failure]:
        units: dict[str, list[Failure]] = {}
        having = Counter(key for failure in tried for key in failure.ids)
        for failure in tried:
            own = min((key for key in failure.ids if having[key] > 1), key=lambda key: (having[key], key), default="")
            if own:
                units.setdefault(own, []).append(failure)
        over = [unit for unit in units.values() if last is None or unit[-1].time is None or last - unit[-1].time > 2 * (unit[-1].time - (unit[0].time or 0.0)) + 1]
        most = Counter(map(len, over)).most_common(1)
        if len(over) < _UNITS or most[0][0] < 2 or most[0][1] < _NEARLY_ALL * len(over) or len(over) < _NEARLY_ALL * len(units):
            return []
        lost = [unit for unit in over if len(unit) == most[0][0] and not self.cured(unit[-1])]
        if len(lost) < _NEARLY_ALL * len(over):
            return []
        return [replace(unit[-1], retried=False, final=True, began=unit[0].place) for unit in lost]

    def unsure(self, failure: Failure) -> bool:
        """Whether nobody knows what followed: in a long log, or since there are so many ids in the logs that none of this failure's was followed."""
        if not failure.ids or failure.final:
            return False
        return failure.alone and not self.cured(failure) or not any(self.good.knows(key) for key in failure.ids)

    @property
    def scale(self) -> float:
        """How many lines there were for each that was kept."""
        return self.notes.seen / max(1, len(self.notes))

    def _count(self, view: View, host: str, status: int) -> None:
        """What a client's own line says; nothing of those who are no model (no `host`)."""
        calls = self.calls.at(host[:200]) if host else None
        if calls is not None:
            calls.add(view, status)
            if not class_of(status):
                self._hold([_BY_A_MODEL], view)

    def _went_well(self, view: View) -> None:
        keys = set(map(_answered, view.ids) if view.says(_ANSWERED, 500) else view.ids)
        found = view.find(ADDRESS, 600)
        if found and found[2]:
            keys.add(found[2])
        self._hold(keys, view)

    def _hold(self, keys: Iterable[str], view: View) -> None:
        moment = [view.moment]
        for key in keys:
            held = self.good.at(key)
            if held is not None:
                keep_latest(held, moment)
