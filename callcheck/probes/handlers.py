"""Can handlers be called as their library calls them, are they awaited if they must be, and do the library's hooks have these names?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.facts.execution import ResultUnused
from callcheck.model.facts.handlers import CallNoted, HandlerMisfit
from callcheck.model.knowledge import Framework
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.anchors import straight
from callcheck.sources.code.choice import HANDLERS_NAMED
from callcheck.sources.code.fits import Given, crossed, fits, given, left_at_none, takes
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Function,
    Keyword,
    Member,
    Module,
    Name,
    Node,
    Spread,
    Yield,
    dotted,
    last_name,
)

_ALIKE = 0.84
_SLIP = 0.91
"""The same for names that no library's hooks begin with, where only a slip of the pen is one: `dataRecieved`, `do_post`."""
_SAME = frozenset({"staticmethod", "classmethod", "override"})
_HANDS_ON = frozenset({"register", "hook", "serve", "after", "publish", "subscribe", "spawn", "handle"})


class Handlers:
    """Lays each handler beside what its idiom says it takes, or what is emitted to it."""

    name = "handlers"
    looks_at = Sight.SOURCE
    answers = frozenset({HandlerMisfit, ResultUnused, EventNeverEmitted, CallNoted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of(*_HANDS_ON):
            yield from self._use(code, use)
        yield from self._twice(code)
        yield from self._invoked(eyes)
        hooked = {kind: (f, methods) for f in code.project.frameworks for kind, methods in ((f"{f.name}.{k}", m) for k, m in f.hooks.items())}
        for module in code.project.chosen.values():
            for node in module.all(ClassDef):
                if node.bases:
                    kinds = code.idioms.kinds(Origin("class", node, cls=node))
                    for kind in kinds & hooked.keys():
                        yield from self._hooks(code, node, kind, *hooked[kind])

    def _use(self, code: Code, use: Use) -> Iterator[Evidence]:
        takes = use.idiom.takes or _by_event(code, use)
        calls = [(given(takes), ())] if takes else list(self._sent(code, use))
        for handler in code.idioms.handlers(use):
            if not isinstance(handler, Function):
                continue
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            if "calls-plainly" in use.idiom.traits and handler.is_async and not handler.is_generator and not _converted(code, handler):
                fact = ResultUnused("coroutine", handler.name or "the handler", use.framework.name, use.module.language)
                label = f"{use.framework.title} calls it and does not await it"
                yield seen(fact, use.call, self.name, (seen(fact, handler, self.name, label=label),))
            plain = not any(last_name(each) == "classmethod" for each in handler.decorators)
            bound = False if plain and _by_its_class(code, use) and isinstance(handler.parent, ClassDef) else None
            for arguments, because in calls:
                if (not fits(handler, arguments, bound) or (takes and (crossed(handler, arguments) or left_at_none(handler, arguments)))) and not self._changed(code, handler, use):
                    yield self._misfit(handler, event, arguments, use.framework, use.call, because)
                    break

    def _invoked(self, eyes: Eyes) -> Iterator[Evidence]:
        """An async function of Python that a template names as Lambda's handler: Lambda calls it, and awaits nothing."""
        if not eyes.tree.named(*HANDLERS_NAMED):
            return
        from callcheck.sources.code.answering import Asked

        code, names = eyes.code, Asked(eyes).configured
        for module in code.project.naming(*sorted(names)) if names else ():
            for function in module.all(Function) if module.language == "python" else ():
                alone = isinstance(function.parent, Module) and not function.decorators and not code.origins.calls_of(function)
                if alone and function.is_async and function.name in names and [param.name.strip("_") for param in function.params[1:]] == ["context"]:
                    yield seen(ResultUnused("coroutine", function.name, "aws-lambda", "python"), function, self.name, label="Lambda calls it and does not await it")

    def _changed(self, code: Code, handler: Function, use: Use) -> bool:
        """Whether a decorator may change how a handler is called; one by which the same library is told of it, does not (`@dramatiq.actor`)."""
        ours = [d for d in handler.decorators if any(each.idiom.does == "serve" and each.framework is use.framework for each in code.idioms.decorating(d))]
        return _wrapped(handler, use) and (not ours or len(ours) < len(handler.decorators))

    def _twice(self, code: Code) -> Iterator[Evidence]:
        """One function, given twice to one object for one event, in two ways."""
        first: dict[tuple[str, str, int], Use] = {}
        for use in code.idioms.of("register"):
            identity = code.lifetimes.identity(use.receiver)
            for handler in code.idioms.handlers(use) if identity and use.module.language == "python" else ():
                for event in code.idioms.events(use) if isinstance(handler, Function) else ():
                    other = first.setdefault((identity, event, id(handler)), use)
                    if other is not use and other.idiom is not use.idiom and not _kept_once(code, other, use) and straight(use.call) and straight(other.call) and not (_leads_to(code, use, other) or _leads_to(code, other, use)):
                        fact = CallNoted("registered-twice", clean(getattr(handler, "name", ""), 60), clean(event, 80), "module", use.framework.name, "python")
                        yield seen(fact, use.call, self.name, (seen(fact, other.call, self.name, label="it is registered here already"),))

    def _sent(self, code: Code, use: Use) -> Iterator[tuple[Given, tuple[Node, ...]]]:
        """What the emissions of the same event on the same object hand to their listeners, where that is all that they are called with."""
        identity = code.lifetimes.identity(use.receiver)
        if use.idiom.does != "register" or not identity:
            return
        events = [event for event in code.idioms.events(use) if event] or ([""] if not use.idiom.event else [])
        for other in code.idioms.of("emit"):
            if "hands-on" not in other.idiom.traits or code.lifetimes.identity(other.receiver) != identity:
                continue
            if use.idiom.event and not set(events) & set(code.idioms.events(other)):
                continue
            first = 1 if other.idiom.event[:1].isdigit() else 0
            if any(isinstance(a, Spread) for a in other.call.args) or any(not k.name for k in other.call.keywords):
                continue
            names = tuple(clean(_name(a), 30) for a in other.call.args[first:])
            if not names and "none-first" in other.idiom.traits:
                names = ("None",)
            yield Given(names, tuple(k.name for k in other.call.keywords)), (other.call,)

    def _hooks(self, code: Code, cls: ClassDef, kind: str, framework: Framework, methods: dict[str, str]) -> Iterator[Evidence]:
        others = {name for k, m in framework.hooks.items() if f"{framework.name}.{k}" != kind for name in m}
        own = [n for n in cls.body if isinstance(n, Function)]
        for method in own:
            if method.name in methods:
                arguments = given(methods[method.name])
                if methods[method.name] and not fits(method, arguments) and not _wrapped(method):
                    yield self._misfit(method, method.name, arguments, framework, method, ())
                continue
            near = self._near(method.name, methods, others)
            if near and near not in {m.name for m in own} and not _called(code, cls, method):
                fact = EventNeverEmitted(method.name, near, framework.name, module_of(cls).language)
                label = f"{framework.title} calls {near} and never this"
                yield seen(fact, method, self.name, label=label)

    def _near(self, name: str, methods: dict[str, str], others: set[str]) -> str:
        """The hook that was meant, if a method's name is one of a sibling class or a slip of one."""
        if name.startswith("__") or not methods:
            return ""
        import difflib

        if name in others:
            last = name.split("_")
            # on_start of the one is on_agent_start of the other, and the other way round.
            fitting = [m for m in methods if m.split("_")[-1] == last[-1] and (set(last) <= set(m.split("_")) or set(m.split("_")) <= set(last))]
            near = difflib.get_close_matches(name, fitting or list(methods), 1, 0.0)
            return near[0] if near else ""
        plain = {m.replace("_", "").lower(): m for m in methods}
        near = difflib.get_close_matches(name.replace("_", "").lower(), list(plain), 1, _ALIKE if name.startswith("on") else _SLIP)
        return plain[near[0]] if near else ""

    def _misfit(
        self, handler: Function, event: str, arguments: Given, framework: Framework, at: Node, sent: tuple[Node, ...]
    ) -> Evidence:
        fact = HandlerMisfit(
            clean(handler.name or "the handler", 60), event, clean(takes(handler), 80), clean(str(arguments), 120), framework.name, module_of(handler).language
        )  # fmt: skip
        because = tuple(seen(fact, s, self.name, label=f"it is called with ({clean(str(arguments), 80)})") for s in sent)
        if at is not handler:
            because = (*because, seen(fact, at, self.name, label="it is attached here"))
        return seen(fact, handler, self.name, because)


def _by_event(code: Code, use: Use) -> str:
    """What a library's table of hooks says that a handler of this event takes, be it a method of a subclass or a function that is handed in."""
    events = [event for event in code.idioms.events(use) if event] if use.framework.hooks else []
    if not events and use.framework.hooks and "named-by-function" in use.idiom.traits:
        events = [handler.name for handler in code.idioms.handlers(use) if isinstance(handler, Function)]
    return next((methods[event] for event in events for methods in use.framework.hooks.values() if methods.get(event)), "")


def _by_its_class(code: Code, use: Use) -> bool:
    """Whether a method is given as `Desk.note`, so that it is handed all arguments, the first as self."""
    placed = code.idioms.placed(use.call, use.idiom.handler.removesuffix("decorated").rstrip("|"))
    return any(isinstance(node, Member) and code.origins.of(node.object).kind == "class" for node in placed)


def _converted(code: Code, handler: Function) -> bool:
    """Whether a decorator that no library is known to register by may make a plain function of an async one: `@asyncSlot()`, `@async_to_sync`."""
    return any(last_name(d.callee if isinstance(d, Call) else d) not in _SAME and not code.idioms.decorating(d) for d in handler.decorators)


def _wrapped(handler: Function, use: Use | None = None) -> bool:
    """Whether a decorator other than the registering one may change how a handler is called."""
    mine = use.call if use is not None else None
    others = [d for d in handler.decorators if d is not mine and (mine is None or mine.parent is not d) and last_name(d) not in _SAME]
    return bool(others) or any(isinstance(n, Yield) for n in within(handler) if mine is None)


def _called(code: Code, cls: ClassDef, method: Function) -> bool:
    """Whether the project calls a method by itself, or refers to it by name anywhere."""
    if code.origins.calls_of(method):
        return True
    members = (node for module in code.project.naming(method.name) for node in module.all(Member))
    return any(node.name == method.name and not isinstance(node.parent, Keyword) for node in members)


def _kept_once(code: Code, one: Use, other: Use) -> bool:
    """Whether an object keeps a handler once, however often it is given: whatever its sender, or (`once-per-sender`) for one and the same."""
    if all("kept-once" in each.idiom.traits for each in (one, other)):
        return True
    if not all("once-per-sender" in each.idiom.traits for each in (one, other)):
        return False
    return all(_spelt(code, one, names) == _spelt(code, other, names) for names in ("sender", "dispatch_uid"))


def _spelt(code: Code, use: Use, name: str) -> str:
    """How an option reads; the sender is the second argument of a plain call too."""
    found = code.idioms.option(use.call, name)
    if found is None and name == "sender" and not use.idiom.object:
        found = next(iter(use.call.args[1:2]), None)
    return dotted(found) or code.idioms.text(found) if found is not None else ""


def _leads_to(code: Code, outer: Use, inner: Use) -> bool:
    """Whether one registration is made by the function that the other calls: `def listen(f): self.bus.on(f)`, and `desk.listen(f)`."""
    return inner.function is not None and any(call is outer.call for call in code.origins.calls_of(inner.function))


def _name(node: Node) -> str:
    if isinstance(node, Name):
        return node.id
    if isinstance(node, Member):
        return node.name
    if isinstance(node, Call):
        return f"{_name(node.callee)}()"
    return "…"


PROBE = Handlers()
