"""Does a unit fall back to a bus of its own memory, for want of the variable by which another unit meets others at a broker?

    export const bus = process.env.REDIS_URL ? new RedisBus(process.env.REDIS_URL) : new MemoryBus();
    api:    { command: node server.js, environment: { REDIS_URL: "redis://redis:6379" } }
    worker: { command: node worker.js }                                                       # nobody tells it, so it hears only itself
    BUS = os.environ.get("EVENT_BUS", "memory")                                               # and only web is told EVENT_BUS=redis
    fan_out = Broadcast(os.environ.get("FEED_URL", "memory://"))                              # and only web is told FEED_URL=redis://redis
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Block,
    Call,
    ClassDef,
    Conditional,
    Function,
    If,
    Keyword,
    Literal,
    Module,
    Node,
    Operation,
    Return,
    last_name,
)
from callcheck.sources.code.variables import Read
from callcheck.sources.code.wording import lines_of
from callcheck.sources.environment.setting import Setting

_BROKER = pattern(r"^(?:rediss?|amqps?|pyamqp|nats|kafka|pulsar|mqtts?)://|^[\w.-]+:\d+(?:,[\w.-]+:\d+)*$")
_NAMED = pattern(r"REDIS|VALKEY|RABBIT|AMQP|NATS|KAFKA|BROKER|PUBSUB|BROADCAST|BACKPLANE|EVENT_?BUS|MESSAGE_?BUS|BUS_?(?:URL|DRIVER|BACKEND|KIND|TYPE)|(?:EVENTS?|QUEUE|CHANNEL)_(?:DRIVER|BACKEND|TRANSPORT|LAYER)")
_TAKES = pattern(r"(?i)broadcast|bus$|pub_?sub|broker|backplane|channel_?layer")
"""What takes the address of a bus, whatever its variable is called."""
_ASIDE = pattern(r"(?i)cache|session|limit|throttl|lock|result|idempot|dedup")
_MEMORY = pattern(r"(?i)^(?:in[-_]?)?mem(?:ory)?(?:://.*)?$|^(?:local|in[-_]?proc(?:ess)?|emitter|eventemitter|none|sync)$")
_SHARED = pattern(r"(?i)^(?:redis|valkey|rabbit(?:mq)?|amqp|nats|kafka|sqs|pubsub|pulsar|mqtt|postgres)")
_OWN = pattern(r"(?i)in_?mem|memory|in_?proc|local(?!e|host|storage)|emitter")
_HOLDS = pattern(r"\bEventEmitter\b|\bnew (?:Map|Set)\(|\bdefaultdict\(list\)|\.setdefault\(|\b(?:asyncio|queue)\.Queue\(|\bSubject\(")
_EMPTY = frozenset({"==", "===", "is"})


@dataclass(frozen=True, slots=True)
class _Fallback:
    """What is made for want of a variable."""

    variable: str
    at: Node


class OwnMemory:
    """Silent where a variable of the unit cannot be seen, where both units do not load what falls back, and for caches and the like."""

    name = "own-memory"
    looks_at = Sight.SOURCE
    marks = ("emory", "EventEmitter", "Map(", "Local", "InProc")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        buses = frozenset(read.name for read in eyes.code.variables.reads if _is_bus(read))
        if not buses:
            return
        # Reads all of the deployment, which most projects are spared.
        from callcheck.sources.environment import settings
        from callcheck.sources.environment.defaults import lacking

        written = list(settings(eyes))
        yield from self._kinds(eyes, written, buses)
        shared = {each.name: each for each in written if each.unit and _NAMED.search(each.name) and not _ASIDE.search(each.name) and (each.secret or _BROKER.match(each.value))}
        everywhere = {each.name for each in written if not each.unit}
        falls = list(_fallbacks(eyes.code, shared.keys() - everywhere)) if shared else []
        for unit, told, programs in lacking(eyes, written) if falls else ():
            loads = frozenset(path for program in programs for path in eyes.code.programs.loads(program))
            fall = next((each for each in falls if each.variable not in told and module_of(each.at).path in loads), None)
            if fall is not None and shared[fall.variable].unit != unit.unit:
                yield self._told(unit, shared[fall.variable], fall.variable, fall.at, module_of(fall.at).language)
                return

    def _kinds(self, eyes: Eyes, written: list[Setting], buses: AbstractSet[str]) -> Iterator[Evidence]:
        """A variable that names the kind of bus: one unit is told a broker, another one memory, or nothing where that is the code's own value."""
        from callcheck.sources.environment.defaults import defaulted

        given = [each for each in (*written, *defaulted(eyes, written)) if each.unit and each.name in buses]
        for each in given if len({each.unit for each in given}) > 1 else ():
            other = next((one for one in given if one.name == each.name and one.unit != each.unit and _SHARED.match(one.value)), None)
            read = next((read for read in eyes.code.variables.reads if read.name == each.name), None)
            if _MEMORY.match(each.value) and other is not None and read is not None:
                yield self._told(each, other, each.name, read.node, module_of(read.node).language)
                return

    def _told(self, unit: Setting, other: Setting, variable: str, at: Node, language: str) -> Evidence:
        why = f"{clean(unit.unit, 30)} is not told {clean(variable, 30)}, as {clean(other.unit, 30)} is, so it works with a bus of its own memory; give it the same"
        fact = LibraryTrap("cross-process-delivery", "strong", why, clean(variable, 60), "", language)
        there = Evidence(fact, Basis.DECLARED, self.name, other.where, service=clean(other.unit, 80), label="the other unit is told here")
        because = (there, seen(fact, at, self.name, label="this is what it takes instead"))
        return Evidence(fact, Basis.DECLARED, self.name, unit.where, service=clean(unit.unit, 80), because=because)


