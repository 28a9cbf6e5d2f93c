"""Which work waits in a queue, and which unit is to take it?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class QueueUsed(Fact):
    """The code opens a queue whose waiting work stands under a known key of its broker."""

    kind: ClassVar[str] = "queue.used"

    key: Annotated[str, Attr("callcheck.queue.key")]
    """`bull:mail:wait`; `*` for what is computed."""
    system: Annotated[str, Attr("messaging.system")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"waiting work stands under {self.key}"


@dataclass(frozen=True, slots=True, repr=False)
class TriggerBlind(Fact):
    """A unit may be stopped until work waits under a key that no queue of the code uses."""

    kind: ClassVar[str] = "trigger.blind"

    service: Annotated[str, Attr("service.name")]
    watched: Annotated[str, Attr("callcheck.queue.watched")]
    key: Annotated[str, Attr("callcheck.queue.key")]
    """Where the work really waits."""
    system: Annotated[str, Attr("messaging.system")]

    def says(self) -> str:
        return f"{self.service or 'the worker'} starts when {self.watched} fills; the work waits under {self.key}"


@dataclass(frozen=True, slots=True, repr=False)
class WorkHandedOff(Fact):
    """The code puts work into a queue from which another process, a worker, is to take it."""

    kind: ClassVar[str] = "work.handed_off"

    queue: Annotated[str, Attr("callcheck.queue.name")]
    """"*" if it is computed, "" for a worker whose default queue is not known."""
    worker: Annotated[str, Attr("callcheck.worker")]
    """What takes from it: celery, rq, dramatiq, arq, huey, taskiq, bullmq, bull, sidekiq, solid_queue, good_job; "celery beat" for what a schedule is to hand off."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"work for {self.worker} waits in the queue {self.queue}" if self.queue not in ("", "*") else f"work for {self.worker} is queued here"


@dataclass(frozen=True, slots=True, repr=False)
class WorkTaken(Fact):
    """The code itself takes work from a queue, in whatever process loads it."""

    kind: ClassVar[str] = "work.taken"

    queue: Annotated[str, Attr("callcheck.queue.name")]
    worker: Annotated[str, Attr("callcheck.worker")]
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    guarded: Annotated[bool, Attr("callcheck.runtime.main_only")] = False
    """Whether it is reached only where its file is the main program."""

    def says(self) -> str:
        return f"takes work from {self.queue or 'a queue'}"


@dataclass(frozen=True, slots=True, repr=False)
class WorkBeside(Fact):
    """A process that serves requests does work beside them, by itself: it takes messages from a broker that keeps them, or sends at intervals."""

    kind: ClassVar[str] = "work.beside"

    work: Annotated[str, Attr("callcheck.work.name")]
    """What does it: `setInterval`, `remind`, `the consumer of labels`."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.work} goes on beside the requests"


@dataclass(frozen=True, slots=True, repr=False)
class ThreadBeside(Fact):
    """A thread is begun while an application is loaded, and works beside its requests."""

    kind: ClassVar[str] = "thread.beside"

    work: Annotated[str, Attr("callcheck.work.name")]
    """What it runs: the function, or the library's own thread."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.work} runs in a thread that is begun as the application is loaded"


@dataclass(frozen=True, slots=True, repr=False)
class WorkUnserved(Fact):
    """Work is queued, and of all the units that the deployment starts none takes it."""

    kind: ClassVar[str] = "work.unserved"

    queue: Annotated[str, Attr("callcheck.queue.name")]
    worker: Annotated[str, Attr("callcheck.worker")]
    takes: Annotated[str, Attr("callcheck.queue.names")]
    """The queues that workers of this kind do take from; "" if there is no such worker."""
    units: Annotated[str, Attr("callcheck.units")]
    """The units that are started."""
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.takes:
            return f"work is put into {self.queue}; the workers take from {self.takes}"
        return f"work is queued for {self.worker}; {self.units or 'the deployment'} starts none"


@dataclass(frozen=True, slots=True, repr=False)
class TakerAsleep(Fact):
    """The unit that takes what another unit hands off is stopped until a request comes, and what waits for it is none."""

    kind: ClassVar[str] = "taker.asleep"

    queue: Annotated[str, Attr("callcheck.queue.name")]
    """"" if it is computed."""
    worker: Annotated[str, Attr("callcheck.worker")]
    """The broker, or the library that takes from it."""
    service: Annotated[str, Attr("service.name")]
    senders: Annotated[str, Attr("callcheck.units")]
    """The units that hand work to it; "somebody outside" if none of these files does."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.service} takes what comes from {self.senders} ({self.worker}), and is stopped until a request comes"
