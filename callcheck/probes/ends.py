"""Does the first error end a stream of events that is meant to go on?

    positions$.pipe(switchMap(route), catchError(() => EMPTY)).subscribe(show)   // the outer stream completes
    save$ = createEffect(() => this.actions$.pipe(ofType(save), switchMap(put), catchError(() => of(failed()))))
    found$ = this.term.valueChanges.pipe(switchMap(find), catchError(() => of([])))            // {{ found$ | async }}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import SubscriptionEnds
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import enclosing, module_of, next_call
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Member,
    Name,
    Node,
    Object,
    Raise,
    Return,
    Try,
    last_name,
)

_LASTING = frozenset({"rxjs.subject", "rxjs.keeping", "rxjs.view"})
_FEW = frozenset({"take", "first", "takeWhile", "single"})
"""Operators after which a stream is meant to end."""


class Ends:
    """Looks at the operators between a lasting source and its subscriber: a rescue that stands after what can fail replaces the source."""

    name = "ends"
    looks_at = Sight.SOURCE
    about = ("piped",)
    answers = frozenset({SubscriptionEnds})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register"):
            if "piped" in use.idiom.traits and isinstance(use.call.callee, Member):
                yield from self._judge(code, use, _steps(code, use.call.callee.object)[0])
        for use in code.idioms.of("observe"):
            for stream in _observed(code, use):
                steps, source = _steps(code, stream)
                if any(last_name(step.callee) in _FEW for step in steps):
                    continue
                if "lasting" in use.idiom.traits or _lasting(code, steps, source):
                    yield from self._judge(code, use, steps)

    def _judge(self, code: Code, use: Use, steps: list[Call]) -> Iterator[Evidence]:
        kinds = [_does(code, step) for step in steps]
        last = max((i for i, kind in enumerate(kinds) if kind == "rescue"), default=-1)
        risky = [i for i, kind in enumerate(kinds) if kind == "flatten" and not _safe(code, steps[i])]
        fact = SubscriptionEnds("", "error", use.framework.name, use.module.language)
        if last >= 0:
            before = [i for i in risky if i < last]
            if before and "resume" not in kinds[before[0] :] and not _gives_source(steps[last]):
                may_fail = seen(fact, steps[before[0]], self.name, label="what fails in here")
                yield seen(fact, steps[last], self.name, (may_fail, seen(fact, use.call, self.name, label="then this subscriber is told nothing more")))
        elif risky and "resume" not in kinds and use.idiom.does == "register" and _takes_error(use.call):
            yield seen(fact, use.call, self.name, (seen(fact, steps[risky[0]], self.name, label="an error in here ends the stream"),))


def _observed(code: Code, use: Use) -> Iterator[Node]:
    """The streams that a library subscribes to: given to it, given back by a function that it calls, or shown by a template."""
    if not use.idiom.handler:
        if _names_source(use) and _shown(code, use.call):
            yield use.call
        return
    for given in code.idioms.handlers(use):
        yield from code.project.returned(given) if isinstance(given, Function) else [given]


def _names_source(use: Use) -> bool:
    """Whether a chain is put on what the idiom says, which is told by its name where its type is not."""
    return isinstance(use.call.callee, Member) and re.search(use.idiom.says, _path(use.call.callee.object)) is not None


def _path(node: Node) -> str:
    """`form.get().valueChanges`: what a chain is put on, by its names."""
    if isinstance(node, Member):
        return f"{_path(node.object)}.{node.name}"
    return f"{_path(node.callee)}()" if isinstance(node, Call) else node.id if isinstance(node, Name) else ""


def _shown(code: Code, chain: Call) -> bool:
    """Whether a stream is a field of a component whose template, in its file or beside it, subscribes to it by the async pipe."""
    outer: Node = chain
    while (further := next_call(outer)) is not None:
        outer = further
    held, module = outer.parent, module_of(chain)
    if not isinstance(held, Assign) or held.value is not outer or enclosing(held, ClassDef) is None:
        return False
    name = last_name(held.targets[0])
    beside = module.path.rsplit("/", 1)[-1].rsplit(".", 1)[0] + ".html"
    texts = (module.text, *(code.project.text_of(file) for file in code.project.files_named(beside)))
    return any(re.search(rf"\b{re.escape(name)}\s*\|\s*async\b", text) for text in texts if name)


def _lasting(code: Code, steps: list[Call], source: Node) -> bool:
    """Whether a chain is of what goes on for as long as the app: a subject, the actions of a store, the values of a form."""
    if any(use.idiom.does == "lasting" for step in steps for use in code.idioms.at(step)):
        return True
    outer = source.parent.parent if isinstance(source.parent, Member) else None
    if isinstance(outer, Call) and any("lasting" in use.idiom.traits and _names_source(use) for use in code.idioms.at(outer)):
        return True
    return not _LASTING.isdisjoint(code.idioms.kinds(code.origins.of(source)))


def _steps(code: Code, stream: Node) -> tuple[list[Call], Node]:
    """The operators of a chain of pipes, in order, and what they are put on; follows names to where the stream is made."""
    found: list[Call] = []
    for _ in range(6):
        node = stream
        if not isinstance(node, Call) or not isinstance(node.callee, Member):
            # A name, or a function of the project's own that gives the stream back.
            given = _given(code, node) if isinstance(node, Call) else None
            origin = code.origins.of(given or node)
            node = given or (origin.node if origin.kind == "made" and origin.node is not None else node)
        if isinstance(node, Call) and isinstance(node.callee, Name) and last_name(node.callee) == "pipe":
            return [arg for arg in node.args if isinstance(arg, Call)] + found, node
        if not (isinstance(node, Call) and isinstance(node.callee, Member)):
            break
        if node.callee.name == "pipe":
            found = [arg for arg in node.args if isinstance(arg, Call)] + found
        stream = node.callee.object
    return found, stream


def _given(code: Code, call: Call) -> Node | None:
    """What a function of the project gives back, if it is one thing."""
    callee = code.origins.of(call.callee)
    given = code.project.returned(callee.node) if callee.kind == "function" and isinstance(callee.node, Function) else []
    return given[0] if len(given) == 1 else None


def _does(code: Code, step: Call) -> str:
    return next((u.idiom.does for u in code.idioms.at(step) if u.idiom.does in ("flatten", "rescue", "resume")), "")


def _safe(code: Code, step: Call) -> bool:
    """Whether errors inside an inner stream stay there, or there is nothing that may fail."""
    for call in step.inside(Call):
        if call is not step and (_rescues(code, call) or (isinstance(call.callee, Member) and call.callee.name == "catch")):
            return True
    inner = step.args[0] if step.args else None
    origin = code.origins.of(inner)
    function = inner if isinstance(inner, Function) else origin.node
    if not isinstance(function, Function):
        return True
    if any(isinstance(node, Try) for node in function.body):
        return True
    called = [code.origins.of(call.callee).node for call in function.inside(Call)]
    for each in (node for node in called if isinstance(node, Function)):
        if (each.body and isinstance(each.body[0], Try)) or any(_rescues(code, call) for call in each.inside(Call)):
            return True
    return not (function.is_async or any(isinstance(node, Call) for top in function.body for node in top.walk()))


def _rescues(code: Code, call: Call) -> bool:
    """Whether errors end here: a rescue whose function does not throw the error on."""
    if _does(code, call) != "rescue":
        return False
    handler = code.origins.of(call.args[0]).node if call.args and not isinstance(call.args[0], Function) else next(iter(call.args), None)
    if not isinstance(handler, Function):
        return True
    return not any(True for _ in handler.inside(Raise)) and not any(last_name(each.callee) == "throwError" for each in handler.inside(Call))


def _gives_source(rescue: Call) -> bool:
    """`catchError((error, caught) => caught)`."""
    handler = rescue.args[0] if rescue.args else None
    if not isinstance(handler, Function) or len(handler.params) < 2:
        return False
    name = handler.params[1].name
    return any(isinstance(node, Name) and node.id == name for ret in handler.inside(Return) if ret.value is not None for node in ret.value.walk())


def _takes_error(call: Call) -> bool:
    first = call.args[0] if call.args else None
    return len(call.args) > 1 or (isinstance(first, Object) and first.get("error") is not None)


PROBE = Ends()