def _is_bus(read: Read) -> bool:
    """Whether a variable is about a bus, by its own name or by that of what takes it."""
    above = read.node.parent.parent if isinstance(read.node.parent, (Keyword, Operation)) else read.node.parent
    taken = isinstance(above, Call) and _TAKES.search(last_name(above.callee)) is not None
    return (taken or _NAMED.search(read.name) is not None) and not _ASIDE.search(read.name)


def _fallbacks(code: Code, variables: AbstractSet[str]) -> Iterator[_Fallback]:
    for module in code.project.chosen.values():
        if (_OWN.search(module.text) or _HOLDS.search(module.text)) and not is_test(module.path):
            yield from (each for each in _in_module(code, module) if each.variable in variables)


def _in_module(code: Code, module: Module) -> Iterator[_Fallback]:
    """Choices by whether a variable is there, of which one way makes something of memory and the other one does not."""
    nodes: tuple[If | Conditional, ...] = (*module.all(If), *module.all(Conditional))
    for node in nodes:
        variable = next((code.variables.places[id(each)] for each in node.test.walk() if id(each) in code.variables.places), "")
        if not variable:
            continue
        there, without = _ways(node)
        own = next((made for made in without if _of_memory(code, made)), None)
        if own is not None and there and not any(_of_memory(code, made) for made in there):
            yield _Fallback(variable, own)


def _ways(node: If | Conditional) -> tuple[list[Call], list[Call]]:
    """What is called where the variable is there, and where it is not."""
    then: list[Node] = [node.then] if isinstance(node, Conditional) else node.then
    orelse: list[Node] = [node.orelse] if isinstance(node, Conditional) else node.orelse
    if not orelse and isinstance(node, If) and any(isinstance(each, Return) for each in node.then):
        around = node.parent
        body = around.body if isinstance(around, (Function, Block, Module)) else []
        orelse = [each for each in body if each.at > node.at]
    made = [[each for part in way for each in part.walk() if isinstance(each, Call)] for way in (then, orelse)]
    return (made[1], made[0]) if _asks_for_nothing(node.test) else (made[0], made[1])


def _asks_for_nothing(test: Node) -> bool:
    if not isinstance(test, Operation):
        return False
    nothing = any(isinstance(each, Literal) and each.value in (None, "") for each in test.operands)
    return test.operator in ("not", "!") or (test.operator in _EMPTY and nothing)


def _of_memory(code: Code, call: Call) -> bool:
    """Whether what is made keeps all in the memory of its process, by its name or by what its class does."""
    name = last_name(call.callee)
    if _ASIDE.search(name):
        return False
    cls = code.origins.of(call.callee).node
    return bool(_OWN.search(name)) or (isinstance(cls, ClassDef) and bool(_HOLDS.search(lines_of(cls))) and not _SHARED.match(name))


PROBE = OwnMemory()
