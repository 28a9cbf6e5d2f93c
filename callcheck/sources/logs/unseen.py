"""How far deliveries come that cannot be seen in these logs, and which line would show it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from callcheck.model.log import Level
from callcheck.model.noun import dataclass
from callcheck.sources.logs.presence import Cover, level_of
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit

_LEAST = 5
_ENDS = ("handled", "completed")
_ALL = 0.95
_MOST = 3


@dataclass(frozen=True, slots=True)
class Unseen:
    """Emissions of one event of which it cannot be seen what became of them, and why."""

    event: str
    what: str
    why: str
    log: str
    emits: list[Step]


def _emit(unit: Unit) -> Step | None:
    return next((s for s in unit.steps.values() if s.stage == "emitted" and not s.bad), None)


def _end(unit: Unit, emit: Step) -> Step | None:
    return next((s for s in unit.steps.values() if s.stage in _ENDS and s.time >= emit.time and s is not emit), None)


def unseen(units: Sequence[Unit], cover: Cover, counted: Collection[str] = ()) -> Iterator[Unseen]:
    """What the logs leave open, the most frequent first; the lines that emit one of the events in `counted` say themselves who heard it."""
    emitted = [(unit, emit) for unit in units if (emit := _emit(unit)) is not None]
    ends = [end for unit, emit in emitted if (end := _end(unit, emit)) is not None]
    found = [*_never(emitted, ends), *_cut_off(units, cover, level_of(ends)), *_nameless(emitted, ends)]
    open_ = [one for one in found if one.event not in counted or one.what != "handled"]
    yield from sorted(open_, key=lambda one: (-len(one.emits), one.event))[:_MOST]


def hidden(units: Sequence[Unit], cover: Cover) -> Iterator[tuple[Unit, Step, str, str]]:
    """The deliveries that were emitted and of which nobody knows the rest: delivery, emission, why, and whose log does not show it."""
    emitted = [(unit, emit, _end(unit, emit)) for unit in units if (emit := _emit(unit)) is not None]
    ends = [(end, end.time - emit.time) for _, emit, end in emitted if end is not None]
    if not ends:
        return
    writers, level = sorted({end.instance for end, _ in ends}), level_of(end for end, _ in ends)
    wait = sorted(waited for _, waited in ends)[len(ends) // 2]
    for unit, emit, end in emitted:
        if end is None:
            due = sorted({s.instance for s in unit.steps.values() if s.stage == "registered"}) or writers
            if why := cover.missed(due, emit.time, level, wait):
                yield unit, emit, why, due[0]


def _by_event(emits: Sequence[Step]) -> Iterator[tuple[str, list[Step]]]:
    grouped: dict[str, list[Step]] = {}
    for emit in emits:
        grouped.setdefault(emit.event, []).append(emit)
    yield from ((event, held) for event, held in grouped.items() if len(held) >= _LEAST)


def _never(emitted: Sequence[tuple[Unit, Step]], ends: Sequence[Step]) -> Iterator[Unseen]:
    """No line at all says that anything is handled: that nobody does cannot be told from nobody writing it down."""
    # A delivery with any later line goes on, in whatever words.
    silent = [emit for unit, emit in emitted if all(s.time <= emit.time for s in unit.steps.values())]
    if ends or len(silent) < _ALL * len(emitted):
        return
    for event, emits in _by_event(silent):
        yield Unseen(
            event, "handled", "no line says of any id that it is handled", _handling(event, level_of(emits)), emits
        )


def _cut_off(units: Sequence[Unit], cover: Cover, level: int) -> Iterator[Unseen]:
    """Handling is written down, but not by whom it is due from: its log ends before, begins later, or tells less."""
    groups: dict[tuple[str, str], list[Step]] = {}
    for _, emit, why, instance in hidden(units, cover):
        groups.setdefault((why, instance), []).append(emit)
    for (why, instance), emits in groups.items():
        for event, held in _by_event(emits):
            name, line = instance or "the process that handles it", _handling(event, level)
            told = {
                "ends": (f"the log of {name} ends before", f"Give the log of {name} up to the same time as the others"),
                "begins": (f"the log of {name} begins later", f"Give the log of {name} from the same time on as the others"),
                "level": (
                    f"handling is written at level {Level(level).name}, and {name} writes no line of that level",
                    f"{line}, or set its level to {Level(level).name}",
                ),
            }[why]
            yield Unseen(event, "handled", *told, held)


def _nameless(emitted: Sequence[tuple[Unit, Step]], ends: Sequence[Step]) -> Iterator[Unseen]:
    """Some arrive and others do not, and no line says which process wrote it."""
    steps = [emit for _, emit in emitted] + list(ends)
    if not ends or any(step.instance for step in steps) or len(ends) > _ALL * len(emitted):
        return
    for event, emits in _by_event([emit for unit, emit in emitted if _end(unit, emit) is None]):
        both = "Name the process (pid, pod or host name) in the lines that say that it is registered, emitted and handled"
        yield Unseen(event, "process", "no line names the process that wrote it", both, emits)


def _handling(event: str, level: int) -> str:
    """The line to write, ready to be pasted."""
    name = Level(level).name if level in (Level.INFO, Level.DEBUG, Level.WARN, Level.ERROR) else "INFO"
    return f"Log this as the first statement of the handler, in every process and at level {name}: `handled {event or 'event'} id=<the id that the emitting line has> pid=<process id>`"
