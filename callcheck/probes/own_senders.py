"""Does a receiver of one of Django's own signals wait for a sender that this signal never has?

    @receiver(m2m_changed, sender=Sailing)          # it is sent by Sailing.crew.through, the table between the two models
    @receiver(post_save, sender=SailingForm)        # by models alone, and by the concrete ones of these
    @receiver(post_migrate, sender=RosterConfig)    # by the AppConfig object, and not its class
    @receiver(user_logged_in, sender=settings.AUTH_USER_MODEL)     # a text; only signals of models look up the model behind one

Read in Django 5.1.4: dispatch/dispatcher.py (_make_id: by identity), db/models/signals.py (ModelSignal._lazy_method), db/models/base.py (save_base: no signal of what
Django made itself), db/models/fields/related_descriptors.py (sender=self.through), core/management/sql.py, contrib/auth/__init__.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.relations import class_given
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    ClassDef,
    Literal,
    Member,
    Name,
    Node,
    last_name,
)

_OF_MODELS = frozenset({"pre_save", "post_save", "pre_delete", "post_delete", "pre_init", "post_init"})
_OF_APPS = frozenset({"pre_migrate", "post_migrate"})
_OF_USERS = frozenset({"user_logged_in", "user_logged_out"})
_NO_MODEL = pattern(r"^(?:django\.(?:forms|contrib\.admin|apps|views)|rest_framework)\.")
_WHO = {
    "table": "m2m_changed is sent by the table between the two models, and never by {0}; give {1}.through as the sender",
    "made": "a table that Django makes itself sends no {2}; listen to m2m_changed of {0}, or write the model of the table and give through=",
    "none": "{2} is sent by models, and {0} is none, so the receiver is never called; give the model as the sender",
    "abstract": "signals of a model are sent by the concrete class, so a receiver for the abstract {0} is never called; leave sender out and look at the class",
    "object": "{2} is sent by the AppConfig object, and {0} is its class, so the two never match; connect in ready() with sender=self",
    "text": "{2} is sent by the class of the user, and a text is never looked up for this signal; give get_user_model() as the sender",
}
"""What is never a sender, and who is instead."""


class OwnSenders:
    """Judges senders that are classes of the project, fields of these, or texts."""

    name = "own-senders"
    looks_at = Sight.SOURCE
    about = ("django",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for use in eyes.code.idioms.of("register"):
            sender = use.call.keyword("sender") if use.framework.name == "django" and not is_test(use.module.path) else None
            signal = use.receiver.qualified.rpartition(".")[2] if use.receiver.qualified.startswith("django.") else ""
            why = self._why(eyes.code, signal, sender) if sender is not None else ""
            if why and sender is not None:
                fact = LibraryTrap("event-name-mismatch", "strong", clean(why, 160), clean(signal, 60), "django", use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, sender, self.name, label="never sent by this"),) if sender.line != use.call.line else ())

    def _why(self, code: Code, signal: str, sender: Node) -> str:
        """Why a signal never comes from a sender; "" if it may."""
        if signal in _OF_USERS:
            return _said("text", "", "", signal) if isinstance(sender, Literal) and isinstance(sender.value, str) or last_name(sender) == "AUTH_USER_MODEL" else ""
        if isinstance(sender, Member) and sender.name == "through" and signal in _OF_MODELS:
            field = _field(code, sender.object)
            return _said("made", f"{last_name(_owner(sender))}.{last_name(sender.object)}", "", signal) if field and not field[1] else ""
        cls = _class(code, sender)
        if cls is None:
            return ""
        if signal in _OF_APPS:
            return _said("object", cls.name, "", signal) if "django.app-config" in code.idioms.kinds(code.origins.of(sender)) else ""
        if signal in _OF_MODELS and any(_NO_MODEL.match(base) for base in code.origins.bases(cls)):
            return _said("none", cls.name, "", signal)
        if signal in _OF_MODELS and _abstract(cls):
            return _said("abstract", cls.name, "", signal)
        if signal == "m2m_changed" and not _between(code, cls):
            return _said("table", cls.name, f"{cls.name}.{next(iter(_many(cls)), '<field>')}", signal)
        return ""


def _said(what: str, name: str, field: str, signal: str) -> str:
    return _WHO[what].format(name, field, signal)


def _class(code: Code, sender: Node) -> ClassDef | None:
    """The class of the project that is given as it is, or by the name of a model."""
    if isinstance(sender, (Name, Member)) and code.origins.of(sender).kind != "class":
        return None
    return class_given(code, sender)


def _owner(through: Member) -> Node:
    return through.object.object if isinstance(through.object, Member) else through.object


def _field(code: Code, node: Node) -> tuple[str, bool] | None:
    """The field of a model, and whether its table is written by hand; None for what is not seen."""
    cls = code.origins.of(node.object).cls if isinstance(node, Member) else None
    found = _many(cls) if cls is not None else {}
    return (node.name, found[node.name]) if isinstance(node, Member) and node.name in found else None


def _many(cls: ClassDef) -> dict[str, bool]:
    """The fields of a class that lead to many of another, and whether `through=` is given."""
    found = {}
    for each in cls.body:
        made = each.value if isinstance(each, Assign) else None
        if made is not None and last_name(getattr(made, "callee", made)) == "ManyToManyField" and isinstance(each, Assign):
            found.update({target.id: made.keyword("through") is not None for target in each.targets if isinstance(target, Name)})  # type: ignore[attr-defined]
    return found


def _between(code: Code, cls: ClassDef) -> bool:
    """Whether a class is written as the table between two models, for a field of whatever kind: `tags = TaggableManager(through=Label)`."""
    given = pattern(rf"\bthrough\s*=\s*[\"']?[\w.]*\b{cls.name}\b")
    return any(given.search(module.text) for module in code.project.naming("through") if cls.name in module.text)


def _abstract(cls: ClassDef) -> bool:
    meta = next((each for each in cls.body if isinstance(each, ClassDef) and each.name == "Meta"), None)
    return meta is not None and any(isinstance(each, Assign) and isinstance(each.value, Literal) and each.value.value is True and any(last_name(t) == "abstract" for t in each.targets) for each in meta.body)


PROBE = OwnSenders()
