"""What came of the scenarios that were run against an app?"""

from __future__ import annotations

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.words import Word


class Fate(Word):
    """What became of the delivery of one run, the gravest first."""

    UNSENT = "unsent"
    """The trigger did not go out: the run was interrupted, out of time, or given up, or its register request was not answered in order."""
    UNTRIGGERED = "untriggered"
    """The trigger was not answered in order, and nothing came."""
    LOST = "lost"
    """Nothing, or too little, came."""
    MIS_SIGNED = "mis-signed"
    MISMATCHED = "mismatched"
    """What came is not what `match` asks for."""
    REJECTED = "rejected"
    """The receiver did not take it, as it was told to, and it never came again."""
    DUPLICATE = "duplicate"
    """It came again though it was taken."""
    LATE = "late"
    RETRIED = "retried"
    """Taken, after attempts that were not."""
    DELIVERED = "delivered"


IN_ORDER = (Fate.DELIVERED, Fate.RETRIED)


@dataclass(frozen=True, slots=True)
class Group:
    """Runs with one fate, for one reason."""

    fate: Fate
    count: int
    why: str = ""
    """In a few words, printable; "" if the fate says it all."""
    status: int = 0
    """What the receiver answered, or the app to the trigger; 0 if nobody did."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some durations, in seconds; all 0 if there are none."""

    count: int = 0
    p50_s: float = 0.0
    max_s: float = 0.0


UNANSWERED = {
    "timeout": "no answer in time",
    "refused": "nobody listens there",
    "dropped": "the connection was closed without an answer",
    "dns": "its name is not found from here",
    "tls": "its certificate is not accepted",
    "proxy": "the proxy in between failed",
    "malformed": "what answered is no HTTP",
    "unreachable": "it cannot be reached from here",
}
"""What is said of a request that was not answered, by the word for it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One scenario, gone through."""

    name: str
    where: Location
    request: str
    """Method and address of the trigger, printable, templates not filled."""
    receiver: str
    """Where deliveries were to arrive: the address without its secret path; "" without a callback."""
    runs: int
    groups: tuple[Group, ...]
    within_s: float
    latency: Spread
    """From a trigger to its first delivery."""
    attempts: int
    """The most that were made for one run."""
    spacing: Spread
    """Between one attempt and the next of the same run."""
    answers: tuple[tuple[str, int], ...]
    """How triggers were answered: a status or, without one, a word (timeout, refused, dropped ...), and how often."""
    unfit: int
    """Triggers that were not answered as the scenario expects."""
    strays: int
    """Requests to the receiver that belong to no run."""
    near: str
    """What one of them asked for that is much like the address of a run, printable, its secret part left out."""
    noise: tuple[tuple[str, int], ...]
    """Connections to the receiver that brought no request: malformed, tls, oversized, crowded, unkept."""
    order: str
    connections: str
    public: str = ""
    """What came of asking for the receiver at its public address, if it has one: ok, or in a few words what is wrong."""
    ended: str = ""
    """Why it ended before its time: interrupted, out of time; "" if it did not."""

    def count(self, *fates: Fate) -> int:
        """How many runs had one of these."""
        return sum(group.count for group in self.groups if group.fate in fates)

    @property
    def met(self) -> bool:
        """Whether all was as the scenario expects."""
        return not self.ended and not self.unfit and self.count(*IN_ORDER) == self.runs
