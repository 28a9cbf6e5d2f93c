"""Which lines that libraries are known to write stand in the logs?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import LogInstances, LogSignal
from callcheck.model.facts.meeting import ConsumersCompete
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.names import MISNAMED
from callcheck.sources.logs.telling import in_order, raised, told, with_end
from callcheck.sources.logs.trails import apart
from callcheck.sources.logs.went_on import went_on

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.signals import SignalKey, Tally
    from callcheck.sources.logs.summary import Summary

_LONGEST = 160
_MOST = 60
_OFTEN = 5
_DEFAULT = "celery"
"""The queue that Celery's beat sends to, unless it is told otherwise."""
_SHARE = 0.2
_THRICE, _THIRD = 3, 0.3
_FEW = 5
_LEFT = 3
_REFUSED = ("signature-refused", "csrf-refused")
_TAKEOVERS = ("poller-conflict",)
"""What is seen, too, while a new process takes the place of an old one that still runs."""
_ANSWERS = ("answer-unknown",)
"""What is seen, too, of an answer that comes when the call has been given up."""
_LOSSES = ("channel-closed", "consumer-cancelled", "consumer-deleted")
_LOSS = "listener-removed"
"""A consumer is gone, be it by the signal's name or by what its own line is said to lead to; where its process goes on with all that it handled, it came back."""
_UNHEARD = "missing-subscription"
"""Nobody is there for a name that comes or is asked for; where what is sent goes to one of nearly that name, the name is what is wrong."""
_IF_MANY = "if-many"
"""What fails where several processes run, as the log itself may show that they do."""
_DESTROYED = "task-destroyed-pending"
_SERVES_S = 20.0
"""For so long after a task was collected no process ends and none starts: a loop that ends leaves its tasks pending, too."""
_OVER = 3
_QUIET_S = 60.0
"""Logs that go on for so long, and for so many times as long as it lasted, show that it is over."""
_LOOP_S = (15.0, 600.0)
"""So far apart a group is put together anew of which a member does not poll in time; those of one deployment come within seconds, those of several within hours."""
_PLAIN = ("message-published", "message-handed-over", "agent-called", "agent-acted", "task-due", "task-received", "job-queued", "job-begun")
"""Lines of the ordinary course, counted for what is missing beside them."""


