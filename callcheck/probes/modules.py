"""Which classes with handlers does a container never make, because no module lists them?

    @Module({ providers: [OrdersService] })   // OrderListener, with its @OnEvent method, stands in no list
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ReceiverMissing
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.heirs import right_below
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Member, Name, Node, last_name


class Modules:
    """Follows a container's module tree from the class that it is started with; silent where modules are computed."""

    name = "modules"
    looks_at = Sight.SOURCE
    about = ("boot",)
    answers = frozenset({ReceiverMissing})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        boots = list(code.idioms.of("boot"))
        roots = [cls for use in boots for node in code.idioms.placed(use.call, use.idiom.handler) if (cls := code.origins.of(node).cls) is not None]
        if not boots or len(roots) < len(boots):
            return
        reached = _reached(code, roots)
        modules = [u for u in code.idioms.of("module") if isinstance(_class_of(u), ClassDef)]
        told: set[int] = set()
        for use in code.idioms.uses:
            listed = use.idiom.does == "listed" or "listed" in use.idiom.traits or (use.idiom.does in ("discovered", "joins-list") and _adds_itself(use))
            cls = _class_of(use) if listed else None
            if cls is None or id(cls) in reached or id(cls) in told or any(True for _ in right_below(code.origins, cls)):
                continue
            told.add(id(cls))
            fact = ReceiverMissing(clean(cls.name, 80), "not-listed", use.framework.name, use.module.language)
            near = sorted(modules, key=lambda m: (-_shared(m.module.path, use.module.path), m.module.path))[:1]
            yield seen(fact, use.call, self.name, (seen(fact, cls, self.name), *(seen(fact, m.call, self.name, label=f"no list of the module tree names {clean(cls.name, 40)}") for m in near)))


def _class_of(use: Use) -> ClassDef | None:
    below = use.call.parent
    if isinstance(below, ClassDef):
        return below
    found = enclosing(use.call, ClassDef)
    return found if isinstance(found, ClassDef) else None


def _adds_itself(use: Use) -> bool:
    """Whether a class is made by the container and then makes itself known: `dataSource.subscribers.push(this)`."""
    cls = _class_of(use)
    return cls is not None and any(last_name(call.callee) == "push" and any(last_name(arg) == "this" for arg in call.args) for call in cls.inside(Call))


def _reached(code: Code, roots: list[ClassDef]) -> set[int]:
    """Every class that is named in the lists of the modules below the roots, by whatever way it gets there."""
    reached: set[int] = set()
    waiting: list[Node] = list(roots)
    while waiting:
        node = waiting.pop()
        if id(node) in reached:
            continue
        reached.add(id(node))
        inside: list[Node] = [*node.decorators, *node.body] if isinstance(node, ClassDef) else [node]
        for part in inside:
            for name in [*part.inside(Name), *part.inside(Member)]:
                origin = code.origins.of(name)
                found = origin.cls if origin.kind == "class" else origin.node if origin.kind in ("value", "function") else None
                if found is not None and id(found) not in reached:
                    waiting.append(found)
    return reached


def _shared(one: str, other: str) -> int:
    """How many folders two paths have in common."""
    count = 0
    for a, b in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if a != b:
            break
        count += 1
    return count


PROBE = Modules()
