"""Does a route make a bus of its own, though a part of the app that is not below the route uses the same class?

    @Injectable({ providedIn: 'root' }) export class CartEvents { readonly added = new Subject<Item>(); }
    { path: 'shop', providers: [CartEvents], loadComponent: () => import('./shop/shop').then((m) => m.Shop) }

A route with providers has an injector of its own, and what stands in it is made anew (angular.dev/guide/di/hierarchical-dependency-injection).
"""

from __future__ import annotations

import posixpath
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
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Import, Literal, Member, Module, Name, Node, Object, Sequence

_ROUTED = ("component", "loadComponent", "loadChildren", "children")
_BUS = pattern(r"\bnew\s+(?:Subject|BehaviorSubject|ReplaySubject|EventEmitter|EventTarget)\b")
_ROOT = pattern(r"providedIn\s*:\s*['\"]root['\"]")
_ENDS = (".ts", ".tsx", ".js", "/index.ts", "/index.js")


class ScopedProviders:
    """Lists in route objects that name a class of the root injector which holds a bus."""

    name = "scoped-providers"
    looks_at = Sight.SOURCE
    marks = ("providedIn",)
    answers = frozenset({EmittersApart})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in code.project.naming("providers"):
            for route in module.all(Object) if not is_test(module.path) else ():
                listed = route.get("providers")
                if not isinstance(listed, Sequence) or route.get("path") is None:
                    continue
                for node in listed.items:
                    made = code.origins.of(node).cls if isinstance(node, (Name, Member)) else None
                    if made is not None and _of_the_root(made):
                        yield from self._apart(code, route, node, made)

    def _apart(self, code: Code, route: Object, node: Node, made: ClassDef) -> Iterator[Evidence]:
        below = _below(code, route)
        users = [each for each in (code.project.module(path) for path in sorted(code.project.importers(module_of(made).path))) if each is not None and _uses(each, made.name)]
        outside = next((each for each in users if each.path not in below), None)
        if outside is None or not any(each.path in below for each in users):
            return
        fact = EmittersApart(clean(made.name, 80), "angular-core", module_of(node).language)
        held = (_line_of_use(outside, made.name), made)
        labels = ("this gets the one of the root", "made in the root, and once more for the route")
        because = tuple(seen(fact, each, self.name, label=label) for each, label in zip(held, labels, strict=True) if each is not None)
        yield seen(fact, node, self.name, because, label="the route makes one of its own")


def _of_the_root(made: ClassDef) -> bool:
    module = module_of(made)
    text = "\n".join(module.lines[max(made.line - 6, 0) : made.end_line])
    return bool(_ROOT.search(text) and _BUS.search(text))


def _uses(module: Module, name: str) -> bool:
    return not is_test(module.path) and bool(re.search(_use(name), "\n".join(module.lines)))


def _use(name: str) -> str:
    """How a class is asked for: `inject(CartEvents)`, `constructor(private events: CartEvents)`."""
    return rf"\binject\(\s*{re.escape(name)}\b|\b(?:private|public|protected|readonly)\s+\w+\s*:\s*{re.escape(name)}\b|constructor\([^)]*:\s*{re.escape(name)}\b"


def _line_of_use(module: Module, name: str) -> Node | None:
    return next((call for call in module.calls("inject") if call.args and isinstance(call.args[0], Name) and call.args[0].id == name), None)


def _below(code: Code, route: Object) -> set[str]:
    """The files of the route's components, and what these import."""
    module = module_of(route)
    waiting: list[str] = []
    for key in _ROUTED:
        value = route.get(key)
        if value is None:
            continue
        for name in value.inside(Name):
            cls = code.origins.of(name).cls
            waiting += [module_of(cls).path] if cls is not None else []
        for call in value.inside(Call):
            told = call.args[0] if isinstance(call.callee, Name) and call.callee.id == "import" and call.args else None
            waiting += _file(code, module.path, told.value) if isinstance(told, Literal) and isinstance(told.value, str) else []
    found: set[str] = set()
    while waiting:
        path = waiting.pop()
        here = code.project.module(path) if path not in found else None
        found.add(path)
        for each in here.all(Import) if here is not None else ():
            waiting += [] if each.type_only else _file(code, path, each.module)
    return found


def _file(code: Code, path: str, told: str) -> list[str]:
    plain = posixpath.normpath(posixpath.join(posixpath.dirname(path), re.sub(r"\.js$", "", told))) if told.startswith(".") else ""
    return [plain + end for end in _ENDS if plain and plain + end in code.project.sources][:1]


PROBE = ScopedProviders()
