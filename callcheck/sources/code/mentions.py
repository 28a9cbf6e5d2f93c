"""Where is something of the project named as a whole: given to a call, put into a list, returned, or written in a text?"""

from __future__ import annotations

from collections.abc import Collection

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import import_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Entry,
    Export,
    Function,
    Imported,
    Literal,
    Member,
    Name,
    Node,
    last_name,
)

_LOOKS = frozenset("isinstance issubclass type print len repr str id hasattr".split())
_TEXTS = ("*.toml", "*.cfg", "*.ini", "*.yml", "*.yaml", "*.json", "Procfile*", "Dockerfile*", "*.sh", "*.service")


class Mentions:
    """Looks through the files that name a thing."""

    def __init__(self, code: Code) -> None:
        self.code = code

    def given(self, thing: Call | ClassDef | Function, name: str, ignored: Collection[str] = ()) -> bool:
        """Whether a thing may reach somebody: named as a whole other than where it is made, or as an argument of one of the ignored calls."""
        if not name:
            return True
        words = {name}
        for module in self.code.project.naming(name):
            words.update(each.local for each in module.all(Imported) if each.imported == name)
        home = module_of(thing)
        for module in self.code.project.naming(*words):
            # Of several imports of one name, in branches, any may be the one.
            brought = {each.local for each in module.all(Imported) if each.imported == name and self.code.project.find(module, import_of(each).module) is home}
            for node in (*module.all(Name), *module.all(Member)):
                if last_name(node) in words and self._whole(node, thing, ignored) and (last_name(node) in brought or self._is(node, thing)):
                    return True
            if any(_says(literal, name) and not any(each is thing for each in literal.up()) for literal in module.all(Literal)) or any(name in export.names for export in module.all(Export)):
                return True
            if any(_ends(entry.key, name) for entry in module.all(Entry) if entry.key):
                return True
        return any(f".{name}" in self.code.project.text_of(file) for file in self.code.project.files_named(*_TEXTS))

    def _is(self, node: Node, thing: Call | ClassDef | Function) -> bool:
        """Whether a name means the thing; one that cannot be followed may."""
        origin = self.code.origins.of(node)
        if origin.kind == "external":
            return "." in origin.qualified  # of a module that was not found, which may be this one
        if isinstance(thing, Call):
            return origin.kind in ("unknown", "param") or origin.site is thing or origin.node is thing
        return origin.kind in ("unknown", "param") or origin.node is thing or origin.cls is thing

    def _whole(self, node: Node, thing: Node, ignored: Collection[str]) -> bool:
        above = node.parent
        if isinstance(above, Member) and above.object is node:
            if isinstance(thing, Call):
                return False  # `router.get(...)`
            # `Consumer.as_asgi()`, `Cog.make(bot)`; `Model.field` of a class does no more than name it.
            return isinstance(above.parent, Call) and above.parent.callee is above
        if isinstance(above, Assign) and any(target is node for target in above.targets):
            return False
        if isinstance(above, Call) and above.callee is not node and last_name(above.callee) in (_LOOKS | set(ignored)):
            return False
        inside = any(each is thing for each in node.up()) and not isinstance(thing, Call)
        decorates = isinstance(above, (Function, ClassDef)) and node in above.decorators
        return not inside and not decorates


def _says(literal: Literal, name: str) -> bool:
    return isinstance(literal.value, str) and _ends(literal.value, name)


def _ends(text: str, name: str) -> bool:
    return text == name or text.endswith((f".{name}", f":{name}"))
