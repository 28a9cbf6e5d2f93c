"""Are handlers attached to something that is given to nobody: a router without an application, a class that nobody makes, a function in no list?

    pay = Router()                                # aiogram
    @pay.pre_checkout_query() ...                 # and no dp.include_router(pay), while other routers are included

    def attach(socketio):                         # and nothing calls attach()
        @socketio.on("answer") ...
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
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import Imports, is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.standing import Standing
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Module, Name, Node

_PLUGINS = frozenset({"setup", "includeme", "init_app", "load_ipython_extension", "register_plugin", "plugin"})
"""Functions that others look for by their name."""


class Unmounted:
    """Looks at the `part` idioms: what hears only once it is given to a call of the names in `says`, of which there is one."""

    name = "unmounted"
    looks_at = Sight.SOURCE
    about = ("part", "in python")
    answers = frozenset({ReceiverMissing})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._uncalled(code)
        parts = [use for use in code.idioms.of("part") if not is_test(use.module.path)]
        if not parts or Imports(code.project, code.origins).dynamic:
            return
        from callcheck.sources.code.mentions import Mentions

        mentions, standing = Mentions(code), Standing(code)
        told: set[int] = set()
        for use in parts:
            part = _part(code, use)
            if part is None or id(part) in told or not _hears(code, use, part) or not _others(code, use) or not standing.stands(use):
                continue
            if not mentions.given(part, _name(use, part), frozenset(use.idiom.absent)):
                told.add(id(part))
                fact = ReceiverMissing(clean(_name(use, part), 80) or "it", "not-mounted", use.framework.name, use.module.language)
                yield seen(fact, part if isinstance(part, Call) else use.call, self.name)

    def _uncalled(self, code: Code) -> Iterator[Evidence]:
        """A function of Python that attaches handlers to the object it is given, one that the project makes, and that nothing calls or hands on."""
        taking = [function for module in code.project.chosen.values() if module.language == "python" and not is_test(module.path) for function in module.all(Function) if _attaches(function)]
        if not taking or Imports(code.project, code.origins).dynamic:
            return
        from callcheck.sources.code.mentions import Mentions

        mentions = Mentions(code)
        for function in taking:
            name = function.params[0].name
            given = (a.value for module in code.project.naming(name) for a in module.all(Assign) if any(isinstance(t, Name) and t.id == name for t in a.targets))
            made = [value for value in given if isinstance(value, Call) and code.idioms.kinds(code.origins.of(value))]
            called = any(call for call in code.project.calls(function.name) if not function.at <= call.at < function.end or module_of(call) is not module_of(function))
            if made and not called and not mentions.given(function, function.name):
                fact = ReceiverMissing(clean(function.name, 80), "not-called", "", "python")
                yield seen(fact, function, self.name, (seen(fact, made[0], self.name, label="it is never handed this object"),))


def _attaches(function: Function) -> bool:
    """Whether a function of a module decorates others with what its first parameter has: `@app.callback(…)`."""
    if not isinstance(function.parent, Module) or function.decorators or len(function.params) != 1 or function.name.startswith("_") or function.name in _PLUGINS:
        return False
    inner = [each for each in function.body if isinstance(each, Function)]
    roots = (d.callee if isinstance(d, Call) else d for each in inner for d in each.decorators)
    return any(isinstance(root, Member) and isinstance(root.object, Name) and root.object.id == function.params[0].name for root in roots)


def _part(code: Code, use: Use) -> Call | ClassDef | Function | None:
    """What must be given to somebody: what the call makes, or the class or function that it stands at."""
    above = use.call.parent
    if use.idiom.defines:
        cls = above.parent if isinstance(above, Function) else above
        return cls if isinstance(cls, ClassDef) else None
    if use.idiom.handler == "decorated":
        below = next((each for each in code.idioms.handlers(use) if isinstance(each, (Function, ClassDef))), None)
        return below
    made = use.call
    return made if function_of(made) is None and isinstance(made.parent, Assign) or _for_a_name(made) else None


def _for_a_name(made: Call) -> bool:
    held = made.parent
    return isinstance(held, Assign) and len(held.targets) == 1 and isinstance(held.targets[0], (Name, Member))


def _name(use: Use, part: Call | ClassDef | Function) -> str:
    if not isinstance(part, Call):
        return part.name
    target = part.parent.targets[0] if isinstance(part.parent, Assign) else None
    return target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""


def _hears(code: Code, use: Use, part: Node) -> bool:
    """Whether anything is attached to an object; a class, a function or a made handler is itself what hears."""
    if not isinstance(part, Call) or "handler" in use.idiom.traits:
        return True
    identity = code.lifetimes.identity(code.origins.of(part))
    return bool(identity) and any(
        each.call is not part and code.lifetimes.identity(each.receiver) == identity for each in code.idioms.of("serve", "register", "want", "choice", "hook")
    )


def _others(code: Code, use: Use) -> bool:
    """Whether the project gives others of the kind to somebody: one that never does may be a library."""
    return any(True for _ in code.project.calls(*use.idiom.says.split("|"))) if use.idiom.says else True


PROBE = Unmounted()
