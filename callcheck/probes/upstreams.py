"""Do the model APIs that the target uses answer, and do they take its key and know its models? Asked only with `--online`."""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.upstream import UpstreamChecked
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes

_MOST = 12


class Upstreams:
    """One GET to each API, and one for each model that its list does not name; states what came of it."""

    name = "upstreams"
    looks_at = Sight.ONLINE
    answers = frozenset({UpstreamChecked})

    def skip(self, target: Target, eyes: Eyes) -> str:
        if not target.online:
            return "other machines are asked only with --online"
        return "" if target.on_disk else "no folder given: which APIs to ask stands in code and environment files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        from callcheck.sources.online.check import check
        from callcheck.sources.online.endpoints import endpoints

        found = endpoints(eyes)
        for end, seen in check(found[:_MOST]):
            for model in seen.unknown or ("",):
                fact = UpstreamChecked(
                    end.system.name, end.address, seen.outcome, seen.status, round(seen.latency_s, 3), end.timeout_s, seen.slower, end.retries,
                    seen.remaining, end.variable, model,
                )  # fmt: skip
                yield Evidence(fact, Basis.OBSERVED, self.name, end.where)
        for end in found[_MOST:]:
            yield Lost(end.address, f"more than {_MOST} APIs are not asked in one run")


PROBE = Upstreams()
