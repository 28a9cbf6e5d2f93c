"""Does a name with a wildcard match what is emitted?

`order.*` matches `order.placed`, and not `order.payment.captured`: one sign stands for one part.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.facts.meeting import ListenerDeaf
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.alike import alike, meets, takes_all
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origin import Origin
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Literal, Object, last_name

_EXACT = "node-events.plain"
"""Emitters for which a sign is a letter like any other."""


class Wildcards:
    """Lays every pattern beside the names that go out on the same object, or over the same exchange."""

    name = "wildcards"
    looks_at = Sight.SOURCE
    about = ("wildcard", "register")
    answers = frozenset({EventNeverEmitted, ListenerDeaf})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        heard = [(u, _scope(code, u)) for u in code.idioms.of("register", "subscribe", "bind") if u.idiom.wildcard]
        sent = [(u, _scope(code, u)) for u in code.idioms.of("emit", "publish")]
        for scope in dict.fromkeys(scope for _, scope in heard if scope):
            listeners = [u for u, where in heard if where == scope]
            senders = [u for u, where in sent if where == scope]
            yield from self._compare(code, listeners, senders)
        for use in code.idioms.of("register"):
            yield from self._unread(code, use, sent)

    def _unread(self, code: Code, use: Use, sent: list[tuple[Use, str]]) -> Iterator[Evidence]:
        """A sign on an emitter that reads none: `bus.on("order.*", f)` on Node's own hears an event of exactly this name."""
        name = next(iter(code.idioms.events(use)), "")
        if "*" not in name or _computed(code, use) or _EXACT not in code.idioms.kinds(use.receiver) or _overrides(use.receiver):
            return
        here = _scope(code, use)
        senders = [sender for sender, where in sent if where == here != ""]
        names = [each for sender in senders for each in code.idioms.events(sender)]
        if not senders or any(_computed(code, sender) for sender in senders) or not all(names) or name in names or not any(fnmatchcase(each, name) for each in names):
            return
        fact = ListenerDeaf(clean(name, 80), "never", "this emitter reads no wildcards, and nothing of exactly this name is emitted", use.framework.name, use.module.language)
        gone = seen(fact, senders[0].call, self.name, label=f"{clean(names[0], 60)} goes out here, for listeners of exactly this name")
        yield seen(fact, use.call, self.name, (gone,))

    def _compare(self, code: Code, listeners: list[Use], senders: list[Use]) -> Iterator[Evidence]:
        patterns = [(u, p) for u in listeners for p in code.idioms.events(u)]
        names = [(u, n) for u in senders for n in code.idioms.events(u) if n and not _computed(code, u)]
        # What is computed may have more parts than one, and never less.
        parts = [(u, n) for u in senders for n in code.idioms.events(u) if n.strip("*") and _computed(code, u)]
        whole = {n for _, n in names}
        if any(not pattern or _computed(code, use) for use, pattern in patterns):
            return
        told: set[int] = set()
        for use, pattern in patterns:
            separator, one, many = use.idiom.wildcard.split()[-3:]
            options = _options(code, use) if use.idiom.wildcard.startswith("option") else None
            separator = _said(code, options, "delimiter").strip() or separator
            wildcard = f"{separator} {one} {many}"
            if one not in pattern.split(separator) or id(use) in told:
                continue
            if options is not None and not _turned_on(code, options):
                if any(n.split(separator)[0] == pattern.split(separator)[0] for _, n in names):
                    told.add(id(use))
                    fact = ListenerDeaf(clean(pattern, 80), "never", "wildcards are not turned on for this emitter", use.framework.name, use.module.language)
                    yield seen(fact, use.call, self.name)
                continue
            others = [p for _, p in patterns if p == pattern or not takes_all(p, [n for _, n in (*names, *parts)], wildcard)]
            unmet = not any(meets(pattern, n, wildcard) for _, n in (*names, *parts))
            for sender, name in (*names, *(parts if unmet else ())):
                if name.split(separator)[0] != pattern.split(separator)[0] or any(meets(p, name, wildcard) for p in others):
                    continue
                if name not in whole and not (len(pattern.split(separator)) < len(name.split(separator)) and alike(pattern, name, wildcard)):
                    continue
                told.add(id(use))
                missed = EventNeverEmitted(clean(pattern, 80), clean(name, 80), use.framework.name, use.module.language)
                yield seen(missed, use.call, self.name, (seen(missed, sender.call, self.name, label=f"{clean(name, 60)} goes out here; {clean(pattern, 60)} does not match it"),))
                break


def _overrides(receiver: Origin) -> bool:
    """Whether the object's class has a way of its own to emit, or to listen."""
    cls = receiver.cls
    return cls is not None and any(isinstance(each, Function) and each.name in ("emit", "on", "addListener") for each in cls.body)


def _options(code: Code, use: Use) -> list[Call]:
    """The calls whose options say how the object, or the shared bus, reads names: what made it, or what its class gives to the one above."""
    if use.idiom.bus:
        return [u.call for u in code.idioms.of("wildcards") if u.idiom.bus == use.idiom.bus]
    cls, made = use.receiver.cls, use.receiver.node
    handed_up = [call for call in cls.inside(Call) if last_name(call.callee) == "super"] if cls is not None else []
    return handed_up or ([made] if isinstance(made, Call) else [])


def _turned_on(code: Code, options: list[Call]) -> bool:
    """Whether wildcards are on, or may be: options that are not written out leave it open."""
    for call in options:
        value = code.idioms.option(call, "wildcard")
        written = all(isinstance(code.origins.of(arg).node, Object) for arg in call.args)
        if not written if value is None else not (isinstance(value, Literal) and value.value is False):
            return True
    return False


def _said(code: Code, options: list[Call] | None, name: str) -> str:
    return next((text for call in options or () if (text := code.idioms.text(code.idioms.option(call, name)))), "")


def _scope(code: Code, use: Use) -> str:
    """The object, bus or exchange that names belong to; "" if it cannot be told."""
    if use.idiom.scope:
        node = next(iter(code.idioms.placed(use.call, use.idiom.scope)), None)
        text = code.idioms.text(node)
        return f"{use.framework.name} {text}" if text else ""
    return use.idiom.bus or (code.lifetimes.identity(use.receiver) if use.idiom.on else "")


def _computed(code: Code, use: Use) -> bool:
    """Whether a part of the name is computed: its text has a `*` that nobody wrote."""
    return not all(code.idioms.whole(node) for node in code.idioms.placed(use.call, use.idiom.event))


PROBE = Wildcards()
