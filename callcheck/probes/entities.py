"""Does the code change rows in a way that never calls the listeners of their entity?

    @Entity() class Lease { @AfterUpdate() inform() {} }
    leases.update({ id }, { rentCents });      // one UPDATE statement: no Lease is made, so nothing is called
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import OperationSilent
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.repositories import rows_of
from callcheck.sources.code.scopes import enclosing, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Member,
    Name,
    Node,
    Object,
    last_name,
)


class Entities:
    """Lays the `on-class` hooks of entities beside the operations that go past them, as `skips` lists these."""

    name = "entities"
    looks_at = Sight.SOURCE
    about = ("on-class",)
    answers = frozenset({OperationSilent})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        told: set[int] = set()
        for use in code.idioms.of("hook"):
            cls = enclosing(use.call, ClassDef)
            if "on-class" not in use.idiom.traits or not isinstance(cls, ClassDef):
                continue
            event = last_name(use.call.callee)
            for call in code.project.calls(*use.framework.skips.get(event, ())):
                if id(call) in told or is_test(module_of(call).path) or rows_of(code, call) != cls.name or _leaves_alone(use.call.parent, call):
                    continue
                told.add(id(call))
                fact = OperationSilent(event, clean(last_name(call.callee), 60), use.framework.name, use.module.language, True)
                yield seen(fact, call, self.name, (seen(fact, use.call, self.name, label=f"waits for {event} of {clean(cls.name, 40)}"),))


def _leaves_alone(hook: Node | None, call: Call) -> bool:
    """Whether a hook but keeps some fields of its row in order, and an update writes none of these: `if (this.nick === "") this.nick = null` and `Member.update({ id }, { seen_at })`."""
    given = call.args[1] if last_name(call.callee) == "update" and len(call.args) == 2 else None
    if not isinstance(hook, Function) or not isinstance(given, Object) or not all(entry.key for entry in given.entries):
        return False
    fields = [name.parent.name for name in hook.inside(Name) if name.id == "this" and isinstance(name.parent, Member)]
    targets = [target for assign in hook.inside(Assign) for target in assign.targets]
    called = [_held(each.callee.object) if isinstance(each.callee, Member) else None for part in hook.body for each in part.inside(Call)]
    alone = all(map(_of_row, targets)) and all(each is not None and _of_row(each) for each in called)
    return alone and bool(targets) and not set(fields) & {entry.key for entry in given.entries}


def _held(node: Node) -> Node:
    """What a chain of calls begins with: `this.nick` of `this.nick.split("\\n").join("")`."""
    while isinstance(node, Call) and isinstance(node.callee, Member):
        node = node.callee.object
    return node


def _of_row(node: Node) -> bool:
    return isinstance(node, Member) and isinstance(node.object, Name) and node.object.id == "this"


PROBE = Entities()
