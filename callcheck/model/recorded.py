"""What did the agents of `callcheck observe` write down?

The nouns of a recording, as `observers/FACTS.md` defines its lines. Times are microseconds since the epoch; a name is as the app uses it, and
every text is as it was recorded: whoever states a fact makes it printable.
"""

from __future__ import annotations

from callcheck.model.noun import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the app's code; an absolute path as the runtime gave it, lines and columns count from 1."""

    path: str
    line: int
    function: str = ""
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """What an emission and a listener must have in common: the library, and the event, topic, channel or room."""

    system: str
    name: str


@dataclass(slots=True)
class Process:
    """One process, or one thread of it that has a file of its own."""

    file: str
    """The name of its file in the recording."""
    pid: int
    parent: int
    thread: int
    host: str
    language: str
    """javascript or python."""
    runtime: str
    command: tuple[str, ...]
    folder: str
    """Its working directory."""
    started: int
    instance: str = ""
    """How its manager calls it: `worker 2`, `pm2 0`, a pod's name; or ""."""
    ended: int | None = None
    last: int = 0
    """The time of its last line."""
    skipped: dict[str, int] = field(default_factory=dict)
    """What its agent left out, and how many."""

    @property
    def who(self) -> str:
        """How it is called in a report."""
        return f"{self.instance}, pid {self.pid}" if self.instance else f"pid {self.pid}"


@dataclass(slots=True)
class Emitter:
    """One object that events go out on, in one process."""

    id: str
    process: Process
    system: str
    made: Place | None
    request: str
    """The request in which it was first seen, or ""."""
    seen: int
    kind: str = ""
    """Its class."""


@dataclass(slots=True)
class Listener:
    """One handler on one object, from when it was added until it was gone."""

    id: str
    process: Process
    channel: Channel
    emitter: str
    name: str
    place: Place | None
    """Where it was added."""
    added: int
    request: str = ""
    once: bool = False
    weak: bool = False
    count: int = 0
    """Listeners of its event on its object, with it."""
    gone: int | None = None
    how: str = ""
    """By what it went: removed, spent (it was for one event) or collected."""
    gone_at: Place | None = None

    def there(self, at: int) -> bool:
        """Whether it was there at that time."""
        return self.added <= at and (self.gone is None or at < self.gone)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error, and where it arose."""

    kind: str
    """threw, rejected, swallowed, pending (not settled after 5 s) or untyped (no handler for this type of message)."""
    error: str
    message: str
    place: Place | None
    listener: str = ""


@dataclass(slots=True)
class Emission:
    """One event that went out."""

    id: str
    process: Process
    channel: Channel
    emitter: str
    at: int
    place: Place | None
    request: str = ""
    trace: str = ""
    heard: int | None = None
    """By how many listeners; None if nothing says."""
    entered: int = 0
    failures: list[Failure] = field(default_factory=list)
    running: bool = True
    """Whether the runtime that is to dispatch it was running."""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Emissions that were only counted."""

    process: Process
    channel: Channel
    emitter: str
    count: int
    unheard: int
    threw: int


@dataclass(slots=True)
class Call:
    """One call to another server."""

    id: str
    process: Process
    address: str
    port: int
    path: str
    place: Place | None
    at: int
    request: str = ""
    status: int = 0
    error: str = ""
    message: str = ""
    ended: int | None = None


@dataclass(slots=True)
class Request:
    """One request that came in."""

    id: str
    process: Process
    method: str
    path: str
    at: int
    trace: str = ""
    status: int = 0
    ended: int | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong in a process outside of any handler that is known: an uncaught error, a rejection nobody took, a warning."""

    kind: str
    """uncaught, unhandled-rejection, warning, asyncio, future, thread, run, task (of a queue's worker) or unknown-task."""
    process: Process
    error: str
    message: str
    place: Place | None
    at: int
    swallowed: bool = False
    """A listener for such errors took it, so the process went on."""
    about: str = ""
    """The task's name."""


@dataclass(frozen=True, slots=True)
class Member:
    """One process of the app, as it is seen from outside."""

    pid: int
    parent: int
    command: tuple[str, ...]
    runtime: str
    """node, bun, deno or python, which our agents run in; "" for any other program."""
    listens: bool
    """On some port, so that it may serve requests."""
    foreign: bool = False
    """Run by another user than the one who observes."""
    managed: bool = False
    """By a PM2 that hands it its environment only once it runs."""


def unheard(members: tuple[Member, ...], heard: set[int]) -> tuple[Member, ...]:
    """The processes that an agent should have been in, without those that are heard of by these pids. Bun and Deno run no code of the app where they start a
    script of its manifest: `bun run start`, `deno task start`."""
    parents = {each.parent for each in members}
    runners = {each.pid for each in members if each.runtime in ("bun", "deno") and each.pid in parents and not each.listens}
    return tuple(each for each in members if each.runtime and each.pid not in heard | runners)


@dataclass(slots=True)
class Recording:
    """All that one recording holds."""

    processes: list[Process] = field(default_factory=list)
    emitters: dict[tuple[str, str], Emitter] = field(default_factory=dict)
    """By the process's file and the emitter's id."""
    listeners: list[Listener] = field(default_factory=list)
    emissions: list[Emission] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    started: list[tuple[str, str]] = field(default_factory=list)
    """Runtimes that were started, as `emitters` has them."""
    stopped: dict[tuple[str, str], int] = field(default_factory=dict)
    """When a runtime was last asked to stop."""
    members: tuple[Member, ...] = ()
    """The processes that the app had, as they were seen from outside; () if nobody looked."""
    lost: list[tuple[str, str]] = field(default_factory=list)
    """What could not be read, and why."""

    @property
    def silent(self) -> tuple[Member, ...]:
        """The processes that an agent should have been in, and wrote nothing."""
        return unheard(self.members, {process.pid for process in self.processes})
