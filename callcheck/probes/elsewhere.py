"""Are listeners attached to one object while the work runs on another of its kind?

    const runner = new Runner(); runner.on("agent_end", log);
    await run(agent, question);    // the library's own default runner
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.seen import seen


class Elsewhere:
    """Compares the objects that are listened to (`own-runs`) with those on which runs are made."""

    name = "elsewhere"
    looks_at = Sight.SOURCE
    about = ("own-runs",)
    answers = frozenset({EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        runs = [u for u in code.idioms.of("run") if "for-runner" in u.idiom.traits]
        for use in code.idioms.of("register"):
            identity = code.lifetimes.identity(use.receiver)
            if "own-runs" not in use.idiom.traits or not identity:
                continue
            own = [u for u in runs if u.framework is use.framework]
            on = [code.lifetimes.identity(u.receiver) if u.idiom.on else "the default" for u in own]
            if not own or identity in on or "" in on:
                continue
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            fact = EmittersApart(event, use.framework.name, use.module.language)
            yield seen(fact, use.call, self.name, (seen(fact, own[0].call, self.name, label="the run is made on another object"),))


PROBE = Elsewhere()
