"""Does the code wait for what only a certain kind of run emits, and make no such run?

    class Relay(BaseCallbackHandler):
        def on_llm_new_token(self, token, **kwargs): ...     waits for tokens
    chain.invoke(x, config={"callbacks": [Relay()]})         emits none
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import RunWithoutStream
from callcheck.model.facts.webhooks import EventNotRequested
from callcheck.model.knowledge import Framework
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Entry,
    Function,
    Imported,
    Keyword,
    Literal,
    Member,
    Name,
    Node,
    Sequence,
    dotted,
    last_name,
)
from callcheck.sources.code.truth import Switch
from callcheck.sources.environment import settings

_COMPOUND = pattern(r"_|[a-z][A-Z]")
"""A plain word may stand in a text for anything, a name of several parts is meant."""


class Streamed:
    """Lays the hooks, events and functions that need a streaming run beside all runs of the project."""

    name = "streamed"
    looks_at = Sight.SOURCE
    about = ("streamed",)
    answers = frozenset({RunWithoutStream, EventNotRequested})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        uses: dict[str, list[Use]] = {}
        for use in code.idioms.of("run", "make"):
            uses.setdefault(use.framework.name, []).append(use)
        for framework in code.project.frameworks:
            own = uses.get(framework.name, [])
            if own and framework.streamed:
                yield from self._framework(eyes, framework, own)

    def _framework(self, eyes: Eyes, framework: Framework, uses: list[Use]) -> Iterator[Evidence]:
        code = eyes.code
        has = {trait for use in uses for trait in use.idiom.traits}
        for name, node in self._waits(code, framework):
            for trait in framework.streamed[name]:
                if trait in has:
                    continue
                without = [u for u in uses if f"non-{trait}" in u.idiom.traits and not is_test(u.module.path)]
                lacking = _telling(code, without)
                switched = list(_switched(code, framework, trait)) if lacking is not None else []
                if lacking is not None and all(switch.is_off for _, switch in switched):
                    method = clean(dotted(lacking.call.callee).rsplit(".", 1)[-1], 60) or "the run"
                    language = module_of(node).language
                    if "by-kind" in lacking.idiom.traits:
                        asked = EventNotRequested(trait, "stream-mode", framework.name, language)
                        yield seen(asked, lacking.call, self.name, (seen(asked, node, self.name, label=f"{clean(name, 60)} writes to it alone"),))
                        return
                    fact = RunWithoutStream(method, clean(name, 80), framework.name, language)
                    off = tuple(each for at, switch in switched for each in self._off(eyes, fact, at, switch))
                    yield seen(fact, lacking.call, self.name, (*off, seen(fact, node, self.name, label=f"waits for {clean(name, 60)}")))
                    return

    def _off(self, eyes: Eyes, fact: RunWithoutStream, at: Node, switch: Switch) -> Iterator[Evidence]:
        """Where streaming is turned off, and by what."""
        yield seen(fact, at, self.name, label="streaming is turned off here")
        told = next((each for each in settings(eyes) if each.name == switch.variable), None) if switch.variable else None
        if told is not None:
            label = f"{clean(switch.variable, 60)} turns it off" + (f" for {clean(told.unit, 60)}" if told.unit else "")
            yield Evidence(fact, Basis.DECLARED, self.name, told.where, label=label)

    def _waits(self, code: Code, framework: Framework) -> Iterator[tuple[str, Node]]:
        """Each place at which something is named that needs a run of a certain kind."""
        hooked = {f"{framework.name}.{kind}" for kind in framework.hooks}
        for module in code.project.naming(*sorted({re.split(r"\W", name)[0] for name in framework.streamed})):
            for node in module.walk():
                if isinstance(node, ClassDef) and node.bases and hooked & code.idioms.kinds(Origin("class", node, cls=node)):
                    for method in node.body:
                        if isinstance(method, Function) and method.name in framework.streamed:
                            yield method.name, method
                elif isinstance(node, Imported) and node.imported in framework.streamed and _used(module, node):
                    yield node.imported, _used(module, node) or node
                elif isinstance(node, Call) and last_name(node.callee) in framework.streamed and module.language != "python":
                    # `config.writer(…)`, or `writer(…)` where a node takes `{ writer }`
                    handed = isinstance(node.callee, Member) or code.origins.of(node.callee).kind not in ("function", "class")
                    if handed and any(package in module.text for package in framework.packages):
                        yield last_name(node.callee), node
                elif isinstance(node, Literal) and isinstance(node.value, str) and node.value in framework.streamed:
                    if _COMPOUND.search(node.value) and framework.name in code.idioms.imported:
                        yield node.value, node


def _telling(code: Code, without: list[Use]) -> Use | None:
    """The run that tells most: a stream of several kinds, which somebody tells apart; a plain call on what is streamed elsewhere, by one kind and for that alone; any stream."""
    by_kind = [use for use in without if "by-kind" in use.idiom.traits]
    several = [use for use in by_kind if any(isinstance(use.call.keyword(name), Sequence) for name in use.idiom.needs)]
    streamed = {code.lifetimes.identity(use.receiver) for use in by_kind} - {""}
    plain = [use for use in without if "by-kind" not in use.idiom.traits]
    beside = [use for use in plain if code.lifetimes.identity(use.receiver) in streamed]
    return next(iter((*several, *beside, *by_kind, *plain)), None)


def _switched(code: Code, framework: Framework, trait: str) -> Iterator[tuple[Node, Switch]]:
    """Each place at which an option that makes such a run is given, and computed: what it is when the program runs, as far as that can be told."""
    options = {name for idiom in framework.idioms if trait in idiom.traits for name, want in idiom.needs.items() if want is True}
    for module in code.project.naming(*sorted(options)) if options else ():
        given: list[tuple[str | None, Node]] = [(each.name, each.value) for each in module.all(Keyword)]
        given += [(each.key, each.value) for each in module.all(Entry)]
        for name, value in given if not is_test(module.path) else ():
            if name in options and not isinstance(value, Literal):
                yield value, code.idioms.switch(value)


def _used(module: Node, imported: Imported) -> Node | None:
    return next((n for n in module.walk() if isinstance(n, Name) and n.id == imported.local), None)


PROBE = Streamed()
