"""Which work ends with a worker that its server replaces after so many requests or so much memory?

[410] order 7008 accepted, printing in the background
[410] Autorestarting worker after current request.                       and of order 7008 no line more; of all others: printed, callback sent
[200] Process 'ForkPoolWorker-2' pid:210 exited with 'exitcode 155'

The work went on in a thread or a task of the process, beside the request that it had answered. Sources: gunicorn 22, workers/base.py and sync.py (max_requests); uvicorn 0.30, server.py
(limit_max_requests); billiard 4.2, pool.py (EX_RECYCLE is 155: maxtasksperchild, max_memory_per_child); uWSGI 2.0 (max-requests); PM2 5 (max_memory_restart).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.logs.occupied import Occupied
from callcheck.sources.logs.series import Run
from callcheck.sources.logs.stopped import Stopped
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit, kinds_of

_REPLACED = pattern(
    r"autorestarting worker|maximum request limit of|exited with 'exitcode 155'|\bexitcode 155\b|the work of process .{0,20} is done|restarted because it exceeds|exceeds? --max-memory-restart|requested a recycle because", 2
)
_LEAST_LOST, _NEARLY_ALL, _FEW = 3, 0.8, 0.2
_SETTLING_S = 2.0


@dataclass(frozen=True, slots=True)
class Recycled:
    """Work that ended with its worker: the last line of each, the line that the others come to, and the worker's last words."""

    lost: list[Step]
    done: Step
    said: Run


def recycled(units: Sequence[Unit], stopped: Stopped) -> Iterator[Recycled]:
    """Deliveries of a kind that begin before a worker is replaced and do not come to the end that the others come to, of which hardly any has a replacement in between."""
    runs = [run for _, series in stopped.series.items() for _, run in series.runs.items() if run.place is not None and run.begin is not None and _REPLACED.search(run.text) and _REPLACED.search(run.begin[2])]
    when = Occupied()
    for run in runs:
        when.merge(run.when)
    for kind in kinds_of(units) if runs else ():
        ends = Counter(max(unit.steps.values(), key=lambda step: (step.time, step.order)).shape for unit in kind if len(unit.steps) > 1)
        shape = next((each for each, _ in ends.most_common(1)), "")
        whole = [unit for unit in kind if shape in unit.steps and unit.first.shape != shape]
        lost = [max(unit.steps.values(), key=lambda step: (step.time, step.order)) for unit in kind if shape not in unit.steps]
        if len(lost) < _LEAST_LOST or len(whole) < 2 * len(lost) or any(step.bad for step in lost):
            continue
        takes = sorted(unit.steps[shape].time - unit.first.time for unit in whole)[len(whole) // 2]
        wide = when.width + _SETTLING_S
        ended = [step for step in lost if when.within(step.time - wide, step.time + takes + wide)]
        beside = sum(bool(when.within(unit.first.time - when.width, unit.steps[shape].time + when.width)) for unit in whole)
        if len(ended) >= max(_LEAST_LOST, _NEARLY_ALL * len(lost)) and beside <= _FEW * len(whole):
            yield Recycled(ended, whole[0].steps[shape], max(runs, key=lambda run: run.count))
