"""Does a receiver wait for another sender than the one that the signal is sent with?

    @poured.connect_via("taps")          # blinker; Django: @receiver(poured, sender=Tap)
    poured.send("tap", litres=3)
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, Member, Name, Node, last_name

_LIBRARIES = ("blinker", "django")


class Senders:
    """Compares senders that are written texts, or classes and functions of the project; silent where one of those it is sent with is neither."""

    name = "senders"
    looks_at = Sight.SOURCE
    about = _LIBRARIES
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        sent = [use for use in code.idioms.of("emit") if use.framework.name in _LIBRARIES]
        for use in code.idioms.of("register") if sent else ():
            identity = code.lifetimes.identity(use.receiver)
            node = _asked(use) if use.framework.name in _LIBRARIES and identity and not is_test(use.module.path) else None
            wanted = _named(code, node)
            if not wanted:
                continue
            mine = [each for each in sent if code.lifetimes.identity(each.receiver) == identity]
            by = [_named(code, _given(each)) for each in mine]
            if by and all(by) and wanted not in by:
                fact = EventNeverEmitted(clean(f"{_signal(use)} from {wanted}", 80), clean(f"{_signal(use)} from {by[0]}", 80), use.framework.name, "python")
                yield seen(fact, node or use.call, self.name, (seen(fact, mine[0].call, self.name, label=f"it is sent with {clean(by[0], 40)}"),))


def _asked(use: Use) -> Node | None:
    """The sender that a receiver waits for."""
    if last_name(use.call.callee) == "connect_via":
        return use.call.args[0] if use.call.args else None
    return use.call.keyword("sender")


def _given(use: Use) -> Node | None:
    return use.call.keyword("sender") or (use.call.args[0] if use.call.args else None)


def _named(code: Code, node: Node | None) -> str:
    """A written text, or a class or function of the project, by its name; "" for anything else (`self`, None, an object, `cls`, which any heir may be)."""
    if node is None or isinstance(node, Call) or (isinstance(node, Name) and node.id == "cls") or (isinstance(node, Literal) and node.value is None):
        return ""
    origin = code.origins.of(node)
    if origin.kind in ("class", "function") and isinstance(node, (Name, Member)):
        return getattr(origin.node, "name", "")
    return code.idioms.text(node) if origin.kind == "value" else ""


def _signal(use: Use) -> str:
    callee = use.call.callee
    return last_name(callee.object) if isinstance(callee, Member) and use.framework.name == "blinker" else last_name(use.call.args[0]) if use.call.args else "the signal"


PROBE = Senders()
