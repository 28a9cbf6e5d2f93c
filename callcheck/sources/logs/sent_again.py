"""Which deliveries come again, each in a request of its own, since the one before was answered well but too late?

[a05357] Started POST "/webhooks/orders_create"
[a05357] webhook topic=orders/create webhook_id=2cea58bf
[a05357] Completed 200 OK in 5525ms
[acfab8] webhook topic=orders/create webhook_id=2cea58bf          a minute later, in another request
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.trails import Step, in_time
from callcheck.sources.logs.wording import ids

_DELIVERY = pattern(
    r"\b(?:web-?hook|hook|event|delivery|message|notification|callback|svix|github-delivery)(?:[ _.-]?(?:delivery|event|message))?[ _.-]?id[\"']?[=: ]{1,2}[\"']?[\w.:-]{4,80}|\bdelivery[\"']?[=:][\"']?(?=[\w-]{0,40}\d)[\w-]{6,64}",
    re.I,
)
"""What a sender calls one delivery, the same each time that it sends it: Shopify's webhook id, Slack's and Stripe's event id, GitHub's delivery, Standard Webhooks' message id."""
_ANSWERED = pattern(
    r"\b(?:completed|answered|responded|finished|replied|sent|handled|served)\b\D{0,40}\b2\d\d\b|\b(?:res\.)?status(?:_?code)?[\"']?[=: ]{1,2}\"?2\d\d\b|\b2\d\d (?:ok|accepted|no content|created)\b|-> ?2\d\d\b",
    re.I,
)
_TOOK = pattern(
    r"\b(?:in|after|took|duration(?:_?ms)?|elapsed(?:_?ms)?|ms|latency(?:_?ms)?|response_?time)[\"']?[=: ]{1,2}\"?(?P<n>\d{1,7}(?:\.\d{1,6})?) ?(?P<unit>ms|s)?\b", re.I
)
LATE_S = 2.9
"""The least of the known senders, Slack, waits three seconds."""
_LEAST = 3
_FEW = 0.1
_MOST_TIMES = 20
_AT_WORK_S = 60.0
"""A request is over by then."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that brings a delivery."""

    named: Step
    answer: Step | None
    seconds: float

    @property
    def answered(self) -> bool:
        """Whether it is known that it was answered, and after what time."""
        return self.answer is not None or self.seconds > 0


@dataclass(frozen=True, slots=True)
class Late:
    """Deliveries that were sent again after an answer that came too late."""

    sent: list[list[Attempt]]
    retries: int
    again: bool
    """What is done for a delivery was done each time."""


def sent_again(steps: Sequence[Step], slow: Container[str] = ()) -> Late | None:
    """Where nearly all that was answered late is sent again, and nearly nothing that was answered at once; `slow`: ids of requests whose access line says that they took seconds."""
    by_id: dict[str, list[Step]] = {}
    for step in steps:
        for key in step.ids:
            by_id.setdefault(key, []).append(step)
    sent = [tries for tries in _deliveries(steps, by_id, slow) if tries[0].answered]
    late = [tries for tries in sent if tries[0].seconds >= LATE_S]
    again = [tries for tries in late if len(tries) > 1 and all(each.answered for each in tries[:-1])]
    soon = [tries for tries in sent if tries[0].seconds < LATE_S]
    if len(again) < _LEAST or 2 * len(again) < len(late) or sum(len(tries) > 1 for tries in soon) > _FEW * len(soon):
        return None
    done = sum(_work(tries[0], by_id) <= _work(tries[1], by_id) for tries in again)
    return Late(again, sum(len(tries) - 1 for tries in again), 2 * done >= len(again))


def _deliveries(steps: Sequence[Step], by_id: dict[str, list[Step]], slow: Container[str]) -> Iterator[list[Attempt]]:
    """The requests of each delivery, in order of time."""
    named: dict[str, dict[str, Step]] = {}
    carries: dict[str, set[str]] = {}
    for step in sorted(steps, key=in_time):
        found = _DELIVERY.search(step.text, 0, 300)
        for key in step.ids & ids(found[0]) if found else ():
            for request in step.ids - {key}:
                named.setdefault(key, {}).setdefault(request, step)
                carries.setdefault(request, set()).add(key)
    for key, requests in named.items():
        tries: dict[int, Attempt] = {}
        for request, step in requests.items():
            # What several deliveries name is whom they are about, and no request; what comes each time of one delivery is the delivery's.
            if len(carries[request]) == 1 and not any(key in other.ids and other.time - step.time > _AT_WORK_S for other in by_id[request]):
                attempt = _attempt(step, by_id[request], request in slow)
                if step.order not in tries or attempt.answered:
                    tries[step.order] = attempt
        ordered = sorted(tries.values(), key=lambda each: in_time(each.named))
        if ordered and len(ordered) <= _MOST_TIMES:
            yield ordered


def _attempt(named: Step, of: Sequence[Step], slow: bool) -> Attempt:
    lines = sorted(of, key=in_time)
    answer = next((step for step in reversed(lines) if _ANSWERED.search(step.text, 0, 300) and not step.bad), None)
    if answer is None:
        return Attempt(named, None, LATE_S if slow else 0.0)
    took = _TOOK.search(answer.text, 0, 300)
    told = float(took["n"]) / (1.0 if took["unit"] == "s" else 1000.0) if took else 0.0
    return Attempt(named, answer, max(told, answer.time - lines[0].time))


def _work(attempt: Attempt, by_id: dict[str, list[Step]]) -> set[str]:
    """What the lines of its request say."""
    beside = attempt.answer.ids if attempt.answer else frozenset[str]()
    return {step.shape for key in attempt.named.ids & beside for step in by_id[key]}
