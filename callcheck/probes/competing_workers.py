"""Do the workers of two applications take from one queue of one broker, though each knows only its own tasks?

    orders:  {command: celery -A orders.worker worker}       app = Celery("orders", broker=os.environ["REDIS_URL"])
    bills:   {command: celery -A bills.worker worker}        app = Celery("bills", broker=os.environ["REDIS_URL"])      # both take from `celery`

Celery's worker throws away a message of a task that it does not know (celery/worker/consumer/consumer.py: "The message has been ignored and
discarded"), taskiq's acknowledges it (taskiq/receiver/receiver.py), and dramatiq's fails with ActorNotFound until its retries are used up.
"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ConsumersCompete
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.celery_settings import BROKER, DEFAULT_QUEUE, QUEUES, ROUTES, settings
from callcheck.sources.code.given import given
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.processes import Processes, Program
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Node
from callcheck.sources.environment.of_program import kept_as, set_of

_PREFIXES = ("global_keyprefix", "queue_name_prefix")
"""Settings of Celery's transports that keep the queues of several applications apart."""
_OWN_MACHINE = pattern(r"//(?:[^@/\s]*@)?(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)")


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    """One worker that the deployment starts, with what gives it its tasks, and all that is said of its application."""

    program: Program
    made: Use
    files: frozenset[str]

    @property
    def library(self) -> str:
        return self.made.idiom.reason


class CompetingWorkers:
    """Lays the workers of one library beside one another in twos; silent where a broker is not known, or where work is led into other queues."""

    name = "competing-workers"
    looks_at = Sight.SOURCE
    about = ("tasks-from",)
    answers = frozenset({ConsumersCompete})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        made = [use for use in eyes.code.idioms.of("tasks-from") if not is_test(use.module.path)]
        if len(made) < 2:
            return
        for here, there in itertools.combinations(_workers(eyes.code, made), 2):
            queue = _shared(eyes, here, there) if here.library == there.library and here.made is not there.made else ""
            if queue:
                fact = ConsumersCompete(clean(queue, 80), clean(here.program.path, 80), clean(there.program.path, 80), here.library, "python")
                yield seen(fact, here.made.call, self.name, (seen(fact, there.made.call, self.name, label="the workers of this one take from it too"),))
                return


def _workers(code: Code, made: list[Use]) -> list[_Worker]:
    """The workers whose program loads one application, with the modules that belong to this one alone."""
    processes = code.once(Processes)
    found: list[tuple[Program, Use]] = []
    for program in processes.programs:
        own = [use for use in made if use.module.path in processes.loads(program)] if program.kind == "worker" else []
        if len(own) == 1:
            found.append((program, own[0]))
    tops = {use.module.path: _top(use.module.path, [other.module.path for other in made if other is not use]) for _, use in found}
    below = {path: frozenset(each for each in code.project.sources if top and each.startswith(f"{top}/")) for path, top in tops.items()}
    return [_Worker(program, use, below[use.module.path] | processes.loads(program)) for program, use in found]


def _top(path: str, others: list[str]) -> str:
    """The highest folder above a file in which none of the others lies; "" where they lie beside one another."""
    top, folder = "", posixpath.dirname(path)
    while folder and not any(other.startswith(f"{folder}/") for other in others):
        top, folder = folder, posixpath.dirname(folder)
    return top


def _shared(eyes: Eyes, here: _Worker, there: _Worker) -> str:
    """The queue that both take from and that tasks of one of them go to; "" where there is none, or one of them may know the tasks of the other."""
    code = eyes.code
    mine, theirs = _tasks(code, here), _tasks(code, there)
    if not mine or not theirs or mine.keys() & theirs.keys() or here.files & {each.module.path for each in theirs.values()} or there.files & {each.module.path for each in mine.values()}:
        return ""
    if not _brokers(eyes, here) & _brokers(eyes, there):
        return ""
    both = _taken(code, here, mine) & _taken(code, there, theirs)
    led = {queue for worker, tasks in ((here, mine), (there, theirs)) for queue in _led(code, worker, tasks)}
    return min(both & led, default="")


def _tasks(code: Code, worker: _Worker) -> dict[int, Use]:
    """The tasks that a worker knows: those of its application, and those of no certain one in files of its own."""
    found = {}
    for use in code.idioms.of("task"):
        if use.idiom.reason == worker.library and not is_test(use.module.path):
            of = use.receiver.site if use.idiom.on else None
            if of is worker.made.call or (of is None and use.module.path in worker.files):
                found[id(use.call)] = use
    return found


def _brokers(eyes: Eyes, worker: _Worker) -> set[str]:
    """The addresses that a worker's broker can have, by what the deployment gives to its unit; none on its own machine, which may be one machine each."""
    code, programs = eyes.code, {worker.program.path}
    nodes: list[Node] = list(code.idioms.placed(worker.made.call, worker.made.idiom.event))
    nodes = nodes or (_set(code, worker, BROKER) if worker.library == "celery" else [])
    found = given(code, nodes, sets=lambda variable: set_of(eyes, programs, variable) or kept_as(eyes, programs, variable))
    return {each for each in found if each and "*" not in each and not _OWN_MACHINE.search(each)}


def _taken(code: Code, worker: _Worker, tasks: dict[int, Use]) -> set[str]:
    """The queues that a worker takes from; none where these are not known."""
    if worker.program.queues:
        return {queue for queue in worker.program.queues if "$" not in queue}
    if worker.library == "dramatiq":
        return _led(code, worker, tasks)
    if worker.library == "celery" and (_set(code, worker, QUEUES) or any(prefix in code.project.text(path) for path in worker.files for prefix in _PREFIXES)):
        return set()
    return {_default(code, worker)} - {""}


def _led(code: Code, worker: _Worker, tasks: dict[int, Use]) -> set[str]:
    """The queues that the tasks go to; none where routes may lead them elsewhere."""
    if worker.library == "celery" and _set(code, worker, ROUTES):
        return set()
    own = (code.idioms.placed(use.call, use.idiom.event) for use in tasks.values())
    return {code.idioms.text(nodes[0]) if nodes else _default(code, worker) for nodes in own} - {""}


def _default(code: Code, worker: _Worker) -> str:
    """The queue of an application whose tasks name none; "" if that is computed."""
    made = worker.made
    told = _set(code, worker, DEFAULT_QUEUE) if worker.library == "celery" else list(code.idioms.placed(made.call, made.idiom.scope))
    return code.idioms.text(told[0]) if told else made.idiom.says


def _set(code: Code, worker: _Worker, names: frozenset[str]) -> list[Node]:
    """What a setting of Celery is set to in the files of one application."""
    return [node for _, node in settings(code, names) if module_of(node).path in worker.files]


PROBE = CompetingWorkers()