class LogSignals:
    """States each known line once per subject, and how many processes write."""

    name = "log_signals"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({LogSignal, LogInstances, LibraryTrap, ConsumersCompete})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        summary = eyes.logs.summary
        yield from summary.lost
        yield from summary.left_out(eyes.logs.knowledge.boundaries if eyes.logs.knowledge else ())
        found = dict(eyes.logs.settled)
        yield from self._meant(eyes, found)
        ordinary: Counter[tuple[str, str]] = Counter()
        for (signal, _, subject), tally in found.items():
            if signal in _PLAIN:
                ordinary[(signal, subject)] += tally.count
        for key, tally in sorted(found.items(), key=lambda item: -item[1].count)[:_MOST]:
            name = self._name(key, tally, ordinary)
            if name == "due-not-received" and summary.sources.lists and _DEFAULT not in summary.sources.lists:
                name = "due-unserved"
            if name == "published-undelivered" and went_on(eyes.logs.units, f"message of type {key[2]} to"):
                continue
            if name == _DESTROYED and self._serves_on(summary, tally):
                name = "task-destroyed-in-service"
            if name in _TAKEOVERS and self._over(summary, tally):
                name += "-over"
            if name in _ANSWERS and self._late(summary, tally):
                name += "-late"
            if name in _REFUSED and self._strangers(summary, tally) or name in _LOSSES and self._back(summary, tally):
                continue
            if name in MISNAMED and summary.names.listed_near(key[2], tally.instances):
                continue
            if name in MISNAMED and (shared := next(summary.sources.shared(tally.instances), None)):
                queue, here, other, at, there = shared
                competing = ConsumersCompete(clean(queue), clean(other), clean(here), "", "")
                yield told(competing, self.name, [tally.samples[0], at.samples[0], there.samples[0], *tally.samples[1:3]], "takes from there, or again here")
                continue
            if name and tally.cured < tally.count:
                yield raised(self._fact(name, key, tally), tally.frame, eyes)
        for named, it in summary.names.left[:_MOST]:
            if it.unclaimed.count >= _LEFT and (it.warned or it.emitted.count) and not it.meant(named):
                yield self._fact("task-unclaimed" if it.work else "name-unclaimed", ("", "", named), it.unclaimed)
        # Of a log that is too long to be read whole, a job that is begun may stand where nobody looked.
        yield from () if summary.partly else self._untaken(found)
        yield from () if summary.partly else self._unserved(eyes, summary)
        yield from self._put_off(eyes)
        yield from self._left_alone(eyes)
        yield from self._recycled(eyes)
        yield from self._announced(eyes)
        yield from self._unled(eyes)
        yield from self._shared_out(eyes)
        yield from self._emptied(eyes)
        if not summary.emits.received and summary.emits.unreceived.count >= _LEFT:
            yield self._fact("signal-unreceived", ("signal-unreceived", "", ""), summary.emits.unreceived)
        nobody = summary.emits.nobody
        if nobody.count:
            every = nobody.count + summary.emits.somebody
            often = nobody.count >= _OFTEN and nobody.count >= _SHARE * every or nobody.count >= _THRICE and nobody.count >= _THIRD * every
            name = "publish-no-receivers" if not often else "publish-often-unreceived"
            name = name if summary.emits.somebody else "publish-never-received"
            yield self._fact(name, (name, "", ""), nobody)

    def _untaken(self, found: dict[SignalKey, Tally]) -> Iterator[Evidence]:
        """Jobs of one class are queued again and again and never begun, while those of others, queued in the same way, are begun since: their queue has no worker."""
        queued, begun = ({key[2]: tally for key, tally in found.items() if key[0] == signal} for signal in ("job-queued", "job-begun"))
        for subject, tally in queued.items():
            since = sum(begun[other].count for other in queued.keys() & begun.keys() if tally.first is not None and (begun[other].last or 0.0) > tally.first)
            if subject not in begun and tally.count >= _OFTEN and since >= _OFTEN:
                yield self._fact("job-untaken", ("job-untaken", "", subject), tally)

    def _unserved(self, eyes: Eyes, summary: Summary) -> Iterator[Evidence]:
        """Workers say what they take from, and others put work elsewhere."""
        from callcheck.sources.logs.unserved import unserved

        for one in unserved(summary.sources):
            if went_on(eyes.logs.units, one.name, elsewhere=True):
                continue
            name, subject = ("queue-misnamed", f"{one.name}, not {one.near}") if one.near else ("queue-unserved", one.name)
            fact = LogSignal(name, clean(subject), "", "", one.put.count, len(one.put.instances))
            yield told(fact, self.name, [*one.put.samples[:2], *(tally.samples[0] for tally in one.lists[:3]), *one.put.samples[2:4]], "put there, or what a worker takes from")

    def _put_off(self, eyes: Eyes) -> Iterator[Evidence]:
        """No line of a library says that what is put off is never taken up; all of the log together does."""
        from callcheck.sources.logs.put_off import untaken

        late = untaken(eyes.logs.units, eyes.logs.summary.last or 0.0)
        if late:
            fact = LogSignal("put-off-untaken", "", "", "", len(late), len({step.instance for step in late}))
            yield told(fact, self.name, [(step.place, step.text) for step in late])

    def _left_alone(self, eyes: Eyes) -> Iterator[Evidence]:
        """A worker says that it stops, and each that puts work in goes on: no line says that the one is missed by the other."""
        from callcheck.sources.logs.left_alone import left_alone

        summary = eyes.logs.summary
        for one in () if summary.partly else left_alone(eyes.logs.units, summary.stopped, summary.cover):
            fact = LogSignal("worker-left", clean(one.what), "", "", len(one.put), len({step.instance for step in one.put}))
            lines = [(step.place, step.text) for step in (one.put[0], one.since, *one.put[1:3])]
            yield told(fact, self.name, [one.goodbye, *lines], "put in since, or the last that was done")

    def _recycled(self, eyes: Eyes) -> Iterator[Evidence]:
        """A worker that its server replaces is nothing amiss: that work ends with it shows beside the work of the others."""
        from callcheck.sources.logs.recycled import recycled

        summary = eyes.logs.summary
        for one in () if summary.partly else recycled(eyes.logs.units, summary.stopped):
            fact = LogSignal("work-recycled", clean(one.done.shape), "", "", len(one.lost), len({step.instance for step in one.lost}))
            said = [(one.said.place, one.said.text)] if one.said.place is not None else []
            lines = [(step.place, step.text) for step in (one.lost[0], one.done, *one.lost[1:3])]
            yield told(fact, self.name, [lines[0], *said, *lines[1:]], "its worker is replaced, or what the others come to")

    def _announced(self, eyes: Eyes) -> Iterator[Evidence]:
        """That a job is announced promises that it is run: no line says that it is not."""
        from callcheck.sources.logs.announced import announced

        for one in () if eyes.logs.summary.partly else announced(eyes.logs.summary.stopped):
            fact = LogSignal("job-never-run", clean(one.name), "", "", 1, 1)
            yield told(fact, self.name, [one.said, *one.others], "others are run")

    def _unled(self, eyes: Eyes) -> Iterator[Evidence]:
        """Each that skips its work is right to do so, as long as another one does it."""
        from callcheck.sources.logs.unled import unled

        summary = eyes.logs.summary
        for one in () if summary.partly else unled(summary.stopped, summary.cover):
            fact = LogSignal("lock-left" if one.last is not None else "lock-unheld", clean(one.template), "", "", one.count, one.instances)
            lines = [(run.place, run.text) for run in one.skips if run.place is not None]
            yield told(fact, self.name, [*lines[:1], *([one.last] if one.last else []), *lines[1:]], "the last of who held it, or another one that skips")

    def _shared_out(self, eyes: Eyes) -> Iterator[Evidence]:
        """No line says that half of the messages are missing: each service writes of its own."""
        from callcheck.sources.logs.shared_out import shared_out

        for one in shared_out(eyes.logs.summary.sources, eyes.logs.units):
            competing = ConsumersCompete(clean(one.name), clean(one.here), clean(one.there), "", "")
            lines = [*one.begun, *((step.place, step.text) for step in one.lines)]
            yield told(competing, self.name, lines, "takes from there, or got this one alone", most=7)

    def _emptied(self, eyes: Eyes) -> Iterator[Evidence]:
        """Each line is well by itself: that a value of the request is gone shows beside the lines before it."""
        from callcheck.sources.logs.lost_contexts import emptied

        for one in emptied(eyes.logs.units):
            fact = LogSignal("context-emptied", clean(one.key), "", "", len(one.pairs), len({later.instance for _, later in one.pairs}))
            lines = [(step.place, step.text) for before, later in one.pairs[:3] for step in (later, before)]
            yield told(fact, self.name, lines, "the line before it that has it, or again without it")

    def _meant(self, eyes: Eyes, found: dict[SignalKey, Tally]) -> Iterator[Evidence]:
        """Lines that say by themselves what stops; taken out of what is found. Which thing they name does not divide them."""
        known = eyes.logs.knowledge.signatures if eyes.logs.knowledge else ()
        meanings = {(sign.signal, sign.library): sign.means for sign in known if sign.means}
        met: dict[tuple[str, str], list[SignalKey]] = {}
        for key in found:
            if key[:2] in meanings:
                met.setdefault(key[:2], []).append(key)
        for name, keys in met.items():
            tallies = {key: found.pop(key) for key in keys}
            means = meanings[name]
            if means.effect == _UNHEARD and all(key[2] and eyes.logs.summary.asked.explained(key[2]) for key in keys):
                continue
            if means.effect == _LOSS and all(self._back(eyes.logs.summary, tally) for tally in tallies.values()):
                continue
            if sum(tally.count - tally.cured for tally in tallies.values()) < means.least or not self._due(eyes.logs.summary, tallies.values(), means.due_s):
                continue
            # What was made good is no sample of what was not.
            tallies = {key: tally for key, tally in tallies.items() if tally.cured < tally.count} or tallies
            most = max(tallies, key=lambda key: tallies[key].count)
            says = clean(means.of(most[2]), _LONGEST)
            many = means.strength == _IF_MANY and eyes.logs.summary.cover.replicas({each for tally in tallies.values() for each in tally.instances})
            fact = LibraryTrap(means.effect, "strong" if many else means.strength, says, clean(most[2], 60), "", "")
            item = told(fact, self.name, in_order(each for tally in tallies.values() for each in tally.samples))
            yield raised(item, tallies[most].frame, eyes)

    def _strangers(self, summary: Summary, tally: Tally) -> bool:
        """Whether webhooks are taken all along, and only a few others are refused."""
        taken, last = summary.refusals.taken()
        return tally.count * _FEW <= taken and tally.first is not None and last > tally.first

    def _over(self, summary: Summary, tally: Tally) -> bool:
        """Whether the logs go on for long after the last of them."""
        if tally.first is None or tally.last is None or summary.last is None:
            return False
        return summary.last - tally.last > max(_QUIET_S, _OVER * (tally.last - tally.first))

    def _serves_on(self, summary: Summary, tally: Tally) -> bool:
        """Whether the process goes on after the last of them, and nothing starts anew near the first or the last."""
        if tally.first is None or tally.last is None:
            return False
        known = summary.cover.instances.items()
        if not all(any((presence.last or 0.0) - tally.last >= _SERVES_S for of, presence in known if not apart(of, each)) for each in tally.instances):
            return False
        starts = [mark.time for _, series in summary.stopped.series.items() for mark in series.marks if mark.what == "restart"]
        return not any(-1.0 <= start - time <= _SERVES_S for start in starts for time in (tally.first, tally.last))

    def _due(self, summary: Summary, tallies: Iterable[Tally], within: float) -> bool:
        """Whether the logs go on for so long after the last of them that what follows where all is well would stand there; lines without a time tell nothing of that."""
        if not within:
            return True
        last = max((tally.last for tally in tallies if tally.last is not None), default=None)
        return last is not None and summary.last is not None and summary.last - last >= within

    def _back(self, summary: Summary, tally: Tally) -> bool:
        """Whether the processes that said so go on for long with all that they handled before."""
        from callcheck.sources.logs.silence import handles_on

        last = tally.last
        return last is not None and self._over(summary, tally) and all(handles_on(summary.stopped, summary.cover, each, last) for each in tally.instances)

    def _late(self, summary: Summary, tally: Tally) -> bool:
        """Whether a call to another service had timed out before the first of them: then answers come too late, and not to the wrong one."""
        ended = [failure.time for failure in summary.failures.found if failure.kind == "timeout" and failure.peer == "service" and failure.time is not None]
        return tally.first is not None and any(time <= tally.first for time in ended)

    def _name(self, key: SignalKey, tally: Tally, ordinary: Counter[tuple[str, str]]) -> str:
        """The signal's name, and "" where the ordinary lines show that nothing is missing."""
        signal, _, subject = key
        if signal == "unhandled-message":
            # Delivered to several agents of which one handles it: the others ignore it by design.
            delivered = ordinary[("message-handed-over", subject)]
            return signal if not delivered or tally.count >= delivered else ""
        if signal == "message-published":
            if ordinary[("message-handed-over", subject)] or tally.count < 2:
                return ""
            called, acted = ({of for signal, of in ordinary if signal == name} for name in ("agent-called", "agent-acted"))
            if acted - called:
                return ""  # An agent acts that nothing was handed to, as far as the log shows: it leaves out such lines.
            if any(signal == "message-handed-over" and of for signal, of in ordinary):
                return "published-unrouted"
            # Lines of a level that is left out of the log, while others tell that something of unknown type was handed over.
            return "" if ordinary[("message-handed-over", "")] else "published-undelivered"
        if signal == "task-due" and tally.count >= _OFTEN and not ordinary[("task-received", subject)]:
            return "due-not-received" if any(s == "task-received" for s, _ in ordinary) else "due-unseen"
        if signal == "rebalancing" and tally.count >= _OFTEN * len(tally.instances) and tally.first is not None and tally.last is not None:
            return "rebalancing-loop" if _LOOP_S[0] <= (tally.last - tally.first) / tally.count <= _LOOP_S[1] else signal
        return "" if signal in _PLAIN else signal

    def _fact(self, name: str, key: SignalKey, tally: Tally) -> Evidence:
        fact = LogSignal(
            name, clean(key[2]), key[1], clean(tally.error), tally.count - tally.cured, len(tally.instances)
        )
        return told(fact, self.name, with_end(tally.samples, tally.error))


PROBE = LogSignals()
