"""Do those who send and those who receive get another value for the variable by which they meet?

    producer.send(os.environ["ORDERS_TOPIC"], order)       # api: {ORDERS_TOPIC: orders.v2}
    KafkaConsumer(os.environ["ORDERS_TOPIC"], ...)         # worker: {ORDERS_TOPIC: orders}
    REDIS_URL: redis://redis:6379/1                        # of the worker; /0 of the web process: queues are not shared between databases
    AMQP_URL: amqp://rabbit:5672/shop                      # of the worker; the other one goes to the vhost /
    RABBIT_VHOST: /shop                                    # of the worker, and shop of the web process: two vhosts
    channel.queue_bind(queue, EXCHANGE)            # mails: {}, and web, which publishes to EXCHANGE = os.getenv("EXCHANGE", "events"): {EXCHANGE: shop}
    RedisManager(url, channel=os.getenv("CHANNEL", "x"), write_only=True)  # feed: {}, and web, whose SocketIO() has the same: {CHANNEL: displays}
    app.conf.task_default_queue = os.getenv("TASKS", "celery")             # web: {TASKS: labels}, and the worker, without -Q: {}
    Celery(broker=os.getenv("BROKER_URL", "redis://localhost:6379/0"))     # web: {BROKER_URL: ...}, and worker: {BROKER: ...}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.variables import VariableApart
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.broker_spaces import spaces_named
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.meeting_names import meeting_names
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, Member, Name, Node, Operation, Template, last_name
from callcheck.sources.environment import Setting, settings
from callcheck.sources.environment.defaults import defaulted
from callcheck.sources.environment.owners import programs_of
from callcheck.sources.launch import role_of_name

_OUT = ("publish", "channel-out", "hand-off", "message-out")
_IN = ("subscribe", "channel-in", "take-work", "joins", "consume", "message-in")
_BINDS = pattern(r"(?i)bind")
"""A binding is where a queue's messages come from, and nothing that is sent."""
_CHANNELS = ("channel-out", "channel-in")
"""Those whose `scope` is an exchange or the like."""
_REDIS = pattern(r"^rediss?://(?:[^@/]*@)?(?P<host>[\w.-]+(?::\d+)?)/(?P<base>\d{1,3})(?:\?.*)?$")
_AMQP = pattern(r"^amqps?://(?:[^@/]*@)?(?P<host>[\w.-]+(?::\d+)?)(?:/(?P<base>[\w.%-]*))?(?:\?.*)?$")
"""Without a path, or with `%2F`, it is the vhost `/` (rabbitmq.com/docs/uri-spec; amqplib takes an empty path for it)."""
_HERE = pattern(r"^(?:memory://|(?:rediss?|amqps?|pyamqp|nats|kafka)://(?:[^@/]*@)?(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)|(?:localhost|127\.0\.0\.1)(?::\d+)?$)")
"""A broker of a unit's own container, or process."""
_BROKER = pattern(r"^(?:memory|rediss?|amqps?|pyamqp)://|^[\w.-]+(?::\d+)?$")
_ASIDE = pattern(r"CACHE|SESSION|RESULT|LIMIT|LOCK")
_OF_BROKER = pattern(r"REDIS|VALKEY|RABBIT|AMQP|BROKER|NATS|KAFKA|CELERY|QUEUE")
"""In the name of a variable that holds the bare name of a machine."""
_CONTAINERS = frozenset({"compose", "kubernetes", "ecs", "nomad", "swarm"})
_PLACE = pattern(r"\d")
"""Of an idiom of work whose `scope` or `event` is where the queue is told."""
_Name = tuple[str, str]
_PREFIX = pattern(r"\{(\w+)=")
_LOGIN = pattern(r"//[^@/]*@")
_QUEUES = ("hand-off", "task", "take-work", "queue")
_QUEUES_TOLD = pattern(r"\s(?:-Q|--queues)\b")
_APART = pattern(r"^(?:staging|stage|dev|test|prod)")


