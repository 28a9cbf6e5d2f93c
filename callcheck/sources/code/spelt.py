"""How would a call read with its arguments written out, which stand under a name?

    AFTERCARE_DELAY = 6 * 60 * 60                                 options = { attempts: 5, removeOnComplete: true }
    text.apply_async(args, countdown=AFTERCARE_DELAY)             queue.add("mail", data, options)
    text.apply_async(args, countdown=6 * 60 * 60)                 queue.add("mail", data, { attempts: 5, removeOnComplete: true })
"""

from __future__ import annotations

import re
from typing import Any

from callcheck.sources.code.origins import Origins
from callcheck.sources.code.tree import Assign, Await, Call, Entry, Function, Imported, Member, Module, Name, Node
from callcheck.sources.code.wording import lines_of, names_in, readings

_LONGEST = 4_000
"""Characters of one argument that are looked at."""


def spelt_out(origins: Origins, call: Call) -> str:
    """The lines of a call with what its names stand for in their place; "" if nothing of them is known."""
    text = found = lines_of(call)
    for name in names_in(call):
        value = _value(origins, name)
        if value:
            written = rf"{re.escape(name.object.id)}\.{re.escape(name.name)}" if isinstance(name, Member) and isinstance(name.object, Name) else re.escape(getattr(name, "id", ""))
            key = isinstance(name.parent, Entry) and name.parent.computed is name
            if isinstance(name.parent, Entry) and name.parent.column == name.column and not key:
                value = f"{name.parent.key}: {value}"  # `{ hooks }`
            found = re.sub(rf"(?<![\w.]){written}(?![\w(]|\s*{'=' if key else '[=:]'})", lambda _, value=value: value, found)  # type: ignore[misc]
    return found if found != text else ""


def _value(origins: Origins, name: Node) -> str:
    """The source of what a name was given, where it was given something once."""
    bound = origins.binding_of(name) if isinstance(name, Name) else None
    if isinstance(bound, Function):
        return "\n".join(readings(bound)[-1:])[:_LONGEST] if not bound.decorators else ""
    assign = given_once(origins, name)
    if assign is None or assign.value is None or isinstance(assign.value, (Name, Call, Await)):
        return ""
    return lines_of(assign).partition("=")[2].strip().rstrip(";")[:_LONGEST]


def given_once(origins: Origins, name: Node) -> Assign | None:
    """The one assignment that gives a name its value: in its scope, or in the module that it is imported from."""
    project, there, wanted = origins.project, None, ""
    bound: Any = origins.binding_of(name)
    if isinstance(name, Member):
        held = origins.of(name.object).node
        there, wanted = (held, name.name) if isinstance(held, Module) else (None, "")
    if isinstance(bound, Imported):
        there, wanted = project.imported(bound), bound.imported
    if there is not None:
        found = project.exported(there, wanted)
        given = project.scope(found[0]).get(found[1], []) if found is not None and isinstance(found[1], str) else [found[1]] if found is not None else []
        bound = given[0] if len(given) == 1 and not isinstance(given[0], str) else None
    again = isinstance(name, Name) and there is None and any(len(project.scope(scope).get(name.id, ())) > 1 for scope in origins.scopes_of(name))
    return bound if isinstance(bound, Assign) and not again and not bound.operator else None
