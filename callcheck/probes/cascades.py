"""Does the database delete rows whose removal a listener waits for, without the library's hearing of it?

    @ManyToOne(() => Album, (album) => album.photos, { onDelete: "CASCADE" })      // on Photo
    class PhotoSubscriber { listenTo() { return Photo; } beforeRemove(event) { … } }
    await this.albums.remove(album);      // its photos go by the foreign key: nobody calls beforeRemove
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import OperationSilent
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.alike import words
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.repositories import rows_of
from callcheck.sources.code.scopes import enclosing, function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Function,
    Member,
    Name,
    Return,
    last_name,
)

_REMOVED = pattern(r"^(?:before|after)_?remove$", re.IGNORECASE)
_REMOVES = ("remove", "delete")
_STORES = frozenset({"repository", "repositories", "repo", "repos", "manager", "em", "entity", "data", "source", "this", "dao", "store", "model"})


class Cascades:
    """Lays the relations that cascade beside the listeners for removals, where the project removes what the rows belong to and not the rows."""

    name = "cascades"
    looks_at = Sight.SOURCE
    about = ("cascade",)
    answers = frozenset({OperationSilent})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        relations = [(use, rows) for use in code.idioms.of("cascade") if isinstance(rows := enclosing(use.call, ClassDef), ClassDef)]
        waiting = dict(_waiting(code)) if relations else {}
        for use, rows in relations:
            listener = waiting.get(rows.name)
            if listener is not None and not _for_owner(listener, _ends(use.call)[0]):
                yield from self._removed(code, use, rows, listener)

    def _removed(self, code: Code, use: Use, rows: ClassDef, listener: Function) -> Iterator[Evidence]:
        owner, many = _ends(use.call)
        for call in code.project.calls(*_REMOVES) if owner else ():
            text = module_of(call).text
            of_owner = re.search(rf"<{re.escape(owner)}>|\bgetRepository\(\s*{re.escape(owner)}\b|\b(?:remove|delete)\(\s*{re.escape(owner)}\b", text)
            if not of_owner or is_test(module_of(call).path) or not _owns(code, call, owner) or any(above is listener for above in call.up()) or _removed_beside(code, call, rows.name):
                continue
            if many and re.search(rf"\bremove\([^)]*\.{re.escape(many)}\b", text):
                return
            method = clean(getattr(call.callee, "name", "remove"), 60)
            fact = OperationSilent(clean(f"{rows.name}.remove", 80), method, use.framework.name, use.module.language)
            because = (
                seen(fact, use.call, self.name, label=f"the database deletes each {clean(rows.name, 40)} with its {clean(owner, 40)}"),
                seen(fact, listener, self.name, label="waits for a removal by the library"),
            )
            yield seen(fact, call, self.name, because)
            return


def _waiting(code: Code) -> Iterator[tuple[str, Function]]:
    """The classes whose removals are waited for: by a subscriber that names one, or by a decorated method of its own."""
    for module in code.project.naming("listenTo"):
        for cls in module.all(ClassDef):
            methods = {part.name: part for part in cls.body if isinstance(part, Function)}
            method = next((part for name, part in methods.items() if _REMOVED.match(name)), None)
            for leaves in methods["listenTo"].inside(Return) if "listenTo" in methods and method else ():
                if isinstance(leaves.value, Name) and method:
                    yield leaves.value.id, method
    for use in code.idioms.of("hook"):
        below = use.call.parent
        if "on-class" in use.idiom.traits and isinstance(below, Function) and _REMOVED.match(getattr(use.call.callee, "id", "")):
            if isinstance(around := enclosing(below, ClassDef), ClassDef):
                yield around.name, below


def _ends(relation: Call) -> tuple[str, str]:
    """The class that the rows belong to, and its field that lists them: `() => Album, (album) => album.photos`."""
    functions = [arg for arg in relation.args if isinstance(arg, Function)]
    given = [next((leaves.value for leaves in each.inside(Return)), None) for each in functions]
    owner = given[0].id if given and isinstance(given[0], Name) else ""
    return owner, given[1].name if len(given) > 1 and isinstance(given[1], Member) else ""


def _owns(code: Code, call: Call, owner: str) -> bool:
    """Whether a call removes an owner: by the repository that was asked for, by the name of that, or else by the name of what is removed: `this.albums.remove(album)`."""
    rows = rows_of(code, call)
    if rows:
        return rows == owner
    held = call.callee.object if isinstance(call.callee, Member) else call.callee
    named = [each for each in words(last_name(held)) if each not in _STORES]
    if named:
        return named == words(owner)
    names = [getattr(part, "name", "") or getattr(part, "id", "") for node in call.args[:1] for kind in (Name, Member) for part in node.inside(kind)]
    return any(owner.lower() in str(name).lower() for name in names)


def _removed_beside(code: Code, call: Call, rows: str) -> bool:
    """Whether the same function removes the rows themselves too, by the library."""
    function = function_of(call)
    others = (each for each in function.inside(Call) if each is not call and last_name(each.callee) == "remove") if function is not None else ()
    return any(_owns(code, each, rows) for each in others)


def _for_owner(listener: Function, owner: str) -> bool:
    """Whether what a listener does is done to the owner, which goes as well: `const album = await getRepository(Album).findOne(…)`."""
    return bool(owner) and any(name.id == owner for part in listener.body for name in part.inside(Name))


PROBE = Cascades()
