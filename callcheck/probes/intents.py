"""Does the connection ask for the events that handlers wait for?

    intents = discord.Intents.default()        # leaves out members
    @bot.event
    async def on_member_join(member): ...
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import CallNoted
from callcheck.model.knowledge import Framework
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, ClassDef, Function, Keyword, Literal, Member, Node, last_name


class Intents:
    """Lays the handlers of a framework's `requires` table beside the flags that the project turns on."""

    name = "intents"
    looks_at = Sight.SOURCE
    about = ("requires",)
    answers = frozenset({CallNoted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for framework in code.project.frameworks:
            if framework.requires and framework.name in code.idioms.imported:
                yield from self._framework(code, framework)

    def _framework(self, code: Code, framework: Framework) -> Iterator[Evidence]:
        made = [c for c in code.project.calls("default", "none", "Intents") if f"{framework.name}.intents" in code.idioms.kinds(code.origins.of(c))]
        if not made or any(True for c in code.project.calls("all") if last_name(getattr(c.callee, "object", None)) == "Intents"):
            return
        modules = code.project.naming(*sorted(framework.requires.values()))
        flags = {t.name for m in modules for a in m.all(Assign) for t in a.targets if isinstance(t, Member) and isinstance(a.value, Literal) and a.value.value is True}
        flags |= {k.name for m in modules for k in m.all(Keyword) if isinstance(k.value, Literal) and k.value.value is True}
        for handler, event in self._handlers(code, framework):
            flag = framework.requires[event]
            if flag not in flags:
                fact = CallNoted("intent-missing", clean(event, 60), clean(handler.name, 80), "message", framework.name, "python")
                label = f"asks for the default events, without {flag}"
                yield seen(fact, handler, self.name, (seen(fact, made[0], self.name, label=label),))

    def _handlers(self, code: Code, framework: Framework) -> Iterator[tuple[Function, str]]:
        """Each with the event that it is for: the one that its registration names, else its own name."""
        for use in code.idioms.of("serve", "register"):
            if use.framework is framework:
                named = [event for event in code.idioms.events(use) if event in framework.requires]
                for handler in code.idioms.handlers(use):
                    if isinstance(handler, Function) and (named or handler.name in framework.requires):
                        yield handler, next(iter(named), handler.name)
        kinds = {f"{framework.name}.{kind}" for kind in framework.objects}
        for cls in (each for module in code.project.naming(*sorted(framework.requires)) for each in module.all(ClassDef)):
            methods: list[Node] = [m for m in cls.body if isinstance(m, Function) and m.name in framework.requires and not m.decorators]
            if methods and cls.bases and kinds & code.idioms.kinds(Origin("class", cls, cls=cls)):
                yield from ((m, m.name) for m in methods if isinstance(m, Function))


PROBE = Intents()
