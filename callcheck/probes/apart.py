"""Do a listener and its event live in different programs of one code base?

Two entry files that import the same module-level emitter, queue object or table each get their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ProgramsApart
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call

_REMOTE = frozenset({"transport", "shared", "pubsub", "bus"})
"""Traits of what does cross processes, or is not an object of the project."""


class Apart:
    """Lays the programs that listen beside those that emit, for objects in memory, for local events of a queue and for realtime servers."""

    name = "apart"
    looks_at = Sight.SOURCE
    answers = frozenset({ProgramsApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        if len(code.programs.entries) < 2:
            return
        yield from self._emitters(code)
        yield from self._queues(code)
        yield from self._servers(code)

    def _emitters(self, code: Code) -> Iterator[Evidence]:
        emits = [u for u in code.idioms.of("emit") if not _REMOTE & set(u.idiom.traits)]
        for heard in code.idioms.of("register"):
            if _REMOTE & set(heard.idiom.traits) or not heard.idiom.on:
                continue
            identity = code.lifetimes.identity(heard.receiver)
            for event in code.idioms.events(heard) if identity else ():
                if not event:
                    continue
                listeners = [u for u in code.idioms.of("register") if event in code.idioms.events(u) and code.lifetimes.identity(u.receiver) == identity]
                senders = [u for u in emits if event in code.idioms.events(u) and code.lifetimes.identity(u.receiver) == identity]
                yield from self._compare(code, event, heard, listeners, senders, "emitted here, in another process")

    def _queues(self, code: Code) -> Iterator[Evidence]:
        """Local events of a queue come in the process that works on its jobs."""
        for heard in code.idioms.of("register"):
            if "local" not in heard.idiom.traits or "worked" not in heard.idiom.traits:
                continue
            topic = topic_of(code, heard.receiver)
            workers = [u for u in code.idioms.of("serve") if u.framework is heard.framework and topic and served_topic(code, u) == topic]
            for event in code.idioms.events(heard):
                yield from self._compare(code, event, heard, [heard], workers, "the jobs are worked on here, in another process")

    def _servers(self, code: Code) -> Iterator[Evidence]:
        """A realtime server object that one program serves clients with, and another one emits on."""
        served: dict[str, list[Use]] = {}
        for use in code.idioms.of("register"):
            if use.idiom.role == "connection" and use.idiom.on:
                served.setdefault(code.lifetimes.identity(use.receiver), []).append(use)
        adapted = {code.lifetimes.identity(u.receiver) for u in code.idioms.of("adapt")}
        for sent in code.idioms.of("emit"):
            base = sent.receiver
            while base.base is not None:
                base = base.base
            identity = code.lifetimes.identity(base)
            listeners = served.get(identity, []) if identity and identity not in adapted else []
            if "transport" in sent.idiom.traits and listeners and not _has_adapter(base):
                event = next(iter(code.idioms.events(sent)), "")
                yield from self._compare(code, event, sent, [sent], listeners, "its clients are connected here, in another process")

    def _compare(self, code: Code, event: str, use: Use, mine: Iterable[Use], others: list[Use], label: str) -> Iterator[Evidence]:
        here, there = _programs(code, mine), _programs(code, others)
        if not here or not there or here & there or not all(code.programs.of(u.module) for u in others):
            return
        fact = ProgramsApart(clean(event, 80), clean(min(here), 80), clean(min(there), 80), use.framework.name, use.module.language)
        yield seen(fact, use.call, self.name, tuple(seen(fact, o.call, self.name, label=label) for o in others[:2]))


def _programs(code: Code, uses: Iterable[Use]) -> frozenset[str]:
    return frozenset().union(*(code.programs.of(use.module) for use in uses))


def _has_adapter(base: Origin) -> bool:
    return isinstance(base.node, Call) and base.node.keyword("adapter") is not None


def topic_of(code: Code, origin: Origin) -> str:
    """The queue that an object stands for: the first argument of its making."""
    return code.idioms.text(origin.node.args[0]) if isinstance(origin.node, Call) and origin.node.args else ""


def served_topic(code: Code, use: Use) -> str:
    """The queue that a worker works on: named at the object, or in the call that makes the worker."""
    return topic_of(code, use.receiver) if use.idiom.on else code.idioms.text(use.call.args[0]) if use.call.args else ""


PROBE = Apart()
