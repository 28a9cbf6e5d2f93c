"""Which class of a data model is given by its name, and by which fields does one lead to the objects of another: `loan.exhibits`, `order.line_set`?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.tree import Assign, Call, ClassDef, Literal, Name, Node, last_name


def lead_to(code: Code, cls: ClassDef) -> frozenset[str]:
    """The names under which other objects hold many of a class: its fields elsewhere, and the ways back from its own (`related_name`, or `<class>_set`)."""
    return frozenset(name for use in code.idioms.of("relate") for name in _names(code, use, cls))


def _names(code: Code, use: Use, cls: ClassDef) -> Iterator[str]:
    field, owner = use.call.parent, enclosing(use.call, ClassDef)
    if not isinstance(field, Assign) or not isinstance(owner, ClassDef):
        return
    if "many" in use.idiom.traits and any(_is(code, node, cls) for node in code.idioms.placed(use.call, use.idiom.event)):
        yield from (target.id for target in field.targets if isinstance(target, Name))
    if owner is cls:
        back = code.idioms.text(next(iter(code.idioms.placed(use.call, use.idiom.scope)), None))
        yield back or f"{cls.name.lower()}_set"


def _is(code: Code, node: Node, cls: ClassDef) -> bool:
    """Whether a class is given, as itself or by its name (`"Exhibit"`, `"collection.Exhibit"`)."""
    if isinstance(node, Literal):
        return str(node.value).rsplit(".", 1)[-1] == cls.name
    return code.origins.of(node).cls is cls


def class_given(code: Code, node: Node) -> ClassDef | None:
    """The class of the project that is given, as itself, by its name (`"collection.Exhibit"`), or by an app's registry (`apps.get_model("collection", "Exhibit")`)."""
    origin = code.origins.of(node)
    if origin.kind == "class":
        return origin.cls
    told = node.args[-1] if isinstance(node, Call) and last_name(node.callee) == "get_model" and node.args else node
    name = code.idioms.text(told).rsplit(".", 1)[-1] if isinstance(told, Literal) else ""
    found = [cls for module in code.project.naming(name) for cls in module.all(ClassDef) if cls.name == name] if name.isidentifier() else []
    return found[0] if len(found) == 1 else None
