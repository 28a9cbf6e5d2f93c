"""Which handlers must fail when they are called: by a `this` that is lost, by a name that nothing defines, or by an error that keeps others from their turn?"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import HandlerFaulty
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.relays import OWN
from callcheck.sources.code.scopes import enclosing, function_of, module_of, within
from callcheck.sources.code.seen import seen
from callcheck.sources.code.throws import caught, fallible, throws
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Name, Node, Try, dotted, last_name

_TEMPLATE = pattern(r"^[ \t]*\{%-?\s*(?:if|for|else|endif|endfor|raw|block|macro)\b", re.MULTILINE)
"""A line of a template of Jinja's, of which the module is made."""
_GIVEN = frozenset({"__name__", "__file__", "__doc__", "__package__", "__spec__", "__path__", "__class__", "__builtins__", "__debug__", "__qualname__", "__module__", "reveal_type"})
_TELLS = frozenset({"exception", "error", "critical", "capture_exception", "warning", "print_exc"})
_ATTACH = ("on", "once", "addListener", "prependListener", "addEventListener")
_REGISTERS = ("register", "serve", "subscribe", "hook")


class HandlerFaults:
    """Looks at how handlers are handed over, and at the names that they use."""

    name = "handler-faults"
    looks_at = Sight.SOURCE
    answers = frozenset({HandlerFaulty})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("ends-with-error"):
            yield from self._ending(code, use)
        yield from self._dying(code)
        for use in code.idioms.of(*_REGISTERS):
            event = clean(next(iter(code.idioms.events(use)), ""), 80)
            if use.module.language == "python":
                for handler in code.idioms.handlers(use):
                    if isinstance(handler, Function) and module_of(handler).language == "python":
                        yield from self._undefined(code, use, handler, event)
                if use.idiom.on == "signal":
                    yield from self._stopping(code, use, event)
            else:
                for node in code.idioms.placed(use.call, use.idiom.handler.removesuffix("decorated").rstrip("|")):
                    if isinstance(node, Member):
                        yield from self._unbound(code, use, node, event)
                yield from self._stopping(code, use, event)
        known = {id(use.call) for use in code.idioms.of(*_REGISTERS)}
        for call in code.project.calls(*_ATTACH):
            if id(call) not in known and len(call.args) == len(("event", "handler")) and not is_test(module_of(call).path):
                yield from self._unbound_there(code, call)

    def _unbound(self, code: Code, use: Use, node: Member, event: str) -> Iterator[Evidence]:
        """A method that is handed over by its name and uses `this`, which is another object, or none, when it is called."""
        lost = _this_lost(code, node)
        if lost is None or use.receiver.cls is lost[0].parent or _has_context(use.call, node):
            return
        yield self._told(node, *lost, event, use.framework.name)

    def _unbound_there(self, code: Code, call: Call) -> Iterator[Evidence]:
        """The same on an object that is not known: `this.client.on("bid", this.bid)`, which every emitter calls with itself for `this`, or with nothing."""
        node, held = call.args[1], call.callee.object if isinstance(call.callee, Member) else None
        if not isinstance(node, Member) or not isinstance(node.object, Name) or node.object.id != "this" or held is None or dotted(held) == "this" or not code.idioms.text(call.args[0]):
            return
        lost = _this_lost(code, node)
        if lost is not None:
            yield self._told(node, *lost, clean(code.idioms.text(call.args[0]) or "", 80), "")

    def _told(self, node: Member, method: Function, field: Member, event: str, framework: str) -> Evidence:
        fact = HandlerFaulty(clean(method.name, 60), "this-lost", f"this.{clean(field.name, 40)}", event, framework, module_of(node).language)
        return seen(fact, node, self.name, (seen(fact, field, self.name, label="this is not the object here when the listener is called"),))

    def _ending(self, code: Code, use: Use) -> Iterator[Evidence]:
        """A handler that reaches outwards without a `try`, in a thread of a library that the first error ends."""
        identity = code.lifetimes.identity(use.receiver)
        if not identity or (use.idiom.says and use.idiom.says in use.module.text):
            return
        for heard in code.idioms.of("hook", *_REGISTERS):
            if heard.framework is not use.framework or code.lifetimes.identity(heard.receiver) != identity:
                continue
            for handler in code.idioms.handlers(heard):
                place = fallible(code, handler) if isinstance(handler, Function) and not _judged(handler) else None
                if place is not None and isinstance(handler, Function):
                    event = clean(next(iter(code.idioms.events(heard)), ""), 80)
                    fact = HandlerFaulty(clean(handler.name, 60), "ends-thread", clean(last_name(place.callee), 60), event, use.framework.name, use.module.language)
                    because = (seen(fact, place, self.name, label="may fail, and nothing here catches it"), seen(fact, heard.call, self.name, label="called for each message"))
                    yield seen(fact, use.call, self.name, because, label="the thread ends with the first error of a handler, and the process lives on")
                    return

    def _dying(self, code: Code) -> Iterator[Evidence]:
        """A listener of a bus written by hand that fails for some events, in the one loop that calls them all."""
        loops: dict[int, list[tuple[Call, Function]]] = {}
        for heard in code.idioms.of("register"):
            cls = heard.receiver.cls if heard.framework is OWN and heard.module.language == "python" else None
            if cls is None:
                continue
            from callcheck.sources.code.dispatch_loops import fatal, may_fail

            found = loops.setdefault(id(cls), list(fatal(code, cls)))
            for handler in code.idioms.handlers(heard) if found else ():
                place = may_fail(code, handler) if isinstance(handler, Function) else None
                if place is not None and isinstance(handler, Function):
                    call, runner = found[0]
                    event = clean(next(iter(code.idioms.events(heard)), ""), 80)
                    fact = HandlerFaulty(clean(handler.name, 60), "ends-loop", clean(module_of(place).line_of(place).strip(), 60), event, OWN.name, "python")
                    because = (seen(fact, place, self.name, label="may fail, and nothing catches it"), seen(fact, heard.call, self.name, label="attached here"))
                    yield seen(fact, call, self.name, because, label=f"the first error ends {clean(runner.name, 40)}(), and no listener is called again")
                    loops[id(cls)] = []
                    break

    def _stopping(self, code: Code, use: Use, event: str) -> Iterator[Evidence]:
        """A listener that may throw, beside others for the event, where every emission stands in a `try` that keeps the error to itself."""
        handlers = [each for each in code.idioms.handlers(use) if isinstance(each, Function) and not each.is_async and not each.is_generator]
        signal = use.idiom.on == "signal"
        thrown = (throws(code, handlers[0]) or (fallible(code, handlers[0]) if signal and not _judged(handlers[0]) else None)) if handlers and (signal or use.idiom.on == "emitter" and event) else None
        identity = code.lifetimes.identity(use.receiver) if thrown is not None else ""
        if thrown is None or not identity:
            return
        same = [u for u in code.idioms.of("register", "emit") if (signal or event in code.idioms.events(u)) and code.lifetimes.identity(u.receiver) == identity]
        others = [u for u in same if u.idiom.does == "register" and u.call is not use.call]
        # send_robust() of Django calls them all, whatever one of them raises.
        sent = [u for u in same if u.idiom.does == "emit" and "robust" not in last_name(u.call.callee)]
        if signal and any(_shown(u.call) for u in sent):
            return
        if others and sent and all(caught(u.call) for u in sent):
            fact = HandlerFaulty(clean(handlers[0].name, 60), "throws", clean(module_of(thrown).line_of(thrown).strip(), 60), event, use.framework.name, use.module.language)
            because = (
                seen(fact, sent[0].call, self.name, label=f"{last_name(sent[0].call.callee)}() ends with the error, which is caught here"),
                seen(fact, others[0].call, self.name, label="this listener may have its turn after it, and then has none"),
            )
            yield seen(fact, thrown, self.name, (*because, seen(fact, use.call, self.name, label="attached here")))

    def _undefined(self, code: Code, use: Use, handler: Function, event: str) -> Iterator[Evidence]:
        """A name that neither the function, the ones around it, the module nor Python itself has."""
        if any(each.imported == "*" for statement in code.project.imports(module_of(handler)) for each in statement.names if each.local == "*"):
            return
        if _TEMPLATE.search(module_of(handler).text):
            return  # it is filled in first, and what it has then is not known
        for name in handler.inside(Name):
            if any(name in top.inside(Name) for top in (*handler.decorators, *handler.params)):
                continue
            origin = code.origins.of(name)
            if origin.kind == "external" and origin.qualified == name.id and not hasattr(builtins, name.id) and name.id not in _GIVEN:
                if not _declared_anywhere(name):
                    fact = HandlerFaulty(clean(handler.name, 60), "name-unknown", clean(name.id, 60), event, use.framework.name, use.module.language)
                    yield seen(fact, name, self.name)
                    return


