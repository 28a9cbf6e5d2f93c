"""Does a receiver wait for the signals of a class of which only heirs are saved?

    @receiver(post_save, sender=Vehicle)      # class Truck(Vehicle)
    Truck(plate="B 12").save()                # sent with sender=Truck alone (django/db/models/base.py save_base)
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.heirs import below
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, ClassDef, Literal, Member, Name, Node

_SIGNALS = frozenset("pre_save post_save pre_delete post_delete pre_init post_init".split())
_WRITES = frozenset("create acreate get_or_create update_or_create bulk_create filter get all exclude first last aget afirst".split())


class Heirs:
    """Compares the senders of receivers of Django's model signals with the models that the project makes or queries."""

    name = "heirs"
    looks_at = Sight.SOURCE
    about = ("skips",)
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("register"):
            signal = _signal(use)
            sender = use.call.keyword("sender") if signal else None
            cls = code.origins.of(sender).cls if sender is not None and not is_test(use.module.path) else None
            if cls is None or (isinstance(sender, Name) and sender.id == "cls") or _saved(code, cls) is not None:
                # In a class method, `__init_subclass__` mostly, `cls` is each class that inherits.
                continue
            heirs = [(heir, place) for heir in below(code.origins, cls) if (place := _saved(code, heir)) is not None]
            if heirs and not any(_heard(code, use, heir) for heir, _ in heirs):
                heir, place = heirs[0]
                fact = EventNeverEmitted(clean(f"{signal} of {cls.name}", 80), clean(f"{signal} of {heir.name}", 80), use.framework.name, "python")
                yield seen(fact, use.call, self.name, (seen(fact, place, self.name, label=f"only {clean(heir.name, 40)} is made here, and it is the sender"),))


def _heard(code: Code, use: Use, heir: ClassDef) -> bool:
    """Whether the same receiver waits for the heir as well, by a second decorator or `connect()`."""
    handlers = {id(handler) for handler in code.idioms.handlers(use)}
    others = (each for each in code.idioms.of("register") if each is not use and _signal(each) == _signal(use))
    return any(
        code.origins.of(sender).cls is heir
        for each in others
        if (sender := each.call.keyword("sender")) is not None and handlers & {id(handler) for handler in code.idioms.handlers(each)}
    )


def _signal(use: Use) -> str:
    name = use.receiver.qualified.rsplit(".", 1)[-1] if use.framework.name == "django" and use.receiver.kind == "external" else ""
    return name if name in _SIGNALS else ""


def _saved(code: Code, cls: ClassDef) -> Node | None:
    """Where the project makes or queries objects of a model; an abstract one has none."""
    if _abstract(cls):
        return None
    for call in code.origins.calls_of(cls):
        if not is_test(module_of(call).path):
            return call
    for module in code.project.naming(cls.name):
        for node in module.all(Name) if not is_test(module.path) else ():
            above = node.parent
            if node.id == cls.name and isinstance(above, Member) and above.name in ("objects", "_default_manager") and code.origins.of(node).cls is cls:
                called = above.parent.parent if isinstance(above.parent, Member) else None
                if isinstance(called, Call) and isinstance(called.callee, Member) and called.callee.name in _WRITES:
                    return node
    return None


def _abstract(cls: ClassDef) -> bool:
    metas = [each for each in cls.body if isinstance(each, ClassDef) and each.name == "Meta"]
    said = [each for meta in metas for each in meta.body if isinstance(each, Assign)]
    return any(isinstance(target, Name) and target.id == "abstract" and isinstance(each.value, Literal) and each.value.value is True for each in said for target in each.targets)


PROBE = Heirs()
