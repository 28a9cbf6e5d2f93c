"""Where was an id registered, emitted, handled, or not known?"""

from __future__ import annotations

import re
from collections.abc import Callable

from callcheck.model.log import Level, Place
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.boundaries import TO_HOW_MANY, TO_NOBODY, Edge, event_of
from callcheck.sources.logs.bounded import Lists, Smallest
from callcheck.sources.logs.listening import Listening
from callcheck.sources.logs.presence import SEEN, Cover, level_of
from callcheck.sources.logs.rooms import room_of
from callcheck.sources.logs.view import View

_MOST = 18_000
_MOST_OF_ID = 61
"""One more than a delivery can have: an id with more lines is something else."""
_MOST_STAGED = 6_000
_MOST_NAMELESS = 4_000
_OF_FANS = frozenset(("registered", "emitted", "handled", "closed", "unknown"))
"""Stages of which lines without an id are kept (`fans`)."""
_SKIPPED = rare(
    r"\b(?:orphan(?:ed|s)?|stray|unclaimed|unmatched|undeliver\w+|absent|dangling|nowhere|bounced|miss(?:ed|es)?|went missing|none of (?:mine|ours)|not (?:mine|ours)|skip\w*|ignor\w*|drop(?:ped|ping)|discard\w*|unhandled|nothing to do|not for (?:me|us)|no-?op|without|expired|timed? ?out|gave up|giving up|abandon\w*|nothing (?:heard|received|came|arrived)|(?:ended|closed|returned|answered) empty|in vain|unanswered|never (?:heard|received|came|arrived)|no (?:answer|reply|event|response|result|callback)s?(?! (?:code|id)))\b",
    re.I,
)
_LAYERS = (
    ("channels", pattern(r"group_send|group_add|group_discard|channel_layer", re.I)),
    # Engine.IO's ids have twenty characters (base64id 2), and its transports are called so.
    ("socket.io", pattern(r"(?i:socket\.io|\bio\.(?:to|in|emit)|\b(?:server|socket|nsp|namespace)\.(?:to|in)\(|\bsocketio)|(?<![\w-])(?=[\w-]{0,19}[A-Z])(?=[\w-]{0,19}[a-z])[\w-]{20}(?![\w-]).{0,60}\b(?:websocket|polling)\b")),
    ("", pattern(r"graphql|\bsubscription (?:\S{1,60} )?(?:is )?(?:open(?:ed)?|start(?:ed)?|added|active|complete)\b", re.I)),  # its room is what it is about
    ("socket.io", pattern(r"\broom\b", re.I)),
    ("channels", pattern(r"consumers?\.", re.I)),
    ("actioncable", pattern(r"(?i:ActionCable|is streaming from)|\bBroadcasting to \S{1,200}: ")),
    ("signalr", pattern(r"(?i:signalr)|\b(?!Git|Event)[A-Z]\w{0,30}Hub\b")),
)
_DONE = pattern(r"\b(?:done|finish\w*|complet\w*|ready|results?|succe\w+|answer\w*)\b", re.I)
_LISTENS = pattern(r"listener|handler|callback|subscri|waiter", re.I)
REQUEST = pattern(r"(?: requestId|[ .](?:aws|AWS|function)_?[rR]equest_?[iI]d)=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-z]*\d)[a-z0-9]{12}(?=$| ))\b", re.ASCII)
"""The invocation, as the runtime, its JSON format and AWS Lambda Powertools name it; and the execution of a function of Google's."""
TO_NONE = " to none"
"""Ends the shape of a line by whose figure nobody was told."""
_WINDOW_S = 15.0
_OF_ROOM = "room "
"""Begins the id of a line that names a room and nothing else."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line that says what happened to some ids."""

    stage: str
    instance: str
    time: float
    order: int
    place: Place
    ids: frozenset[str]
    text: str
    event: str = ""
    shape: str = ""
    """The words of the line without what varies."""
    bad: bool = False
    """It speaks of a failure, or of doing nothing."""
    request: str = ""
    """The invocation that the line names at its end."""
    level: int = Level.UNKNOWN
    logger: str = ""
    room: str = ""
    """The group or room that it is about, of which several listeners may be members."""

    def __reduce__(self) -> tuple[type[Step], tuple[object, ...]]:
        """Thousands of them go from one process to another."""
        return Step, (
            self.stage, self.instance, self.time, self.order, self.place, self.ids, self.text, self.event, self.shape, self.bad, self.request, self.level,
            self.logger, self.room,
        )  # fmt: skip


