"""Does a queue hand a message out again while the worker that took it is still at it?

    resource "aws_sqs_queue" "flights" { visibility_timeout_seconds = 60 }
    for message in sqs.receive_message(...)["Messages"]:
        subprocess.run([...], timeout=1500)                    # after a minute the next worker takes it, too
        sqs.delete_message(...)

Sources: docs.aws.amazon.com/AWSSimpleQueueService, sqs-visibility-timeout; learn.microsoft.com, azure-storage-queue, receive_messages (30 s); sqs-consumer 11, `visibilityTimeout` and
`heartbeatInterval`; redis.io, XAUTOCLAIM, whose fourth argument is how long, in milliseconds, nobody must have acknowledged an entry.

Work without a limit of its own is told of if it asks somebody for each row of a query, and all units are given much longer to come to an end than a message is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.each_row import asks_for_each_row
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.queue_taken import queue_variable
from callcheck.sources.code.said_lengths import said_length
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Catch, Function, Member, Module, Name, Node, last_name
from callcheck.sources.code.work_limits import Limit, limit_of, polled
from callcheck.sources.named_resources import named_by
from callcheck.sources.queue_hiding import UNSAID_S, Hiding, hidings, seconds_of
from callcheck.sources.stop_periods import stop_periods

_CLAIMS = ("xautoclaim", "xAutoClaim")
_TAKES = ("receive_message", "receive_messages", "ReceiveMessageCommand", "receiveMessage", "receiveMessages", *_CLAIMS)
_LETS_GO = frozenset("xack xAck delete_message delete_messages delete_message_batch DeleteMessageCommand DeleteMessageBatchCommand deleteMessage deleteMessageBatch delete".split())
_SQS = pattern(r"\b(?:aio)?boto(?:3|core)\b|aws-sdk|client-sqs|sqs-consumer")
_AZURE = pattern(r"azure[./]storage[.-]queue")
_OWN = ("VisibilityTimeout", "visibility_timeout", "visibilityTimeout")
_EXTENDS = pattern(r"(?i)change_?message_?visibility|heartbeat|update_?message\b|extend_?visibility")
_ONCE = pattern(r"(?i)on\s+conflict|on\s+duplicate\s+key|insert\s+(?:or\s+)?ignore|\bnx\b|setnx|ConditionExpression|attribute_not_exists|get_or_create|upsert|idempot|already|\bdone_?(?:before|already)\b|advisory_lock|for\s+update|IntegrityError|UniqueViolation|merge\s+into")
"""By what work shows that it can be done again, or that who comes second is turned away."""
_AT_ONCE = pattern(r"Promise\.all|asyncio\.(?:gather|create_task|TaskGroup)|\bThread\(|ThreadPoolExecutor|ProcessPoolExecutor|pLimit|p-limit")
_TIMES = {"said": 1, "pause": 1, "generous": 2, "program": 2, "request": 5}
"""How many times longer than the message is hidden a step may take before it is told of: a program's limit is generous, and a request's more so."""
_SHOWS = Sign(pattern=rf"\b(?:{'|'.join(_TAKES)}|sqs-consumer)\b")
_DEEPEST = 4
_LONGER = 2
"""How many times longer than a message is hidden a unit is given to come to an end, if its work is known to outlast that."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A call that is made for a message, by `home`, and the functions of the project that it leads to; `trail` orders it among the others, by where each function on the way is called."""

    trail: tuple[int, ...]
    call: Call
    home: Node
    leads_to: tuple[Function, ...]


