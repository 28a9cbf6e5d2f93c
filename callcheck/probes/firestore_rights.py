"""Do Firestore's security rules let clients read what they listen to?

    match /orders/{id} { allow get: if request.auth != null; }          # one document, and no list
    onSnapshot(collection(db, "orders"), show)                           // permission-denied, and show is never called

Source: firebase.google.com/docs/firestore/security/rules-structure (`list` for queries and collections, `get` for documents).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.firestore_heard import heard
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.firestore_rules import firestore_rules

_WHY = "no rule lets a client {} {}, so Firestore refuses the listener (permission-denied) and its callback is never called; allow {} for it"


class FirestoreRights:
    """Silent where there are several files of rules, or a condition decides."""

    name = "firestore-rights"
    looks_at = ("*firestore*.rules",)
    marks = ("match",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no rules of Firestore"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        rules = firestore_rules(eyes)
        told: set[tuple[str, ...]] = set()
        for each in heard(eyes.code) if rules else ():
            about = [rule for rule in rules or () if rule.fits(each.path)]
            if any(each.does in rule.does for rule in about) or each.path in told:
                continue
            told.add(each.path)
            path = clean("/".join(each.path[:-1] if each.does == "list" else each.path), 60)
            fact = LibraryTrap("upstream-auth", "strong", _WHY.format(each.does, path, each.does), path, "firestore", module_of(each.call).language)
            there = (about or rules or [])[0]
            beside = Evidence(fact, Basis.DECLARED, self.name, there.where, label="this is all that is allowed of it" if about else "these are the rules")
            yield seen(fact, each.call, self.name, (beside,))


PROBE = FirestoreRights()
