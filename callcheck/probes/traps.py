"""Which calls do less than they seem to, by what their library is known to do?

    observer.schedule(handler, folder)        # watchdog: subfolders raise no event without recursive=True

The traps are data, in `rules/traps/<framework>.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of, is_statement
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Await, Call, Function, Member, dotted, last_name

_LONGEST = 160


class Traps:
    """States the uses of traps that stand as the trap says."""

    name = "traps"
    looks_at = Sight.SOURCE
    about = ("trap",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("trap"):
            trap = use.idiom
            if _stands(code, use) and all(_there(code, use, each) for each in trap.along) and not any(_there(code, use, each) for each in trap.without):
                name = clean(dotted(use.call.callee).rsplit(".", 1)[-1], 60)
                fact = LibraryTrap(trap.effect, trap.strength, clean(trap.says, _LONGEST), name, use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name)


def _stands(code: Code, use: Use) -> bool:
    """Whether the call is used, and its handler made, as the trap wants it; what `Idioms` knows of a place it has tested."""
    where = use.idiom.where
    above = use.call.parent
    awaited = isinstance(above, Await)
    if "awaited" in where and awaited is not where["awaited"]:
        return False
    if "unused" in where and is_statement(above if awaited and above else use.call) is not where["unused"]:
        return False
    if "role" in where and code.lifetimes.role(use.function) not in where["role"]:
        return False
    return "handler" not in where or any(_form(node, where["handler"]) for node in code.idioms.handlers(use))


def _form(node: object, form: str) -> bool:
    if not isinstance(node, Function):
        return False
    forms = {
        "async": node.is_async,
        "sync": not node.is_async,
        "generator": node.is_generator,
        "lambda": node.arrow or not node.name,
        "nested": function_of(node) is not None,
    }
    return forms.get(form, False)


def _there(code: Code, use: Use, wanted: str) -> bool:
    """Whether another call, or a text, is there (`Idiom.along`)."""
    sign, name = (wanted[0], wanted[1:]) if wanted[0] in "~<>=" else ("", wanted)
    if sign == "=":
        return any(name in code.project.text(path) for path in code.project.sources)
    calls = [call for call in code.project.calls(name) if call is not use.call]
    if sign == "~":
        return bool(calls)
    if sign:
        beside = [call for call in calls if function_of(call) is use.function and call.at != use.call.at]
        return any((call.at < use.call.at) is (sign == "<") for call in beside)
    identity = code.lifetimes.identity(use.receiver)
    return any(_same(code, call, identity, use) for call in calls)


def _same(code: Code, call: Call, identity: str, use: Use) -> bool:
    """Whether a call is on the same object; where that cannot be told, one under the same name counts."""
    if not isinstance(call.callee, Member) or not isinstance(use.call.callee, Member):
        return False
    other = code.lifetimes.identity(code.origins.of(call.callee.object))
    if identity and other:
        return identity == other
    return last_name(call.callee.object) == last_name(use.call.callee.object)


PROBE = Traps()