def _this_lost(code: Code, node: Member) -> tuple[Function, Member] | None:
    """The method that is handed over by its name, and where it uses `this`, which is another object, or none, when it is called."""
    method = code.origins.of(node).node
    if not isinstance(method, Function) or method.arrow or method.static or method.accessor or not isinstance(method.parent, ClassDef):
        return None
    cls = method.parent
    field = next((m for m in method.inside(Member) if isinstance(m.object, Name) and m.object.id == "this" and _this_of(m, method)), None)
    if field is None or method.decorators or cls.decorators or _binds(code, cls, method.name) or code.origins.of(node.object).kind == "class":
        return None
    return method, field


def _shown(call: Call) -> bool:
    """Whether the `try` around a call tells of what it catches."""
    tries = [each for each in call.up() if isinstance(each, Try)]
    return any(last_name(told.callee) in _TELLS for each in tries[:1] for catch in each.catches for told in catch.inside(Call))


def _judged(handler: Function) -> bool:
    """Whether a handler catches errors somewhere: who does has thought of which may come, and what is left may be too rare to be told of."""
    return any(each.catches and function_of(each) is handler for each in handler.inside(Try))


def _this_of(member: Member, method: Function) -> bool:
    """Whether `this` belongs to the method itself: only arrow functions stand between."""
    function = function_of(member)
    while function is not None and function is not method and function.arrow:
        function = function_of(function)
    return function is method


