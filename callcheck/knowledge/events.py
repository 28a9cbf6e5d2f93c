"""Which events does an object of a library really emit?

    package: redis
    language: javascript
    checked: "redis 5.12"
    objects:
      - of: [redis.createClient]
        emits:
          - {names: [connect, ready, end, error, reconnecting]}
          - {names: [message, pmessage], versions: "<4"}
        sample: "...code that listens to a name that is never emitted..."
        not_sample: "...code that must not be named..."

Only closed sets stand here: objects on which a program cannot be told from the library are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from callcheck.knowledge.read_yaml import read_yaml
from callcheck.model.errors import RuleError
from callcheck.model.events import HOOKS, ITEMS, LISTENER, METHODS, NAMED, OPTIONS, Emits, Emitter
from callcheck.model.versions import comparators

JUDGES = ("all", "alike", "former")
LISTENS = ("on", "once", "addListener", "prependListener", "prependOnceListener")


def load(folders: Iterable[Path]) -> tuple[Emitter, ...]:
    """Every emitter below `<folder>/events`, a later folder's file replacing one of the same name. Raises RuleError."""
    found: dict[str, tuple[Emitter, ...]] = {}
    for folder in folders:
        for path in sorted((folder / "events").glob("*.y*ml")):
            found[path.stem] = read(path)
    return tuple(emitter for each in found.values() for emitter in each)


def read(path: Path) -> tuple[Emitter, ...]:
    """One file. Raises RuleError."""
    data = read_yaml(path)
    try:
        return tuple(_emitter(item, data, path) for item in data["objects"])
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise RuleError(f"no table of events: {error}", str(path)) from error


def _emitter(item: dict[str, Any], data: dict[str, Any], path: Path) -> Emitter:
    form = str(item.get("form", LISTENER))
    if form not in (LISTENER, NAMED, METHODS, OPTIONS, ITEMS, HOOKS):
        raise ValueError(f"`form` is {form}, not {LISTENER}, {NAMED}, {METHODS}, {OPTIONS}, {ITEMS} or {HOOKS}")
    if (form == ITEMS) is not bool(item.get("field")):
        raise ValueError(f"`field` goes with the form {ITEMS}, which needs it")
    judge = str(item.get("judge", "alike" if form in (NAMED, METHODS) else "all"))
    if judge not in JUDGES:
        raise ValueError(f"`judge` is {judge}, not one of {', '.join(JUDGES)}")
    emits = tuple(Emits(tuple(map(str, each["names"])), str(each.get("versions", ""))) for each in item["emits"])
    for each in emits:
        if each.versions:
            comparators(each.versions)
    always = Emits(tuple(map(str, data.get("always", ()))))
    return Emitter(
        package=str(data["package"]),
        language=str(data["language"]),
        of=tuple(map(str, item["of"])),
        form=form,
        emits=(*emits, always) if form == LISTENER else emits,
        prefix=str(item.get("prefix", "")),
        listens=tuple(map(str, item.get("listens", LISTENS))),
        judge=judge,
        hint=str(item.get("hint", "")),
        own=tuple(map(str, item.get("own", ()))),
        away=bool(item.get("away", False)),
        field=str(item.get("field", "")),
        handed=tuple(map(str, item.get("handed", ()))),
        single=bool(item.get("single", False)),
        under=str(item.get("under", "")),
        files=str(item.get("files", "")),
        sample=str(item.get("sample", "")),
        not_sample=str(item.get("not_sample", "")),
        checked=str(data.get("checked", "")),
        origin=str(path),
    )
