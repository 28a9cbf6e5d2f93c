"""Do writes go past the hooks on rows that a client of the database was given?

    const prisma = base.$extends({ query: { order: { async update({ args, query }) { … } } } });
    base.order.update(…)                        // the client without the hook
    prisma.order.updateMany(…)                  // an operation of another name
    prisma.$executeRaw`UPDATE "Order" …`        // no operation at all
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import OperationSilent
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.alike import words
from callcheck.sources.code.cases import Cases
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import enclosing, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    ClassDef,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Template,
    last_name,
)

_WRITES = pattern(r"^\s*(UPDATE|INSERT\s+INTO|DELETE\s+FROM)\s+(?:ONLY\s+)?[\"`]?(?:\w+[\"`]?\.[\"`]?)?(\w+)", re.IGNORECASE)
_VERBS = {"update": "update", "insert": "create", "delete": "delete"}
_NAMED = pattern(r"^(?:after|before)(update|insert|remove)$", re.IGNORECASE)
_ALL = "*"


@dataclass(frozen=True, slots=True, eq=False)
class _Hook:
    """What waits for writes: on which rows, for which operations (none: for all), on which client, and which client it was made from."""

    rows: str
    operations: frozenset[str]
    client: str
    base: str
    use: Use


class RowHooks:
    """Extensions and middlewares of a client, and listeners of entities beside plain SQL."""

    name = "row-hooks"
    looks_at = Sight.SOURCE
    about = ("extend", "intercept", "raw-sql")
    answers = frozenset({OperationSilent, EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        hooks = [*_extensions(code), *_middlewares(code)]
        yield from self._operations(code, hooks)
        hooks += _listeners(code)
        for use in code.idioms.of("raw-sql") if hooks else ():
            yield from self._raw(code, use, hooks)

    def _operations(self, code: Code, hooks: list[_Hook]) -> Iterator[Evidence]:
        skips = {name: each for hook in hooks for name, each in hook.use.framework.skips.items()}
        for call in code.project.calls(*{*skips, *(other for each in skips.values() for other in each)}) if hooks else ():
            if not isinstance(call.callee, Member) or not isinstance(call.callee.object, Member) or is_test(module_of(call).path):
                continue
            operation, rows = call.callee.name, call.callee.object.name
            client = code.lifetimes.identity(code.origins.of(call.callee.object.object))
            for hook in hooks:
                if not client or hook.rows not in (_ALL, rows[:1].lower() + rows[1:]) or any(above is hook.use.call for above in call.up()):
                    continue
                waits = not hook.operations or operation in hook.operations
                missed = next((each for each in sorted(hook.operations) if operation in skips.get(each, ())), "")
                if waits and client == hook.base:
                    fact: EmittersApart | OperationSilent = EmittersApart(clean(f"{rows}.{operation}", 80), hook.use.framework.name, hook.use.module.language)
                elif not waits and missed and client == hook.client:
                    fact = OperationSilent(clean(f"{rows}.{missed}", 80), clean(operation, 60), hook.use.framework.name, hook.use.module.language)
                else:
                    continue
                yield seen(fact, call, self.name, (seen(fact, hook.use.call, self.name, label="the hook is given to this client"),))
                break

    def _raw(self, code: Code, use: Use, hooks: list[_Hook]) -> Iterator[Evidence]:
        given = use.call.args[0] if use.call.args else None
        text = "".join(part if isinstance(part, str) else "?" for part in given.parts) if isinstance(given, Template) else code.idioms.text(given)
        found = _WRITES.match(text)
        if found is None or is_test(use.module.path):
            return
        verb, table = _VERBS[found[1].split()[0].lower()], found[2]
        for hook in hooks:
            if hook.use.framework is use.framework and hook.rows != _ALL and words(hook.rows) == words(table) and (not hook.operations or verb in hook.operations):
                fact = OperationSilent(clean(f"{hook.rows}.{verb}", 80), clean(last_name(use.call.callee), 60), use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, hook.use.call, self.name, label=f"waits for what is done to {clean(hook.rows, 40)}"),))
                return


def _extensions(code: Code) -> Iterator[_Hook]:
    for use in code.idioms.of("extend"):
        query = next(iter(code.idioms.placed(use.call, use.idiom.event)), None)
        made, base = code.lifetimes.identity(code.lifetimes.born(use.call)), code.lifetimes.identity(use.receiver)
        for entry in query.entries if isinstance(query, Object) else ():
            rows = _ALL if not entry.key or entry.key.startswith("$") else entry.key
            names = [each.key or "" for each in entry.value.entries] if isinstance(entry.value, Object) else [""]
            whole = any(not name or name.startswith("$") for name in names)
            yield _Hook(rows, frozenset() if whole else frozenset(names), made, base if base != made else "", use)


def _middlewares(code: Code) -> Iterator[_Hook]:
    cases = Cases(code.idioms)
    for use in code.idioms.of("intercept"):
        for handler in code.idioms.handlers(use):
            if isinstance(handler, Function):
                rows = {name for name, _ in cases.of(handler, 0, "model")} or {_ALL}
                actions = {name for name, _ in cases.of(handler, 0, "action")}
                for each in rows - {""}:
                    yield _Hook(each[:1].lower() + each[1:], frozenset(actions - {""}), code.lifetimes.identity(use.receiver), "", use)


def _listeners(code: Code) -> Iterator[_Hook]:
    """Listeners in an entity's own class, and subscribers that name the class they listen to."""
    for use in code.idioms.of("hook", "discovered"):
        cls = enclosing(use.call, ClassDef) or use.call.parent
        if not isinstance(cls, ClassDef):
            continue
        verb = _NAMED.match(last_name(use.call.callee))
        if verb and "on-class" in use.idiom.traits:
            yield _Hook(cls.name, frozenset({_verb(verb[1])}), "", "", use)
        elif use.idiom.does == "discovered":
            methods = {part.name: part for part in cls.body if isinstance(part, Function)}
            verbs = frozenset(_verb(found[1]) for name in methods if (found := _NAMED.match(name)))
            for leaves in methods["listenTo"].inside(Return) if "listenTo" in methods else ():
                rows = str(leaves.value.value) if isinstance(leaves.value, Literal) else leaves.value.id if isinstance(leaves.value, Name) else ""
                if rows and verbs:
                    yield _Hook(rows, verbs, "", "", use)


def _verb(name: str) -> str:
    return {"update": "update", "insert": "create", "remove": "delete"}[name.lower()]


PROBE = RowHooks()
