"""Which runtimes, workers, consumers and schedulers are made and never started?

    const worker = new Worker("mails", send, { autorun: false });   // and no worker.run()
    app.connectMicroservice(options);                               // and no app.startAllMicroservices()
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import RuntimeIdle
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Member, Return, last_name


class Idle:
    """Where every use of such an object can be seen, and no use starts it."""

    name = "idle"
    looks_at = Sight.SOURCE
    answers = frozenset({RuntimeIdle})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        started = {code.lifetimes.identity(u.receiver) for u in code.idioms.of("start")}
        worked: dict[str, Use] = {}
        for use in code.idioms.uses:
            if "work" in use.idiom.traits or use.idiom.does in ("register", "serve", "subscribe"):
                worked.setdefault(code.lifetimes.identity(use.receiver), use)
        for use in code.idioms.of("make"):
            if "needs-start" not in use.idiom.traits:
                continue
            made = use.receiver if "on-receiver" in use.idiom.traits else code.origins.of(use.call)
            identity = code.lifetimes.identity(made)
            works = "by-itself" in use.idiom.traits or "on-receiver" in use.idiom.traits or identity in worked
            if not identity or identity in started or not works or _escapes(code, made, use.idiom.event_is):
                continue
            fact = RuntimeIdle(clean(last_name(use.call.callee), 60) or "it", use.idiom.event_is, use.framework.name, use.module.language)
            work = worked.get(identity)
            because = (seen(fact, work.call, self.name, label="work is handed to it here"),) if work is not None and work.call is not use.call else ()
            yield seen(fact, use.call, self.name, because)


def _escapes(code: Code, made: Origin, start: str) -> bool:
    """Whether some `.start()` in the project may be on this object: its receiver cannot be told, or is of the same place."""
    identity = code.lifetimes.identity(made)
    for call in code.project.calls(start):
        if isinstance(call.callee, Member):
            on = code.lifetimes.identity(code.origins.of(call.callee.object))
            if not on or on == identity:
                return True
    return _given_away(made)


def _given_away(made: Origin) -> bool:
    """Whether the object is returned, or handed to something from outside, at the place where it is made."""
    return isinstance(made.node, Call) and isinstance(made.node.parent, Return) and made.site is made.node


PROBE = Idle()