class VariablesApart:
    """Silent unless exactly two values stand against each other, for units whose files differ."""

    name = "variables-apart"
    looks_at = Sight.SOURCE
    about = (*_OUT, *_IN, *_QUEUES, "channel")
    answers = frozenset({VariableApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        given: dict[str, dict[str, Setting]] = {}
        written = list(settings(eyes))
        for each in written:
            if each.unit and not _APART.match(each.unit):
                given.setdefault(each.name, {})[each.unit] = each
        code = eyes.code
        by_default = [each for each in defaulted(eyes, written) if each.name in given and not _APART.match(each.unit)] if next(code.idioms.of(*self.about), None) else []
        yield from self._own_brokers(eyes, given, by_default)
        for each in by_default:
            given[each.name][each.unit] = each
        split = {name: units for name, units in given.items() if len(units) > 1 and len({each.value for each in units.values()}) == 2 and all(each.value for each in units.values())}
        if not split:
            return
        yield from self._names(eyes, split, {(each.name, each.unit) for each in by_default})
        yield from self._databases(code, split)
        for name, (place, of_queue) in meeting_names(code, split).items():
            yield from self._own_channels(eyes, name, split[name], place, "database" if of_queue else "name")

    def _own_brokers(self, eyes: Eyes, given: dict[str, dict[str, Setting]], by_default: list[Setting]) -> Iterator[Evidence]:
        """A unit in a container that takes the broker of its own machine, as it is not given the address that another unit is given."""
        code = eyes.code
        works = list(code.idioms.of(*_QUEUES))
        for each in by_default if works else ():
            if not _HERE.match(each.value) or each.system not in _CONTAINERS or _ASIDE.search(each.name) or not ("://" in each.value or _OF_BROKER.search(each.name)):
                continue
            other = next((held for held in given[each.name].values() if held.secret or _BROKER.match(held.value) and not _HERE.match(held.value)), None)
            loaded = frozenset().union(*(code.programs.loads(program) for program in programs_of(eyes, each)))
            work = next((use for use in works if use.module.path in loaded), None)
            if other is not None and work is not None:
                takes, sends = (each, other) if role_of_name(each.unit) == "worker" or role_of_name(other.unit) != "worker" else (other, each)
                yield self._apart(each.name, "database", takes, sends, work.call, work.call)

    def _names(self, eyes: Eyes, split: dict[str, dict[str, Setting]], by_default: set[tuple[str, str]]) -> Iterator[Evidence]:
        code = eyes.code
        places = code.variables.places
        sends, takes = (_named(code, places, does) for does in (_OUT, _IN))
        for name, (one, other) in _channels(code, places).items():
            sends.setdefault((name, ""), one)
            takes.setdefault((name, ""), other)
        yield from self._met(eyes, split, by_default, sends, takes, "name")
        yield from self._met(eyes, split, by_default, _queues(code, places, "hand-off"), _queues(code, places, "take-work"), "database")

    def _met(self, eyes: Eyes, split: dict[str, dict[str, Setting]], by_default: set[tuple[str, str]], sends: dict[_Name, Use], takes: dict[_Name, Use], what: str) -> Iterator[Evidence]:
        code, told = eyes.code, set[str]()
        for (name, rest), sent in sends.items():
            taken = takes.get((name, rest))
            if name not in split or name in told or taken is None:
                continue
            told.add(name)
            if sent is taken:
                yield from self._own_channels(eyes, name, split[name], sent.call, what)
                continue
            loads = (code.programs.loads(taken.module.path), code.programs.loads(sent.module.path))
            together = code.programs.of(taken.module) & code.programs.of(sent.module)
            if not together and taken.module.path not in loads[1] and sent.module.path not in loads[0]:
                units = split[name]
                if any(of == name for of, _ in by_default):
                    ends = code.programs.of(taken.module) | code.programs.of(sent.module)
                    units = {unit: each for unit, each in units.items() if programs_of(eyes, each) & ends}
                if len({each.value for each in units.values()}) == 2:
                    yield self._apart(name, what, *_sides(units, taken, sent), sent.call, taken.call)
            elif apart := _one_sided(eyes, split[name], sent, taken):
                yield self._apart(name, what, *apart, sent.call, taken.call)

    def _own_channels(self, eyes: Eyes, name: str, units: dict[str, Setting], place: Node, what: str = "name") -> Iterator[Evidence]:
        """One object by which each program that loads it both sends and hears: only a worker's own value is told, as several servers may be tenants, each with its own."""
        path = module_of(place).path
        ours = {unit: each for unit, each in units.items() if any(path in eyes.code.programs.loads(program) for program in programs_of(eyes, each))}
        # A worker that is told its queues by its command asks for no other.
        workers = {unit: each for unit, each in ours.items() if role_of_name(unit) == "worker" and not (what == "database" and _QUEUES_TOLD.search(each.runs))}
        others = [each for unit, each in ours.items() if unit not in workers]
        values = {each.value for each in workers.values()}
        if len(values) == 1 and others and all(each.value not in values for each in others):
            takes, sends = (others[0], next(iter(workers.values()))) if what == "name" else (next(iter(workers.values())), others[0])
            yield self._apart(name, what, takes, sends, place, place)

    def _databases(self, code: Code, split: dict[str, dict[str, Setting]]) -> Iterator[Evidence]:
        for form, gives, takes in ((_REDIS, _QUEUES, ("take-work",)), (_AMQP, (*_QUEUES, *_OUT), _IN)):
            work = next(iter(code.idioms.of(*gives)), None)
            for name, units in split.items() if work is not None else ():
                found = {unit: form.match(each.value) for unit, each in units.items()}
                if not all(found.values()) or len({m["host"] for m in found.values() if m}) != 1:
                    continue
                apart = len(units) == 2 and _two_programs(code, _OUT if form is _AMQP else ("hand-off",), takes)
                workers = [unit for unit in units if role_of_name(unit) == "worker"] or (list(units)[-1:] if apart else [])
                others = [unit for unit in units if unit not in workers]
                values = {_base(m) for unit in workers if (m := found[unit])}
                if workers and others and len(values) == 1 and all((m := found[unit]) and _base(m) not in values for unit in others) and work is not None:
                    yield self._apart(name, "database", units[workers[0]], units[others[0]], work.call, work.call)
        yield from self._bases(code, split)

    def _bases(self, code: Code, split: dict[str, dict[str, Setting]]) -> Iterator[Evidence]:
        """The same where a variable of its own names the vhost or the database."""
        for name, (system, place) in spaces_named(code, [name for name in split if not _ASIDE.search(name)]).items():
            gives, takes = ((*_QUEUES, *_OUT), _IN) if system == "amqp" else (_QUEUES, ("take-work",))
            work, units = next(iter(code.idioms.of(*gives)), None), split[name]
            apart = len(units) == 2 and _two_programs(code, _OUT if system == "amqp" else ("hand-off",), takes)
            workers = [unit for unit in units if role_of_name(unit) == "worker"] or (list(units)[-1:] if apart else [])
            others = [unit for unit in units if unit not in workers]
            values = {units[unit].value for unit in workers}
            if work is not None and workers and others and len(values) == 1 and all(units[unit].value not in values for unit in others) and {each.value for each in units.values()} != {"/", "%2F"}:
                yield self._apart(name, "database", units[workers[0]], units[others[0]], place, work.call)

    def _apart(self, name: str, what: str, takes: Setting, sends: Setting, sent: Node, taken: Node) -> Evidence:
        here, there = (clean(_shown(each.value) or each.secret, 80) for each in (takes, sends))
        fact = VariableApart(clean(name, 80), what, here, there, clean(takes.unit, 80), clean(sends.unit, 80), module_of(taken).language)
        because = [Evidence(fact, Basis.DECLARED, self.name, sends.where, service=fact.other, label=f"the other side: {fact.there}")]
        because += [seen(fact, sent, self.name, label="sent here"), seen(fact, taken, self.name, label="taken here")] if what == "name" else [seen(fact, sent, self.name, label="the work goes through here")]
        return Evidence(fact, Basis.DECLARED, self.name, takes.where, service=fact.service, because=tuple(because))


def _one_sided(eyes: Eyes, units: dict[str, Setting], sent: Use, taken: Use) -> tuple[Setting, Setting] | None:
    """The settings of the taking and of the sending side, where one program has both ends (a server imports the tasks that it hands off), and a worker's or a
    server's own has one of them, under a value that nobody has at the other."""
    loads = {unit: frozenset().union(*(eyes.code.programs.loads(program) for program in programs_of(eyes, each))) for unit, each in units.items()}
    takes, sends = ([unit for unit in units if use.module.path in loads[unit]] for use in (taken, sent))
    alone = [unit for unit in (*sends, *takes) if (unit in sends) != (unit in takes) and (len(units) == 2 or role_of_name(unit) in ("worker", "web"))]
    for unit in alone:
        others = [units[each] for each in (takes if unit in sends else sends)]
        if others and all(each.value != units[unit].value for each in others):
            return (others[0], units[unit]) if unit in sends else (units[unit], others[0])
    return None


def _two_programs(code: Code, out: tuple[str, ...], taken: tuple[str, ...]) -> bool:
    """Whether no program of the project both hands work off and takes it, so that of two units each has its own part."""
    gives, takes = (set().union(*(code.programs.of(use.module) for use in code.idioms.of(*does) if does is not out or not _BINDS.search(last_name(use.call.callee)))) for does in (out, taken))
    return bool(gives and takes) and not gives & takes


def _base(found: re.Match[str]) -> str:
    return (found["base"] or "").replace("%2F", "").replace("%2f", "") if found.re is _AMQP else found["base"]


def _named(code: Code, places: dict[int, str], does: tuple[str, ...]) -> dict[_Name, Use]:
    """The first use for each variable that names what it sends to or takes from, and for what is written beside it in the name."""
    found: dict[_Name, Use] = {}
    for use in code.idioms.of(*does):
        if "compared" in use.idiom.traits:  # a filter of the receiver's own
            continue
        scope = code.idioms.placed(use.call, use.idiom.scope) if use.idiom.does in _CHANNELS and use.idiom.scope else ()
        for node in (*code.idioms.placed(use.call, use.idiom.event), *scope):
            for inner in (node, *getattr(node, "items", ())):
                if variable := _variable(code, places, inner):
                    found.setdefault((variable, ""), use)
                elif part := _in_part(code, places, inner):
                    found.setdefault(part, use)
    works = [use.call for use in code.idioms.of("take-work")]
    for use in code.idioms.of("queue"):  # what a library puts before the name of its queues is a part of it
        option = _PREFIX.search(use.idiom.stores or "")
        prefix = code.idioms.option(use.call, option[1]) if option and (use.call in works) is ("take-work" in does) else None
        if prefix is not None and (variable := _variable(code, places, prefix)):
            found.setdefault((variable, ""), use)
    return found


def _in_part(code: Code, places: dict[int, str], node: Node) -> _Name | None:
    """The one variable in a name that is put together, `f"{PREFIX}.orders"`, and the rest of it."""
    held = code.origins.of(node).node if isinstance(node, (Name, Member)) else node
    if not isinstance(held, Template):
        return None
    variables = [_variable(code, places, part) for part in held.parts if not isinstance(part, str)]
    return (variables[0], held.pattern) if len(variables) == 1 and variables[0] else None


def _queues(code: Code, places: dict[int, str], does: str) -> dict[_Name, Use]:
    """The same for the queues of a library of work: told to the object that hands off, or to the worker."""
    found: dict[_Name, Use] = {}
    for use in code.idioms.of(does):
        held = use.call.callee.object if isinstance(use.call.callee, Member) else None
        site = held if isinstance(held, Call) else code.origins.of(held).site if held is not None else None
        made, place = (site if isinstance(site, Call) else use.call), use.idiom.scope or use.idiom.event or ""
        for node in code.idioms.placed(made, place) if _PLACE.match(place) else ():
            for inner in (node, *getattr(node, "items", ())):
                if variable := _variable(code, places, inner):
                    found.setdefault((variable, ""), use)
    return found


def _channels(code: Code, places: dict[int, str]) -> dict[str, tuple[Use, Use]]:
    """For each variable that names the channel between the processes of a server: a use that sends there, and one that listens; the same one if there is no other."""
    found: dict[str, list[Use]] = {}
    for use in code.idioms.of("channel"):
        for node in code.idioms.placed(use.call, use.idiom.event):
            if variable := _variable(code, places, node):
                found.setdefault(variable, []).append(use)
    ends: dict[str, tuple[Use, Use]] = {}
    for variable, uses in found.items():
        hears = [use for use in uses if not _only_sends(code, use)]
        if hears:
            ends[variable] = next((use for use in uses if use not in hears), hears[-1]), hears[0]
    return ends


def _only_sends(code: Code, use: Use) -> bool:
    given = code.idioms.placed(use.call, "write_only|2")
    return "only-sends" in use.idiom.traits or any(isinstance(node, Literal) and node.value is True for node in given)


def _variable(code: Code, places: dict[int, str], node: Node) -> str:
    """The variable whose value an expression is, also where a name of another file keeps it with what stands in for it."""
    held = code.origins.of(node).node if isinstance(node, (Name, Member)) else node
    parts = [held.operands[0]] if isinstance(held, Operation) and held.operator in ("??", "||", "or") and held.operands else []
    if isinstance(held, Name):  # of `process.env.A ?? "b"` the origin is `process`
        parts += [above for above in held.up() if isinstance(above, Member)]
    return next((places[id(each)] for each in (node, held, *parts) if id(each) in places), "")


def _sides(units: dict[str, Setting], taken: Use, sent: Use) -> tuple[Setting, Setting]:
    """The setting of the side that takes and that of the side that sends, as far as the units' names and roles tell."""
    ordered = sorted(units.values(), key=lambda each: (each.unit not in taken.module.path, role_of_name(each.unit) != "worker"))
    first = ordered[0]
    return first, next(each for each in ordered if each.value != first.value)


def _shown(value: str) -> str:
    """A value without what is secret in it."""
    found = _REDIS.match(value) or _AMQP.match(value)
    return f"{value.partition(':')[0]}://{found['host']}/{found['base'] or ''}" if found else _LOGIN.sub("//", value)


PROBE = VariablesApart()
