"""Does a program make two containers of one module, while a provider of that module keeps in memory what both are to share?

    const app = await NestFactory.create(AppModule);                        // its AlarmsService is listened to
    const queue = await NestFactory.createMicroservice(AppModule, {…});     // and the alarms are raised on this one's
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import enclosing, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.surroundings import branched
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Name, dotted, last_name
from callcheck.sources.code.wording import lines_of

_HELD = pattern(r"^(?:\w*Subject|EventEmitter\w*|Map|Set|WeakMap)$")
_TOLD = r"this\.#?{field}\s*\??\.\s*(?:next|emit|forEach|values|entries)\(|of\s+this\.#?{field}\b|this\.#?{field}\s*\.\s*get\([\s\S]{{0,200}}?\b(?:send|emit|next|write|resolve|push)\("
"""How somebody who listens is told of something, by way of a field; a cache is read otherwise."""
_DEEPEST = 3


class Containers:
    """Compares the modules that `boot` idioms of one file are given, and follows who is injected with what."""

    name = "containers"
    looks_at = Sight.SOURCE
    about = ("boot",)
    answers = frozenset({EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        first: dict[tuple[str, int], Use] = {}
        for use in (each for each in code.idioms.of("boot") if not is_test(each.module.path) and _always(code, each)):
            root = next((cls for node in code.idioms.placed(use.call, use.idiom.handler) if (cls := code.origins.of(node).cls) is not None), None)
            if root is None:
                continue
            other = first.setdefault((use.module.path, id(root)), use)
            if other is not use and last_name(other.call.callee) != last_name(use.call.callee):
                yield from self._shared(code, other, use)

    def _shared(self, code: Code, one: Use, other: Use) -> Iterator[Evidence]:
        web, beside = (one, other) if last_name(one.call.callee) == "create" else (other, one)
        if last_name(web.call.callee) != "create":
            return
        asked = [cls for use in code.idioms.of("serve", "realtime") if use.framework is web.framework and (cls := _class_of(use))]
        told = [cls for use in code.idioms.of("subscribe") if "pattern" in use.idiom.traits and (cls := _class_of(use))]
        if last_name(beside.call.callee) != "createMicroservice":
            told = list(_taken(code, web))
        heard = {id(each): each for cls in asked for each in _injected(code, cls, 0)}
        for cls in (each for begin in told for each in _injected(code, begin, 0) if id(each) in heard):
            held = _held(cls)
            if held is not None:
                fact = EmittersApart(clean(f"{cls.name}.{last_name(held.targets[0])}", 80), web.framework.name, web.module.language)
                because = (
                    seen(fact, web.call, self.name, label="this one has its own instance, which is listened to"),
                    seen(fact, held, self.name, label="kept by each instance for itself"),
                )
                yield seen(fact, beside.call, self.name, because)
                return


def _always(code: Code, use: Use) -> bool:
    """Whether a container is made whenever its file runs: in no branch, nor is the function that makes it called in one."""
    calls = code.origins.calls_of(use.function) if use.function is not None else []
    return (use.function is None or bool(calls)) and not branched(use.call) and all(module_of(call) is use.module and not branched(call) for call in calls)


def _class_of(use: Use) -> ClassDef | None:
    found = use.call.parent if isinstance(use.call.parent, ClassDef) else enclosing(use.call, ClassDef)
    return found if isinstance(found, ClassDef) else None


def _injected(code: Code, cls: ClassDef, depth: int) -> Iterator[ClassDef]:
    """A class, and those that a container hands to its constructor, and to theirs."""
    yield cls
    for method in cls.body if depth < _DEEPEST else ():
        for param in method.params if isinstance(method, Function) and method.name == "constructor" else ():
            typed = code.origins.binding(param, param.name).cls
            if typed is not None and typed is not cls:
                yield from _injected(code, typed, depth + 1)


def _taken(code: Code, web: Use) -> Iterator[ClassDef]:
    """The classes whose instance is asked of a container other than the first: `context.get(Alarms)`."""
    for call in code.project.calls("get", "resolve"):
        if isinstance(call.callee, Member) and len(call.args) >= 1 and isinstance(call.args[0], Name) and code.origins.of(call.callee.object).node is not web.call:
            origin = code.origins.of(call.args[0])
            if origin.kind == "class" and origin.cls is not None:
                yield origin.cls


def _held(cls: ClassDef) -> Assign | None:
    """The field by which an instance tells those who listen to it."""
    text = lines_of(cls)
    for field in (each for each in cls.body if isinstance(each, Assign)):
        name = last_name(field.targets[0])
        if isinstance(field.value, Call) and _HELD.match(dotted(field.value.callee).rsplit(".", 1)[-1]) and re.search(_TOLD.format(field=re.escape(name.lstrip("#"))), text):
            return field
    return None


PROBE = Containers()