class TakenAgain:
    """Silent where something makes the time longer, where the message goes before the work begins, and where the work shows that it may be done twice."""

    name = "taken-again"
    looks_at = Sight.SOURCE
    marks = (*_TAKES, "sqs-consumer")
    signs = (_SHOWS,)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        modules = [module for module in code.project.showing(_SHOWS) if not is_test(module.path)]
        takes = [call for module in modules for call in module.calls(*_TAKES, "create") if last_name(call.callee) != "create" or _handler(call) is not None]
        if not takes or any(_EXTENDS.search(module.text) for module in modules):
            return
        queues = hidings(eyes)
        for take in takes:
            hidden = _hidden(eyes, take, queues)
            found = next((each for root in _handled_in(code, take) for each in self._too_long(code, take, root, hidden)), None) if hidden is not None else None
            if hidden is not None and found is not None:
                yield self._told(take, hidden, *found)
            elif hidden is not None:
                yield from self._row_by_row(eyes, take, hidden)

    def _too_long(self, code: Code, take: Call, root: Function | Module, hidden: Hiding) -> Iterator[tuple[_Step, Limit]]:
        steps = list(_steps(code, root))
        if _made_good(steps):
            return
        handler = _handler(take)
        gone = _gone(steps)
        for step in steps:
            for limit in _limits(code, step) if handler is not None or any(trail > step.trail for trail in gone) else ():
                if hidden.seconds is not None and limit.seconds >= hidden.seconds * _TIMES[limit.kind] and limit.seconds != hidden.seconds and not _idles(step.call, take, limit):
                    yield step, limit

    def _row_by_row(self, eyes: Eyes, take: Call, hidden: Hiding) -> Iterator[Evidence]:
        """Work of no known length, in units that are all given far longer to end it than a message of it is hidden."""
        shortest = min(stop_periods(eyes), key=lambda each: each.seconds, default=None)
        if shortest is None or hidden.seconds is None or shortest.seconds < hidden.seconds * _LONGER:
            return
        for root in _handled_in(eyes.code, take):
            steps = list(_steps(eyes.code, root))
            work = next((call for home in {id(each): each for step in steps for each in (step.home, *step.leads_to)}.values() if isinstance(home, (Function, Module)) and (call := asks_for_each_row(home)) is not None), None)
            if work is None or work is take or _made_good(steps) or (_handler(take) is None and not _gone(steps)):
                continue
            why = f"a message is hidden for {hidden.seconds} s, this asks for each row there is, and the unit has {shortest.seconds} s to end: another worker takes it meanwhile; hide it longer"
            module = module_of(take)
            fact = LibraryTrap("duplicate-delivery", "if-many", clean(why, 160), clean(hidden.queue, 60), "sqs", module.language)
            because = (seen(fact, take, self.name, label="this takes the message"), seen(fact, work, self.name, label="this is asked for each row"))
            given = Evidence(fact, Basis.DECLARED, self.name, shortest.where, label=f"the unit is given {shortest.seconds} s")
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(hidden.path), hidden.line), because=(*because, given))
            return

    def _told(self, take: Call, hidden: Hiding, step: _Step, limit: Limit) -> Evidence:
        module = module_of(take)
        at_once = _AT_ONCE.search(module.text) is not None
        claims = last_name(take.callee) in _CLAIMS
        kept = f"claimed from who took it after {hidden.seconds} s" if claims else f"hidden for {hidden.seconds} s"
        why = f"a message is {kept}, and this may be at it for {limit.seconds:.0f} s before it is {'acknowledged' if claims else 'deleted'}: another worker takes it meanwhile; give it longer than the work takes"
        system = "redis-streams" if claims else "sqs" if _SQS.search(module.text) else "azure-storage-queue"
        fact = LibraryTrap("duplicate-delivery", "strong" if at_once else "if-many", why, clean(hidden.queue, 60), system, module.language)
        work = seen(fact, step.call, self.name, label=f"this may take {limit.seconds:.0f} s")
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(hidden.path), hidden.line), because=(seen(fact, take, self.name, label="this takes the message"), work))


def _limits(code: Code, step: _Step) -> Iterator[Limit]:
    """How long a step may take: by its own limit, by the loop that it is a pause of, and by what is remarked at it and at the functions that it leads to."""
    found = (limit_of(code.origins, step.call), polled(code, step.call), said_length(step.call), *(said_length(each) for each in step.leads_to))
    return (each for each in found if each is not None)


