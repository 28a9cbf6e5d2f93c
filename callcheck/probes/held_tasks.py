"""Is a task of Celery put off for longer than its broker waits for a worker to acknowledge what it took?

    broker_transport_options = {"visibility_timeout": int(os.environ.get("HIDDEN", 1209600))}         # deployed with HIDDEN=1800
    remind.apply_async((pet,), eta=at(day))                        # def at(day): ... now() + timedelta(days=1)

A worker takes a task with an ETA at once and keeps it until its time has come; Redis and SQS hand it to another worker when the timeout is over, time and again, and each of them runs it.
What no timeout is set for is told by traps. Sources: docs.celeryq.dev 5.4, brokers/redis.html (visibility timeout) and userguide/calling.html (ETA and countdown); kombu 5.4, transport/redis.py
(QoS.restore_visible). RabbitMQ knows no such timeout.
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
from callcheck.sources.code.added_spans import added_span
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.environ import default_of, variable
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen, where
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Entry,
    Function,
    Keyword,
    Literal,
    Member,
    Node,
    Subscript,
    last_name,
)
from callcheck.sources.environment import settings

_KEY = "visibility_timeout"
_OPTIONS = "transport_options"
_PUTS_OFF = ("apply_async", "retry", "set", "signature", "send_task")
_RABBIT = pattern(r"\b(?:py)?amqps?://")
_ONCE = pattern(r"(?i)on\s+conflict|insert\s+ignore|setnx|nx\s*=\s*True|get_or_create|idempot|already|select_for_update|for\s+update|IntegrityError|UniqueViolation|\.lock\(|\bif\s+[\w.]{1,60}\.(?:sent|done|status|state|\w{1,30}_at)\b")
"""By what a task shows that it may be run twice."""


@dataclass(frozen=True, slots=True)
class _Hidden:
    """How long the broker waits, and where that is said."""

    seconds: float
    where: Location
    service: str
    node: Node


class HeldTasks:
    """Silent for RabbitMQ, for a length that cannot be told, and for a task that shows that it may be run twice."""

    name = "held-tasks"
    looks_at = Sight.SOURCE
    marks = (_KEY,)
    signs = (Sign(words=(_KEY,)), Sign(words=("apply_async", "send_task", "signature"), also=("eta", "countdown")))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        hidden = min(_hidden(eyes), key=lambda each: each.seconds, default=None)
        if hidden is None or _of_rabbit(eyes):
            return
        for call in code.project.calls(*_PUTS_OFF):
            module = module_of(call)
            given = next((held for key in ("eta", "countdown") if (held := call.keyword(key)) is not None), None)
            if given is None or module.language != "python" or is_test(module.path) or _again(code, call):
                continue
            seconds = added_span(code.origins, given) or number_of(code.origins, given)
            if seconds and seconds > hidden.seconds:
                yield self._told(hidden, call, seconds)
                return

    def _told(self, hidden: _Hidden, call: Call, seconds: float) -> Evidence:
        why = f"this task may wait {seconds:.0f} s for its time, and after visibility_timeout, {hidden.seconds:.0f} s, another worker gets it too; make that longer than any wait"
        fact = LibraryTrap("duplicate-delivery", "strong", clean(why, 160), last_name(call.callee), "celery", "python")
        because = (seen(fact, call, self.name, label="this is put off for longer"), seen(fact, hidden.node, self.name, label="the broker is told here"))
        return Evidence(fact, Basis.DECLARED, self.name, hidden.where, service=hidden.service, because=because)


def _hidden(eyes: Eyes) -> Iterator[_Hidden]:
    """What is given as `visibility_timeout` in the options of a transport, by the deployment where a variable says it."""
    code = eyes.code
    for module in code.project.naming(_KEY):
        named: list[Entry | Keyword | Assign] = [*module.all(Entry), *module.all(Keyword), *module.all(Assign)] if _KEY in module.text and module.language == "python" and not is_test(module.path) else []
        for each in named:
            if _key(each) != _KEY or _OPTIONS not in _around(each):
                continue
            value = each.value
            seconds = number_of(code.origins, value)
            if seconds is not None:
                yield _Hidden(seconds, where(each), "", each)
                continue
            for part in value.walk() if value is not None else ():
                name, default = variable(code.origins, code.idioms.text, part)
                if name:
                    yield from _deployed(eyes, name, default or (default_of(part) if isinstance(part, Call) else None), each)
                    break


def _deployed(eyes: Eyes, name: str, default: Node | None, place: Node) -> Iterator[_Hidden]:
    given = [each for each in settings(eyes) if each.name == name and each.value.isdecimal()]
    for each in given:
        yield _Hidden(float(each.value), each.where, clean(each.unit, 80), place)
    seconds = number_of(eyes.code.origins, default)
    if not given and seconds is not None and not any(each.name == name for each in settings(eyes)):
        yield _Hidden(seconds, where(place), "", place)


def _key(each: Node) -> str:
    if isinstance(each, Entry):
        return each.key or ""
    if isinstance(each, Keyword):
        return each.name
    target = each.targets[0] if isinstance(each, Assign) and each.targets else None
    key = target.key if isinstance(target, Subscript) else None
    return str(key.value) if isinstance(key, Literal) else last_name(target) if target is not None else ""


def _around(node: Node) -> str:
    """The names under which an option stands, in lower case."""
    names: list[str] = []
    for each in (node, *node.up()):
        if isinstance(each, Function):
            break
        names += [each.key or ""] if isinstance(each, Entry) else [each.name] if isinstance(each, Keyword) else [last_name(getattr(target, "object", target)) + last_name(target) for target in each.targets] if isinstance(each, Assign) else []
    return " ".join(names).lower()


def _of_rabbit(eyes: Eyes) -> bool:
    return any(_RABBIT.match(each.value) for each in settings(eyes)) or any(_RABBIT.search(module.text) for module in eyes.code.project.naming("celery", "Celery") if not is_test(module.path))


def _again(code: Code, call: Call) -> bool:
    """Whether the task that is put off shows that it may be run twice."""
    held = call.callee.object if isinstance(call.callee, Member) else None
    while isinstance(held, Call) and isinstance(held.callee, Member):
        held = held.callee.object  # `remind.s(1).set(countdown=60)`
    task = code.origins.of(held).node if held is not None else None
    if not isinstance(task, Function):
        return False
    lines = module_of(task).text.split("\n")
    return _ONCE.search("\n".join(lines[task.line - 1 : task.end_line or task.line + 40])) is not None


PROBE = HeldTasks()
