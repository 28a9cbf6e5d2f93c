"""Which records does one request begin in memory, and another one turn away for want of them?

    states.add(state); return redirect(authorize + state)      jobs[id] = {"status": "running"}; asyncio.create_task(render(id))
    if request.args["state"] not in states: abort(400)         if id not in jobs: raise HTTPException(404)

A table that is no more than the app's data (`items.get(id)` or 404) is none of them: what is asked for is a ticket that is taken once, what goes on
after the answer, or what somebody outside comes back with.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import StateInMemory
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.absences import Absence, absences, item_of
from callcheck.sources.code.floating import LATER, STARTERS, floating
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.kept_tables import Kept, kept_table
from callcheck.sources.code.one_run import same_run
from callcheck.sources.code.outliving import is_table, per_call
from callcheck.sources.code.routes import route_of_file
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.surroundings import leading_to
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Operation,
    Sequence,
    Subscript,
    last_name,
)
from callcheck.sources.code.waiters import Waiters

_STORES = frozenset({"set", "add", "append", "push", "setdefault"})
_CHANGES = frozenset({"update", "append", "push"})
_REMOVES = frozenset({"delete", "del", "take", "pop", "discard", "remove", "popitem"})
_BEYOND = frozenset({*LATER, "setInterval", "then", "finally", "on", "once", "add_done_callback"})
"""What calls a function when the one around it may have answered long since."""
_HANDS_OVER = frozenset({*STARTERS, "Timer", "Process", "submit", "run_in_executor", "call_later", "apply_async", "spawn"})
_BACK = pattern(r"(?i)(?:^|/)(?:[\w-]*callbacks?|[\w-]*hooks?|ipn|notif\w*|postback|redirect|(?:o?auth|oidc|saml|sso)/(?:return|complete|done|acs))(?:/|$)")
"""Paths by which somebody outside comes back with what was begun here."""
_PLAIN = frozenset({"Map", "Set", "dict", "set", "list", "OrderedDict", "deque"})
"""What is made with what is in it; a cache is given its options."""
_ASKS = frozenset({"request", "connection", "message"})
_DEEPEST = 4
_MOST_LEADING = 20
"""Functions that are followed upwards to the routes that lead to one."""


@dataclass(slots=True)
class _Record:
    """One table of records."""

    kept: Kept
    missed: list[Absence] = field(default_factory=list)
    stores: list[Node] = field(default_factory=list)
    changes: list[Node] = field(default_factory=list)
    removals: list[Node] = field(default_factory=list)
    waits: bool = False
    """Whether it holds who waits, which `shared-state` tells."""


class KeptRecords:
    """Finds tables of what is begun in a request and asked for in another one, in the memory of one process."""

    name = "kept-records"
    looks_at = Sight.SOURCE
    signs = (Sign(pattern=r"\b4\d\d\b|\babort\(|\braise\b|\bthrow\b", served=True),)
    answers = frozenset({StateInMemory})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code, records = eyes.code, dict[str, _Record]()
        for module in code.project.chosen.values():
            for each in absences(code, module) if not is_test(module.path) else ():
                if code.lifetimes.role(function_of(each.node)) in _ASKS and not _filled_at_first(each.table):
                    records.setdefault(each.table.identity, _Record(each.table)).missed.append(each)
        if records:
            _fill(code, records)
        for record in records.values():
            yield from self._judge(code, record)

    def _judge(self, code: Code, record: _Record) -> Iterator[Evidence]:
        if record.waits:
            return
        for missed in record.missed:
            begun = next((node for node in record.stores if code.lifetimes.role(function_of(node)) in _ASKS and not same_run(code, missed.node, node)), None)
            if begun is None:
                continue
            roles = [code.lifetimes.role(function_of(node)) for node in (begun, missed.node)]
            once = (missed.refuses or "connection" not in roles) and _taken_once(code, record)
            if not (once or missed.refuses and _goes_on(code, record) or _back(code, function_of(missed.node))):
                continue
            fact = StateInMemory(clean(record.kept.name, 60), clean(record.kept.identity, 120), "record", module_of(begun).language, *roles)
            because = (
                seen(fact, begun, self.name, label="one request begins it here"),
                seen(fact, missed.node, self.name, label="another one is turned away, if it is not found"),
            )
            yield seen(fact, record.kept.node, self.name, because)
            return


def _fill(code: Code, records: dict[str, _Record]) -> None:
    """Put to each record where it is stored, changed and removed."""
    waiters = Waiters(code.idioms)
    for module in code.project.chosen.values():
        for call in module.calls(*_STORES, *_CHANGES, *_REMOVES):
            if not isinstance(call.callee, Member):
                continue
            table, name = kept_table(code, call.callee.object), call.callee.name
            record = records.get(table.identity) if table is not None else None
            changed = item_of(code, call.callee.object) if record is None and name in _CHANGES else None
            of = record or (records.get(changed.identity) if changed is not None else None)
            if of is None or not per_call(code, function_of(call)):
                continue
            if record is None:
                of.changes.append(call)
            elif name in _STORES and call.args:
                of.stores.append(call)
                of.waits |= _waits(code, waiters, call.args[-1])
            elif name in _REMOVES:
                of.removals.append(call)
        for assign in module.all(Assign):
            for target in assign.targets if function_of(assign) is not None else ():
                if not isinstance(target, (Subscript, Member)) or assign.value is None:
                    continue
                stored = kept_table(code, target.object)
                whole = isinstance(target, Subscript) and stored is not None and not isinstance(target.object, Subscript) and stored.identity in records
                changed = stored if whole else item_of(code, target.object)
                if changed is None or changed.identity not in records or not per_call(code, function_of(assign)):
                    continue
                if whole:
                    records[changed.identity].stores.append(assign)
                    records[changed.identity].waits |= _waits(code, waiters, assign.value)
                else:
                    records[changed.identity].changes.append(assign)
        for removed in (*module.all(Opaque), *(each for each in module.all(Operation) if each.operator == "delete")):
            if isinstance(removed, Opaque) and removed.kind != "delete":
                continue
            for item in removed.inside(Subscript):
                table = kept_table(code, item.object)
                if table is not None and table.identity in records and per_call(code, function_of(removed)):
                    records[table.identity].removals.append(removed)


def _waits(code: Code, waiters: Waiters, value: Node) -> bool:
    """Whether a value is somebody who waits, or a table of its own: those who are in one room."""
    return bool(waiters.kind(value)) or isinstance(value, Name) and is_table(code.origins.of(value))


def _filled_at_first(table: Kept) -> bool:
    """Whether a table is written out with what is in it, as data is that stands in for a database."""
    if table.set_up:
        return False
    made = table.node.value if isinstance(table.node, Assign) else table.node
    given = made.args[0] if isinstance(made, Call) and made.args and last_name(made.callee) in _PLAIN else made
    return isinstance(given, Object) and bool(given.entries) or isinstance(given, Sequence) and bool(given.items)


def _taken_once(code: Code, record: _Record) -> bool:
    """Whether whoever finds the record takes it away: each function that asks for it does, and none is a route that is there for that."""
    askers = [function_of(each.node) for each in record.missed]
    return all(_removes(code, asker, record) and not _deletes(code, asker) for asker in askers)


def _removes(code: Code, asker: Function | None, record: _Record) -> bool:
    reached = [asker, *code.flow.called(asker)] if asker is not None else []
    popped = any(last_name(call.callee) == "pop" and (kept := kept_table(code, call.callee.object)) is not None and kept.identity == record.kept.identity for each in reached for call in each.inside(Call) if isinstance(call.callee, Member))
    return popped or any(function_of(node) in reached for node in record.removals)


def _deletes(code: Code, function: Function | None) -> bool:
    return any(last_name(use.call.callee).lower() == "delete" for each in _ways_in(code, function) for use in code.idioms.handled_by(each))


def _goes_on(code: Code, record: _Record) -> bool:
    """Whether the record is changed by what goes on after the request that began it."""
    return any(_after(code, function_of(node), 0) for node in (*record.changes, *record.stores))


def _after(code: Code, function: Function | None, depth: int) -> bool:
    """Whether a function runs when the one that started it may have answered: a task, a thread, a timer, a stream's listener, or one that nobody awaits."""
    if function is None or depth > _DEEPEST:
        return False
    above = function.parent
    if isinstance(above, Call) and function in above.args:
        return last_name(above.callee) in _BEYOND and not isinstance(above.parent, Await) or _after(code, function_of(above), depth + 1)
    if code.lifetimes.role(function) in ("job", "message"):
        return True
    if any(last_name(call.callee) in _BEYOND | _HANDS_OVER for call in code.origins.callers.passing(function)):
        return True
    return any(_left_alone(code, call) or _after(code, function_of(call), depth + 1) for call in code.origins.calls_of(function))


def _left_alone(code: Code, call: Call) -> bool:
    outer = call.parent if isinstance(call.parent, Call) else call
    return any(floating(code, each, module_of(each)) for each in {id(call): call, id(outer): outer}.values())


def _back(code: Code, function: Function | None) -> bool:
    """Whether a route by which somebody outside comes back leads to a function."""
    for each in _ways_in(code, function):
        paths = [path for use in code.idioms.handled_by(each) for path in code.idioms.events(use)] + [route_of_file(module_of(each).path) or ""]
        paths += [code.idioms.text(call.args[0]) for call in code.project.calls("path", "re_path") if len(call.args) > 1 and code.origins.of(call.args[1]).node is each]
        if any(_BACK.search(path) for path in paths):
            return True
    return False


def _ways_in(code: Code, function: Function | None) -> list[Function]:
    return leading_to(code, function, _MOST_LEADING, around=True) if function is not None else []


PROBE = KeptRecords()