@dataclass(slots=True)
class Crossing:
    """How emits met registrations."""

    lost: int = 0
    arrived: int = 0
    same: int = 0
    same_lost: int = 0
    layer: str = ""
    instances: set[str] = field(default_factory=set)
    pairs: list[tuple[Step, Step]] = field(default_factory=list)
    """Registration and lost emit (or the line that does not know the id)."""


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A listener that is to hear an emit; `several`: instances have listeners for it, so each must handle it itself."""

    listener: Step
    emit: Step
    several: bool

    def by(self, step: Step) -> bool:
        """Whether the line says that this listener heard it."""
        here = step.instance == self.listener.instance
        if step.ids & self.emit.ids:
            return here or not self.several
        return here and bool(step.ids & self.listener.ids)


def in_time(step: Step) -> tuple[float, int, str]:
    """Order of steps; whole seconds tie, and then the line decides."""
    return step.time, step.order, step.place.path


@dataclass(slots=True)
class Trails:
    """The steps of a part of the logs; parts merge."""

    by_id: Lists[Step] = field(default_factory=lambda: Lists(_MOST, _MOST_OF_ID, in_time))
    """All steps of each id, of a sample of the ids where there are too many."""
    staged: Smallest[Step] = field(default_factory=lambda: Smallest(_MOST_STAGED, in_time))
    """The first steps of all, whatever their ids, that say how far a delivery has come: an emit and its listener may share one id
    while the listener and its answer share another."""
    nameless: Smallest[Step] = field(default_factory=lambda: Smallest(_MOST_NAMELESS, in_time))
    """The first steps that name no id at all, of processes that have a name."""
    end: float = 0.0
    """The time of the last step."""

    def see(self, view: View, edge: Edge | None) -> None:
        """One record, and its boundary."""
        if not view.text:
            return
        room = room_of(view.text) if edge and edge.stage else ""
        # Who is in a room, or what is sent there, may name nothing else.
        ids = frozenset([edge.id]) if edge and edge.id else view.ids or frozenset([_OF_ROOM + room] if room else [])
        if not ids and not self._of_fan(view, edge) or (edge and edge.stage == "unknown" and "session" in view.low):
            return
        text = view.text
        time = view.time if view.time is not None else float(view.place.line)
        stage, event = (edge.stage, edge.event) if edge else ("", event_of(view))
        instance = (edge.instance if edge else "") or view.instance
        bad = view.fails_beside(event) or view.final or view.says(_SKIPPED, 300)
        # What was handed to nobody is not the line that others reach, though but a figure may tell the two apart.
        shape = f"{view.shape(event) or event}{TO_NONE if stage == 'unknown' and view.find_low(TO_NOBODY) else ''}"
        request = found[1] if "equest" in text and (found := REQUEST.search(text)) else ""
        step = Step(stage, instance, time, view.order, view.place, ids, text[:300], event, shape, bad, request, view.record.level, view.record.logger, room)
        self.end = max(self.end, time)
        if not ids:
            self.nameless.add(step)
            return
        for key in ids:
            self.by_id.add(key, step)
        if stage and instance:
            self.staged.add(step)

    def _of_fan(self, view: View, edge: Edge | None) -> bool:
        """Whether a line without an id may tell of what is sent to all who listen, or of these."""
        if not ((edge.instance if edge else "") or view.instance):
            return False
        return edge.stage in _OF_FANS if edge else view.find_low(TO_HOW_MANY) is not None

    def merge(self, other: Trails) -> None:
        """Take the other part's in."""
        self.by_id.merge(other.by_id)
        self.staged.merge(other.staged)
        self.nameless.merge(other.nameless)
        self.end = max(self.end, other.end)

    def mapped(self, change: Callable[[Step], Step]) -> Trails:
        """The same with each step as `change` makes it: at another time, or at a stage that was not known when it was read."""
        changed = Trails(end=self.end)
        made: dict[tuple[str, int], Step] = {}
        for key, steps in self.by_id.items():
            for step in steps:
                at = step.place.path, step.order
                new = made.get(at)
                if new is None:
                    new = made[at] = change(step)
                changed.by_id.add(key, new)
        changed.by_id.limit = self.by_id.limit
        for step in self.staged:
            at = step.place.path, step.order
            if at not in made:
                made[at] = change(step)
        for new in made.values():
            if new.stage and new.instance:
                changed.staged.add(new)
        for step in self.nameless:
            changed.nameless.add(change(step))
        changed.staged.seen = max(self.staged.seen, changed.staged.seen)
        return changed

    @property
    def scale(self) -> float:
        """How many steps there were for each that is laid side by side with others."""
        return self.staged.seen / max(1, len(self.staged))

    @property
    def steps(self) -> list[Step]:
        """File by file, with those of their ids that were followed."""
        found = {(step.place.whole, step.order): step for _, steps in self.by_id.items() for step in steps}
        ordered = [found[key] for key in sorted(found)]
        if self.by_id.limit is None:
            return ordered
        kept = self.by_id.kept.keys()
        return [step if step.ids <= kept else replace(step, ids=frozenset(step.ids & kept)) for step in ordered]

    @property
    def begun(self) -> list[Step]:
        """The lines up to the time from which on there were too many: until then none is left out that says how far a delivery has come, whatever it names."""
        held = [self.staged, self.nameless]
        until = min(([*each][-1].time for each in held if each.seen > len(each)), default=float("inf"))
        every = [*self.staged, *self.nameless, *(self.steps if self.by_id.limit is None else ())]
        return [*{(step.place.whole, step.order): step for step in every if step.time <= until}.values()]

    def emitted(self, cover: Cover = SEEN) -> Crossing:
        """Emits against the registrations that share an id with them, one of each instance.

        Where the listener's process could not have shown that it handles, as far as `cover` knows, nothing is said of an emit.
        """
        result = Crossing()
        listening = Listening()
        steps = list(self.staged)
        level = level_of(step for step in steps if step.stage == "handled")
        waiting: list[_Awaited] = []
        sent: dict[str, Step] = {}  # the last emit of each id

        def lost(pair: _Awaited) -> None:
            if not cover.blind(pair.listener.instance, pair.emit.time, level):
                _settle(result, pair.listener, pair.emit, handled=False)

        for step in steps:
            if waiting and step.time - waiting[0].emit.time > _WINDOW_S:
                for pair in [pair for pair in waiting if step.time - pair.emit.time > _WINDOW_S]:
                    waiting.remove(pair)
                    lost(pair)
            listening.take(step)
            if step.stage == "emitted":
                listeners = listening.to(step)
                sent.update(dict.fromkeys(step.ids, step))
                waiting += [_Awaited(listener, step, len(listeners) > 1) for listener in listeners.values()]
            elif step.stage == "handled":
                last = max((sent[key] for key in step.ids if key in sent), key=in_time, default=None)
                # Behind an emit of its own process, a line says nothing of what others sent before that.
                own = last is not None and last.instance == step.instance
                for pair in [pair for pair in waiting if pair.by(step) and (not own or pair.emit.instance == step.instance)]:
                    waiting.remove(pair)
                    _settle(result, pair.listener, pair.emit, handled=True)
        for pair in waiting:
            if steps and steps[-1].time - pair.emit.time > 2:
                lost(pair)
        return result

    def late(self, cover: Cover = SEEN) -> tuple[list[tuple[Step, Step]], int, int]:
        """Listeners that came after their event and heard nothing (event, listener), how many were in time and heard it, and after how many of the late ones
        a line says that they waited in vain for what was done before.

        For the order it does not matter who wrote the lines: where no process is named, all lines are looked at.
        """
        by_id: dict[str, list[Step]] = {}
        for step in self.staged or sorted(self.steps, key=lambda step: (step.time, step.order)):
            # What was sent to a room before somebody came was for those who were there.
            for key in sorted(key for key in step.ids if not key.startswith(_OF_ROOM)):
                by_id.setdefault(key, []).append(step)
        level = level_of(step for step in self.staged if step.stage == "handled")
        late: dict[Place, tuple[Step, Step]] = {}
        in_time: set[Place] = set()
        in_vain: set[Place] = set()
        for steps in by_id.values():
            listeners = [n for n, s in enumerate(steps) if s.stage == "registered"]
            events = [n for n, s in enumerate(steps) if s.stage in ("emitted", "completed")]
            heard = [n for n, s in enumerate(steps) if s.stage == "handled" and not s.bad]
            if not listeners or not events:
                continue
            # A connection that is opened may listen, too; where a line says who listens, it is that one.
            at = next((n for n in listeners if _LISTENS.search(steps[n].text)), listeners[0])
            if events[-1] < at and not any(n > at for n in heard) and steps[at].time - steps[events[-1]].time < 120:
                if cover.blind(steps[at].instance, steps[at].time, level):
                    continue
                late[steps[at].place] = (steps[events[-1]], steps[at])
                # What says that it waited in vain needs no word for how far it came.
                after = [s for key in sorted(steps[at].ids) for s in self.by_id.kept.get(key, ()) if (s.time, s.order) > (steps[at].time, steps[at].order)]
                if _DONE.search(steps[events[-1]].text) and any(s.bad for s in after):
                    in_vain.add(steps[at].place)
            elif at < events[0] and any(n > events[0] for n in heard):
                in_time.add(steps[at].place)
        return list(late.values()), len(in_time), len(in_vain)


def _settle(result: Crossing, listener: Step, emit: Step, handled: bool) -> None:
    if listener.instance == emit.instance:
        result.same += handled
        result.same_lost += not handled
    elif apart(listener.instance, emit.instance):
        result.arrived += handled
        result.lost += not handled
        if not handled:
            result.instances |= {listener.instance, emit.instance}
            if len(result.pairs) < 6:
                result.pairs.append((listener, emit))
                result.layer = result.layer or layer_of(result)


def layer_of(crossing: Crossing) -> str:
    """The realtime library that the lines speak of, or ""."""
    text = "\n".join(f"{step.logger} {step.text}" for pair in crossing.pairs for step in pair)
    return next((name for name, pattern in _LAYERS if pattern.search(text)), "")


def apart(one: str, other: str) -> bool:
    """Whether two names are surely two processes: `web.1`, `web.1/9` and `web.1:host/9` may be the same one."""
    return bool(one and other and one != other and not one.startswith((f"{other}/", f"{other}:")) and not other.startswith((f"{one}/", f"{one}:")))
