"""Which calls to others do the logs show failing for good?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import UpstreamFailure
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources.logs.telling import raised, told, with_end

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.logs.failed_call import Failure
    from callcheck.sources.logs.summary import Summary

_Value = TypeVar("_Value")
_SHARE = 0.2
"""A client's own request lines count as failures for good above this share; below it retries explain them."""
_LEAST = 4
_LEAST_OF_TIME = 3
"""A limit that runs out has had all its time: less is chance."""
_RETRYABLE = ("rate-limit", "timeout", "unavailable")


class LogFailures:
    """States failures that no later attempt made good, by class and by who was called."""

    name = "log_failures"
    looks_at = Sight.LOGS
    answers: frozenset[type[Fact]] = frozenset({UpstreamFailure})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if eyes.logs else "no log files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        summary = eyes.logs.summary
        groups: dict[tuple[str, str], list[Failure]] = {}
        cured: Counter[tuple[str, str]] = Counter()
        unsure: Counter[tuple[str, str]] = Counter()
        for failure in summary.failures.found:
            key = (failure.kind, failure.peer)
            if summary.failures.unsure(failure):
                unsure[key] += 1
            elif summary.failures.cured(failure):
                cured[key] += 1
            elif not failure.retried:
                groups.setdefault(key, []).append(failure)
        for failure in summary.failures.given_up(summary.last):
            groups.setdefault((failure.kind, failure.peer), []).append(failure)
        for (kind, peer), found in groups.items():
            known = len(found) + cured[(kind, peer)]
            scale = summary.failures.scale * (1 + unsure[(kind, peer)] / known)
            item = self._fact(summary, kind, peer, found, cured[(kind, peer)], scale)
            yield raised(item, next((failure.frame for failure in found if failure.frame), None), eyes)
        stated = {kind for kind, peer in groups if peer == "model"}
        yield from self._calls(summary, stated, {kind: number for (kind, peer), number in cured.items() if peer == "model"})

    def _fact(
        self, summary: Summary, kind: str, peer: str, found: list[Failure], cured: int, scale: float
    ) -> Evidence:
        """`scale`: how many there are for each that is known."""
        count = round(len(found) * scale)
        found = sorted(found, key=lambda f: (f.place.path, f.place.line))
        fact = UpstreamFailure(
            failure=kind,
            peer=peer,
            status=_most(f.status for f in found if f.status) or 0,
            error=clean(_most(f.error for f in found if f.error) or ""),
            address=clean(_most(f.address for f in found if f.address) or ""),
            loopback=sum(f.loopback for f in found) * 2 > len(found),
            count=count,
            cured=round(cured * scale),
            to_the_end=_to_the_end(summary, found),
            rare=summary.rare(count) and not any(map(summary.ends_with, found)) and not _mostly(summary, kind, peer),
            instances=len({f.instance for f in found}),
            connected=sum(f.reached for f in found) * 2 > len(found),
        )
        shown = [found[0], *sorted(found[1:], key=lambda f: not f.final)[:3]]
        samples = with_end([(f.place, f.text) for f in shown], fact.error, found[0].named)
        if found[0].began:
            samples.insert(1, (found[0].began, ""))
        return told(fact, self.name, samples, "and here")

    def _calls(self, summary: Summary, stated: set[str], cured: Mapping[str, int]) -> Iterator[Evidence]:
        """What the client's own request lines say, of classes that nothing else told of. `cured`: how many of each class the app itself tells of and made good."""
        for host, calls in summary.failures.calls.items():
            total = calls.ok + sum(calls.by_class.values())
            tried = sum(calls.by_class.get(kind, 0) for kind in _RETRYABLE)
            for kind, seen in calls.by_class.items():
                # An attempt after which the client tries again is no failure yet.
                count = seen - round(seen * min(1.0, summary.failures.again / tried)) - cured.get(kind, 0) if kind in _RETRYABLE else seen
                least = 0.02 if kind in ("auth", "rejected") else _SHARE
                if kind in stated or count < (_LEAST_OF_TIME if kind == "timeout" else _LEAST) or count < least * total:
                    continue
                samples = calls.samples[kind]
                fact = UpstreamFailure(kind, "model", samples[0][2], "", clean(host), False, count, 0, True, False, 0)
                yield told(fact, self.name, [(place, text) for place, text, _ in samples], "and here")


def _most(values: Iterable[_Value]) -> _Value | None:
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None


def _mostly(summary: Summary, kind: str, peer: str) -> bool:
    """Whether a model answers so large a part of all requests so that retries which do not help are no chance: of those that do, the client tells one by one."""
    if peer != "model" or kind not in _RETRYABLE:
        return False
    known = ((calls.by_class.get(kind, 0), calls.ok + sum(calls.by_class.values())) for _, calls in summary.failures.calls.items())
    return any(refused >= max(_LEAST, _SHARE * every) for refused, every in known)


def _to_the_end(summary: Summary, found: list[Failure]) -> bool:
    if summary.first is None or summary.last is None or found[-1].time is None:
        return True
    return found[-1].time >= summary.last - max(60.0, 0.3 * (summary.last - summary.first))


PROBE = LogFailures()