def _made_good(steps: list[_Step]) -> bool:
    """Whether anything on the way makes the time longer, or shows that the work may be done twice."""
    homes = {id(home): home for step in steps for home in map(module_of, (step.call, *step.leads_to))}
    return any(_EXTENDS.search(module.text) or _ONCE.search(module.text) for module in homes.values())


def _hidden(eyes: Eyes, take: Call, queues: list[Hiding]) -> Hiding | None:
    """For how long what is taken is hidden: as the call says, or as the queue does that it is given, or any of several if it does not matter which it is."""
    code, module = eyes.code, module_of(take)
    if last_name(take.callee) in _CLAIMS:
        idle = number_of(code.origins, given_as(take, "min_idle_time") or (take.args[3] if len(take.args) > 3 else None))
        return Hiding("", int(idle / 1000), module.path, take.line) if idle else None
    own = next((node for key in _OWN if (node := given_as(take, key)) is not None), None)
    if own is not None:
        seconds = seconds_of(code.origins, own)
        return Hiding("", seconds, module.path, own.line) if seconds else None
    if _AZURE.search(module.text):
        return Hiding("", UNSAID_S, module.path, take.line)
    given = named_by(eyes, queue_variable(code, take))
    queues = [each for each in queues if each.queue in given] or queues
    if not queues or not _SQS.search(module.text) or any(each.seconds is None for each in queues):
        return None
    return max(queues, key=lambda each: each.seconds or 0)


def _handler(take: Call) -> Node | None:
    """What sqs-consumer is given to handle a message, which it deletes afterwards."""
    return next((node for key in ("handleMessage", "handleMessageBatch") if (node := given_as(take, key)) is not None), None)


def _idles(call: Call, take: Call, limit: Limit) -> bool:
    """Whether a pause is one between two rounds, or behind an error, and no part of the work."""
    return limit.kind == "pause" and (function_of(call) is function_of(take) or any(isinstance(above, Catch) for above in call.up()))


def _handled_in(code: Code, take: Call) -> Iterator[Function | Module]:
    """Where what is taken is handled: the function around, or who calls it for the messages."""
    handler = code.origins.of(_handler(take)).node
    if isinstance(handler, Function):
        yield handler
    if _handler(take) is not None:
        return
    function = function_of(take)
    yield function or module_of(take)
    for call in code.origins.calls_of(function) if function is not None else ():
        yield function_of(call) or module_of(call)


def _steps(code: Code, root: Node, before: tuple[int, ...] = (), known: dict[int, int] | None = None) -> Iterator[_Step]:
    """The calls that a function makes, by itself and through those of the project that it calls or hands on; each of these is gone through where it is reached first."""
    known = {} if known is None else known
    known[id(root)] = len(before)
    for call in root.inside(Call):
        step = _Step((*before, call.at), call, root, tuple(_functions(code, call)))
        yield step
        for function in step.leads_to if len(before) < _DEEPEST else ():
            if len(step.trail) < known.get(id(function), _DEEPEST + 1):
                yield from _steps(code, function, step.trail, known)


def _gone(steps: list[_Step]) -> list[tuple[int, ...]]:
    """Where a message is let go: by a call itself, or by what the functions do that it leads to."""
    going = [step for step in steps if last_name(step.call.callee) in _LETS_GO]
    for _ in range(_DEEPEST):
        homes = {id(step.home) for step in going}
        going = [step for step in steps if last_name(step.call.callee) in _LETS_GO or any(id(each) in homes for each in step.leads_to)]
    return [step.trail for step in going]


def _functions(code: Code, call: Call) -> list[Function]:
    given = (call.callee, *(arg for arg in call.args if isinstance(arg, (Name, Member))))
    return [origin.node for node in given if isinstance((origin := code.origins.of(node)).node, Function) and origin.kind == "function"]


PROBE = TakenAgain()
