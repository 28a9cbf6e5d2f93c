"""Does each process of a service leave its work to a leader, or to whoever holds a lock, that none of them is?

digest-a  lease is held by digest-b, skipping                digest-b  got the lease, leading … sent 12 digests          until 06:10, when it was killed
digest-c  lease is held by digest-b, skipping                and so on for hours: a lock that nobody gives back and that does not expire
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from callcheck.model.log import Place
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.presence import Cover
from callcheck.sources.logs.series import Run
from callcheck.sources.logs.stopped import Stopped, service

_SKIPS = pattern(
    r"\b(?:(?:could|can|did|do|does)(?: ?not|n't)|cannot|failed to|unable to) (?:acquire|get|obtain|take|hold) (?:\S{1,40} ){0,2}(?:lock|lease|leader\w{0,6})\b|\bnot (?:the )?(?:current )?(?:leader|primary|master)\b"
    r"|\b(?:lock|lease|leadership) (?:\S{1,40} )?(?:is |was )?(?:already |still )?(?:held|taken|owned)\b|\b(?:another|other) (?:instance|replica|process|worker|node|pod) (?:holds|has|owns|is (?:the )?leader|is (?:already )?running)\b",
    2,
)
_HOLDS = pattern(
    r"\b(?:acquired|got|obtained|took|holding|holds|renewed|won) (?:\S{1,40} ){0,2}(?:lock|lease|leadership)\b|\b(?:became|becoming|elected|i am|i'm|now|as) (?:the )?leader\b|\b(?:started )?leading\b|\b(?:lock|lease|leadership) (?:acquired|obtained|renewed|won)\b", 2
)
_TURNS, _LEAST_S = 10, 120.0
_NEARLY_ALL = 0.9
_LATE = 2.5
"""A turn that is left out: whoever skips no line then does the work, without a word."""


@dataclass(frozen=True, slots=True)
class Unled:
    """What all say that leave their work to another one; of who held it last, the last that it said, None where nobody is seen to hold it."""

    template: str
    count: int
    instances: int
    skips: list[Run]
    last: tuple[Place, str] | None


def unled(stopped: Stopped, cover: Cover) -> Iterator[Unled]:
    """By services of which each process that still writes skips in every turn to the end. Where none was ever seen to hold it, its holder's log may not be here, so it takes three processes that skip."""
    held = [(name, run) for _, series in stopped.series.items() for name, run in series.runs.items() if _HOLDS.search(run.text) and not _SKIPS.search(run.text)]
    for (of, template), series in stopped.series.items():
        skips = {name: run for name, run in series.runs.items() if name and _SKIPS.search(run.text)}
        if not skips:
            continue
        mine = {name: known for name, known in cover.instances.items() if name and service(name) == of and known.last is not None}
        holders = [(name, run) for name, run in held if service(name) == of]
        last = max(holders, key=lambda one: one[1].last, default=None)
        since = last[1].last[0] if last is not None else min((run.first for run in skips.values()), default=stopped.end)
        writing = {name for name, known in mine.items() if known.last is not None and stopped.end - known.last <= max(_LEAST_S, 0.1 * (stopped.end - since))}
        turns = [run.when.within(since, stopped.end + run.when.width) for name, run in skips.items() if name in writing]
        if not writing or writing - skips.keys() or stopped.end - since < _LEAST_S or not _all_skip(turns, stopped.end):
            continue
        gone = last is not None and last[0] not in writing
        if gone or (last is None and len(writing) > 2):
            shown = [run for name, run in sorted(skips.items()) if name in writing][:2]
            told = (last[1].place, last[1].text) if last is not None and last[1].place is not None else None
            yield Unled(template, sum(run.count for run in skips.values()), len(writing), shown, told)


def _all_skip(turns: Sequence[Sequence[int]], end: float) -> bool:
    """Whether each comes regularly to the end, and in nearly each turn all of them do."""
    for mine in turns:
        apart = sorted(later - one for one, later in pairwise(mine))
        if len(mine) < _TURNS or apart[-1] > _LATE * apart[len(apart) // 2] or end - mine[-1] > _LATE * apart[len(apart) // 2]:
            return False
        together = sum(all(any(abs(at - other) <= apart[len(apart) // 2] / 2 for other in theirs) for theirs in turns) for at in mine)
        if together < _NEARLY_ALL * len(mine):
            return False
    return True