def _binds(code: Code, cls: ClassDef, name: str) -> bool:
    """`this.handle = this.handle.bind(this)`, `autoBind(this)`, or a field that is assigned anything else."""
    for method in cls.body:
        if not isinstance(method, Function):
            continue
        for node in within(method):
            if isinstance(node, Assign) and any(isinstance(t, Member) and t.name == name for t in node.targets):
                return True
            if isinstance(node, Call) and "bind" in last_name(node.callee).lower() and any(isinstance(a, Name) and a.id == "this" for a in node.args):
                if last_name(node.callee) != "bind":
                    return True
    return any(isinstance(node, Assign) and any(isinstance(t, Name) and t.id == name for t in node.targets) for node in cls.body)


def _has_context(call: Call, handler: Node) -> bool:
    """`bus.on("x", this.handle, this)`: some libraries take what `this` is to be."""
    after = call.args[call.args.index(handler) + 1 :] if handler in call.args else []
    return any(isinstance(a, Name) and a.id == "this" for a in after)


def _declared_anywhere(name: Name) -> bool:
    """Whether the module, or a class around, assigns the name in some way that scopes do not follow: `global`, `del`, a walrus, a match."""
    module = module_of(name)
    cls = enclosing(name, ClassDef)
    text = module.text
    ways = (f"global {name.id}", f"as {name.id}", f"{name.id} :=", f"{name.id}:=", f"case {name.id}", f"import {name.id}", f"def {name.id}", f"class {name.id}")
    imported = re.search(rf"^[ \t]*(?:import|from)\b[^\n]*\b{re.escape(name.id)}\b", text, re.MULTILINE)
    return imported is not None or any(way in text for way in ways) or (isinstance(cls, ClassDef) and f"{name.id} =" in text) or "exec(" in text or "globals()" in text


PROBE = HandlerFaults()
