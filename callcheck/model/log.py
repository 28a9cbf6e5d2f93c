"""What is a log line, what was known of its shape before, and what does a failure in it look like?"""

from __future__ import annotations

import re
from enum import IntEnum

from callcheck.model.noun import dataclass, field


class Level(IntEnum):
    """OpenTelemetry's severity ranges, lowest number of each; 0 where the line does not say."""

    UNKNOWN = 0
    TRACE = 1
    DEBUG = 5
    INFO = 9
    WARN = 13
    ERROR = 17
    FATAL = 21


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a line, from `rules/logs/formats/*.yaml`: an outer wrapper, or the application's own."""

    name: str
    layer: str
    """"wrapper" (adds an instance or a time around somebody else's line) or "inner"."""
    pattern: re.Pattern[str] | None = None
    """Groups: rest or message, time, level, instance, pid, logger, threads (their names, in brackets or not)."""
    needs: frozenset[str] = frozenset()
    """JSON: keys that must be there; empty for a text format."""
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """JSON: message, time, level, instance, pid, logger, thread, and of a served request method, path, status, by (who answered it) -> dotted keys; `instance` takes all
    that are there, the others the first."""
    samples: tuple[str, ...] = ()
    not_samples: tuple[str, ...] = ()
    origin: str = ""
    first: frozenset[str] | None = None
    """The ASCII characters with which such a line can begin; None if it can be any."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line that one library writes says of a delivery that stops, where it says so by itself."""

    effect: str
    """The cause that it shows."""
    strength: str
    """As that of a trap: strong, fair or hint."""
    says: str
    """What happens then and what mends it, in at most 160 characters; `{subject}` is what the pattern names."""
    least: int = 2
    """Seen less often, it is a matter of course."""
    due_s: float = 0.0
    """For how long the logs must go on after it: the line that takes it back, where all is well, comes before that."""

    def of(self, subject: str) -> str:
        """What it says where the line names this subject."""
        return self.says.replace("{subject}", subject or "it")


@dataclass(frozen=True, slots=True)
class Signature:
    """The lines by which one library reports one thing, from `rules/logs/signatures/*.yaml`."""

    signal: str
    """A neutral name: `upstream`, `handler`, or the thing that is reported (`lock-lost`, `task-unregistered`)."""
    library: str
    contains: tuple[str, ...]
    """One of these must stand in the record; case counts."""
    pattern: re.Pattern[str] | None = None
    """And this must be found in it, if given; groups: subject, error; where it has several wordings, those after the first name the subject a, b, c ..."""
    unless: re.Pattern[str] | None = None
    """And this must not."""
    kind: str = ""
    """`upstream`: auth, rate-limit, timeout, rejected or unavailable."""
    peer: str = ""
    """`upstream`: who did not answer, where the line cannot say otherwise: model, callback, infrastructure."""
    cured_by: re.Pattern[str] | None = None
    """A later line of the same instance that makes it harmless (`Restarting the consumer`); what its group names as its subject, as in `pattern`, is all that
    it does so for."""
    each: bool = False
    """Such a line makes one of them harmless, instead of all before it: what is made is to be started, one for one."""
    payload: bool = False
    """`handler`: the library hands the payload to the handler, so an attribute or key error is about its shape."""
    quiet: bool = False
    """`handler`: it is said at INFO, where other libraries' lines of that level quote a failure that somebody took care of."""
    means: Meaning | None = None
    """For a signal that no rule needs to judge further."""
    samples: tuple[str, ...] = ()
    not_samples: tuple[str, ...] = ()
    origin: str = ""

    def fits(self, text: str) -> bool:
        """Whether a record's text carries it."""
        return any(part in text for part in self.contains) and self.confirms(text)

    def confirms(self, text: str) -> bool:
        """The second look, once one of `contains` is known to be there."""
        return (self.pattern is None or self.pattern.search(text) is not None) and (
            self.unless is None or self.unless.search(text) is None
        )


STAGES = ("unknown", "closed", "registered", "emitted", "handled", "completed", "started")
"""How far a delivery has come; `unknown`: somebody is asked for an id that he does not know."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """Words by which a line says how far a delivery has come, from `rules/logs/boundaries/*.yaml` or the user's configuration."""

    stage: str
    pattern: re.Pattern[str]
    own: bool = False
    """The user's own marker: decides alone, is searched in the line as written, and its groups `id`, `event` and `instance` count."""
    samples: tuple[str, ...] = ()
    not_samples: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time after which somebody gives up, from `rules/logs/deadlines/*.yaml`."""

    seconds: float
    side: str
    """sender (of a callback), caller or broker."""
    whose: str


@dataclass(frozen=True, slots=True)
class LogKnowledge:
    """All that is known of logs."""

    formats: tuple[Format, ...] = ()
    signatures: tuple[Signature, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: `path` relative to the base, `line` its first telling physical line."""

    path: str
    line: int
    last: int
    log: str = ""
    """The log of several files that the file is part of."""

    @property
    def whole(self) -> str:
        """The name of all of the log: entries of the same one are in order by `Record.at`."""
        return self.log or self.path

    def at(self, line: int, last: int) -> Place:
        """Another one in the same file."""
        return Place(self.path, line, last, self.log)

    def __reduce__(self) -> tuple[type[Place], tuple[str, int, int, str]]:
        """Thousands of them go from one process to another."""
        return Place, (self.path, self.line, self.last, self.log)


@dataclass(slots=True)
class Record:
    """One entry of a log, with the lines that belong to it."""

    place: Place
    text: str
    """The message; a JSON entry as its message and `key=value` for the rest."""
    time: float | None = None
    """Seconds since the epoch; without a zone taken as UTC, without a year as 1970."""
    level: Level = Level.UNKNOWN
    instance: str = ""
    """Pod, dyno, PM2 id, container, host ... and the process id within it; "" if nothing says."""
    logger: str = ""
    more: list[str] = field(default_factory=list)
    """Continuation lines: traceback, stack, fields."""
    at: int = 0
    """Rises along a file from record to record, by the line (or byte) where they begin: the same in whatever parts the file is read."""
    thread: str = ""
    """Of the process, where the line names one."""

    @property
    def full(self) -> str:
        """The message and its continuation."""
        return "\n".join([self.text, *self.more]) if self.more else self.text
