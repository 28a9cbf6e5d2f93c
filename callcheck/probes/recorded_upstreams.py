"""Which calls to others failed for good in the recorded run, before anything was emitted?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.logs import UpstreamFailure
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.recording.failed_calls import Failed
    from callcheck.sources.recording.recorded import Recorded


class RecordedUpstreams:
    """States failures that nothing in their request made good, by class and by who was called."""

    name = "recorded-upstreams"
    looks_at = Sight.RECORDINGS
    answers: frozenset[type[Fact]] = frozenset({UpstreamFailure})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.recordings else "no recording of a run given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.recording.failed_calls import failed_calls

        for recording in eyes.recording.all:
            for failed in failed_calls(recording):
                yield self._fact(failed, eyes.recording)

    def _fact(self, failed: Failed, recorded: Recorded) -> Evidence:
        from callcheck.sources.recording.failed_calls import LOOPBACK

        first = failed.calls[0]
        errors = Counter(call.error for call in failed.calls if call.error)
        fact = UpstreamFailure(
            failure=failed.failure,
            peer=failed.peer,
            status=Counter(call.status for call in failed.calls).most_common(1)[0][0],
            error=clean(errors.most_common(1)[0][0] if errors else "", 80),
            address=clean(f"{first.address}:{first.port}" if first.port not in (0, 80, 443) else first.address, 120),
            loopback=first.address in LOOPBACK,
            count=len(failed.calls),
            cured=failed.cured,
            to_the_end=failed.to_the_end,
            rare=False,
            instances=len({call.process.pid for call in failed.calls}),
            share=round(100 * len(failed.calls) / failed.of),
        )
        place = next((call.place for call in failed.calls if call.place), None)
        where = recorded.location(place) if place else None
        said = f"HTTP {first.status}" if first.status else fact.error
        label = f"{fact.says()}: {fact.address}{clean(first.path, 80)} gives {said}"
        return Evidence(fact, Basis.OBSERVED, self.name, where, recorded.excerpt(place) if place else "", label=label)


PROBE = RecordedUpstreams()
