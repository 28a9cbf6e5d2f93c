"""Which receivers are held by a weak reference only?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ReceiverWeak
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Function, Literal, Member, Name, Node, Return


class Receivers:
    """Looks at what is connected to signals that keep their receivers weakly."""

    name = "receivers"
    looks_at = Sight.SOURCE
    answers = frozenset({ReceiverWeak})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register"):
            if not use.idiom.weak or _strong(use.call):
                continue
            for node in code.idioms.placed(use.call, use.idiom.handler):
                form = self._form(code, use, node)
                if form:
                    yield seen(ReceiverWeak(form, use.framework.name, use.module.language), use.call, self.name)

    def _form(self, code: Code, use: Use, node: Node) -> str:
        """What the receiver is, if nothing else can hold it; "" if something may."""
        if isinstance(node, Function):
            return "lambda"
        origin = code.origins.of(node)
        if isinstance(node, Call) and origin.qualified == "functools.partial":
            return "partial"
        if isinstance(node, Name) and origin.kind == "function" and isinstance(origin.node, Function):
            inside = function_of(origin.node)
            if inside is not None and not _kept(inside, origin.node):
                return "nested function"
        if isinstance(node, Member) and isinstance(node.object, Call) and origin.kind == "function":
            return "temporary object's method"
        return ""


def _strong(call: Call) -> bool:
    weak = call.keyword("weak")
    return isinstance(weak, Literal) and weak.value is False


def _kept(outer: Function, nested: Function) -> bool:
    """Whether a nested function is returned, stored or handed on by the function around it."""
    for node in outer.inside(Name):
        if node.id == nested.name:
            parent = node.parent
            if isinstance(parent, (Return, Assign)):
                return True
            if isinstance(parent, Call) and isinstance(parent.callee, Member) and parent.callee.name in ("append", "add", "setdefault"):
                return True
    return False


PROBE = Receivers()
