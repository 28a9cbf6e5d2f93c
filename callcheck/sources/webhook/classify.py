"""What became of each delivery, and of all together?"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from callcheck.model.measured import UNANSWERED, Fate, Group, Spread
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.scenario import Expect, Scenario
from callcheck.sources.scenario import templates
from callcheck.sources.scenario.drive import Pair
from callcheck.sources.scenario.exchange import Exchange
from callcheck.sources.webhook.book import Arrival
from callcheck.sources.webhook.signatures import OK


@dataclass(frozen=True, slots=True)
class Fared:
    """One run."""

    fate: Fate
    why: str = ""
    status: int = 0
    latency_s: float | None = None
    """From the trigger to the first delivery; None if none came."""
    gaps_s: tuple[float, ...] = ()
    """Between attempts."""


def fared(scenario: Scenario, pair: Pair | None, arrivals: Sequence[Arrival]) -> Fared:
    """What became of a run with a callback; `pair` is None if none of its requests went out."""
    if pair is None or pair.trigger is None:
        return _unsent(scenario, pair)
    sent, trigger = pair.trigger, scenario.trigger.call
    if not arrivals:
        if sent.fits(trigger):
            return Fared(Fate.LOST)
        return Fared(Fate.UNTRIGGERED, _answered(sent), sent.status)
    gaps = tuple(round(b.at - a.at, 3) for a, b in zip(arrivals, arrivals[1:], strict=False))
    fate, why, status = _judged(arrivals, scenario.expect, arrivals[0].at - sent.sent_at)
    return Fared(fate, why, status, max(0.0, arrivals[0].at - sent.sent_at), gaps)


def fared_held(scenario: Scenario, pair: Pair | None) -> Fared:
    """What became of a run whose delivery is the answer of its held register request."""
    register = scenario.register
    if register is None or pair is None or pair.trigger is None:
        return _unsent(scenario, pair)
    if not pair.trigger.fits(scenario.trigger.call):
        return Fared(Fate.UNTRIGGERED, _answered(pair.trigger), pair.trigger.status)
    answer, began = pair.register, pair.trigger.sent_at
    if answer is None or not answer.status:
        return Fared(Fate.LOST, "" if answer is None or answer.problem == "timeout" else _answered(answer))
    if not answer.fits(register.call):
        return Fared(Fate.LOST, f"the register request: {_answered(answer)}", answer.status)
    until = templates.text(register.until, templates.values(pair.run)).encode()
    if until:
        came = answer.arrivals[-1] if until in answer.body else None
    else:
        came = next((at for at in (*answer.arrivals, answer.ended_at) if at >= began), None) if answer.arrivals or answer.whole else None
    if came is None or came < began:
        return Fared(Fate.LOST, "the register request was answered before the trigger" if answer.whole or came else "")
    late = came - began > scenario.expect.within_s
    return Fared(Fate.LATE if late else Fate.DELIVERED, latency_s=came - began)


def _unsent(scenario: Scenario, pair: Pair | None) -> Fared:
    answer = pair.register if pair else None
    if answer is None or scenario.register is None or answer.fits(scenario.register.call):
        return Fared(Fate.UNSENT)
    return Fared(Fate.UNSENT, f"the register request: {_answered(answer)}", answer.status)


def _judged(arrivals: Sequence[Arrival], expect: Expect, latency_s: float) -> tuple[Fate, str, int]:
    taken = [arrival for arrival in arrivals if arrival.taken]
    good = [arrival for arrival in arrivals if arrival.good]
    if not good:
        first = arrivals[0]
        if first.signature not in ("", OK):
            return Fate.MIS_SIGNED, first.signature, first.status
        return Fate.MISMATCHED, first.unfit, first.status
    if not taken:
        return Fate.REJECTED, _turned_away(good), good[-1].status
    if len(taken) < expect.count:
        return Fate.LOST, f"{len(taken)} of {expect.count} came", taken[-1].status
    enough = good.index(taken[expect.count - 1]) + 1
    if len(good) > enough:
        return Fate.DUPLICATE, f"{len(good)} instead of {expect.count}", taken[-1].status
    if latency_s > expect.within_s:
        return Fate.LATE, "", taken[0].status
    return (Fate.RETRIED, f"after {enough} attempts", taken[-1].status) if enough > expect.count else (Fate.DELIVERED, "", taken[0].status)


def _turned_away(good: Sequence[Arrival]) -> str:
    """Why none was taken, and whether the sender tried again."""
    why = "the sender hung up before it was answered" if good[-1].gone else f"answered {good[-1].status}"
    return f"{why}, never retried" if len(good) == 1 else f"{why}, given up after {len(good)} attempts"


def _answered(exchange: Exchange) -> str:
    if not exchange.status:
        return UNANSWERED.get(exchange.problem, exchange.problem)
    if exchange.location:
        return f"answered {exchange.status}, to {clean(exchange.location, 80)}, which was not followed"
    return f"answered {exchange.status}{'' if exchange.whole else ' without end'}"


def groups(runs: Sequence[Fared]) -> tuple[Group, ...]:
    """Runs with the same fate and reason together, the gravest first."""
    order = list(Fate)
    counted = Counter((each.fate, each.why, each.status if each.fate not in (Fate.DELIVERED, Fate.LATE) else 0) for each in runs)
    found = [Group(fate, count, why, status) for (fate, why, status), count in counted.items()]
    return tuple(sorted(found, key=lambda group: (order.index(group.fate), -group.count, group.why)))


def spread(seconds: Sequence[float]) -> Spread:
    """Median and maximum."""
    return Spread(len(seconds), round(statistics.median(seconds), 3), round(max(seconds), 3)) if seconds else Spread()
