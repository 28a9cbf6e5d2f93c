"""What went wrong in a recorded run outside of the deliveries that can be followed: tasks that fail or are unknown, errors that nobody took, coroutines nobody awaited?

Left out is what is told as a delivery already, how people and servers end a program, and what follows a call to another server that failed: that call is the cause.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.recorded import Fault, Recording
from callcheck.sources.recording.failed_calls import failure_of

_ENDS = frozenset({"KeyboardInterrupt", "SystemExit", "GeneratorExit", "CancelledError", "AbortError"})
_QUIET = frozenset({"future", "run"})
"""Kinds of errors that go on to whoever asks for the result: nothing says that nobody did."""
_SOON_US = 2_000_000
_NEVER_AWAITED = pattern(r"coroutine '([^']{1,200})' was never awaited")


@dataclass(frozen=True, slots=True)
class Alike:
    """Faults of one kind and place."""

    first: Fault
    count: int
    instances: int
    subject: str
    """The task or coroutine it is about, or ""."""


def faults(recording: Recording) -> Iterator[Alike]:
    """The commonest first."""
    told = {(failure.error, failure.message) for emission in recording.emissions for failure in emission.failures}
    groups: dict[tuple[object, ...], list[Fault]] = {}
    for fault in recording.faults:
        if fault.kind not in _QUIET and fault.error not in _ENDS and (fault.error, fault.message) not in told and not _upstream(fault, recording):
            groups.setdefault((fault.kind, fault.error, fault.place, _subject(fault)), []).append(fault)
    for alike in sorted(groups.values(), key=lambda each: -len(each)):
        yield Alike(alike[0], len(alike), len({each.process.file for each in alike}), _subject(alike[0]))


def _subject(fault: Fault) -> str:
    found = _NEVER_AWAITED.search(fault.message) if fault.kind == "warning" else None
    return found[1] if found else fault.about


def _upstream(fault: Fault, recording: Recording) -> bool:
    calls = (call for call in recording.calls if call.process is fault.process and failure_of(call))
    return any(0 <= fault.at - (call.ended or call.at) < _SOON_US for call in calls)
