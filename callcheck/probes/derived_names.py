"""Is a method that is called by a name which the framework makes of a class or a field written by another name?

    class Board(Widget):
        class Picked(Message): ...                          # Textual calls on_board_picked()
    class Desk(App):
        def on_picked(self, message: Board.Picked): ...     # and nobody calls this

    BINDINGS = [("c", "clear", "Clear")]                    # Textual: action_clear()
    level = NumericProperty(0)                              # Kivy: on_level()

Sources: Textual 8.2.8, message.py __init_subclass__() and case.py (the last two parts of the class's name), message_pump.py _get_dispatch_methods() (`_` may
stand before it), reactive.py (watch_…, validate_…, compute_…); Kivy 2.3.1, properties.pyx (on_<name> of the property).
"""

from __future__ import annotations

import re
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
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Call,
    ClassDef,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Sequence,
    last_name,
)

_HUMP = pattern(r"([a-z])([A-Z])")
_OWN = frozenset(
    "callback cursor_position load idle action resize compose mount unmount show hide ready mouse_capture mouse_release input_event key mouse_event mouse_move mouse_down mouse_up mouse_scroll_down "
    "mouse_scroll_up mouse_scroll_right mouse_scroll_left click timer enter leave focus blur app_focus app_blur descendant_focus descendant_blur paste screen_resume screen_suspend print "
    "delivery_complete delivery_failed text_selected event exit".split()
)
"""Textual's own events, whose handlers have no class before their name."""
_REACTIVES = frozenset({"reactive", "var"})
_AS_WRITTEN = ("watch", "validate", "compute")
_ALIKE = 0.75
"""How much a name must look like one of the same class to be taken for a slip of it."""
_FEWEST = 4
"""Letters of the names that are compared by their looks."""


class DerivedNames:
    """Reads the messages and reactive fields of Textual's classes, and the properties of Kivy's."""

    name = "derived-names"
    looks_at = Sight.SOURCE
    marks = ("textual", "kivy")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._messages(code)
        yield from self._fields(code)

    def _messages(self, code: Code) -> Iterator[Evidence]:
        messages = list(_messages(code))
        called = {name for _, name in messages}
        words = {word for cls, _ in messages for word in (cls.name, f"on_{_snake(cls.name)}")}
        for module in code.project.naming("textual", *words):
            own = {name.local for statement in code.project.imports(module) if statement.module.partition(".")[0] == "textual" for name in statement.names}
            for method in module.all(Function) if module.language == "python" and not is_test(module.path) else ():
                found = _wanted(code, method, messages, own)
                if found is None or method.name.removeprefix("_") in called or _told(code, method):
                    continue
                name, made = found
                says = f"Textual makes the handler's name of the message's class and the one around it, so nobody calls {method.name}(); write {name}()"
                fact = LibraryTrap("event-name-mismatch", "strong", clean(says, 160), method.name, "textual", "python")
                yield seen(fact, method, self.name, (seen(fact, made, self.name, label="the message, whose handler has another name"),) if made is not None else ())

    def _fields(self, code: Code) -> Iterator[Evidence]:
        for module in code.project.naming("reactive", "BINDINGS", "NumericProperty", "StringProperty", "ObjectProperty", "BooleanProperty", "ListProperty"):
            for cls in module.all(ClassDef) if module.language == "python" and not is_test(module.path) else ():
                methods = {each.name: each for each in cls.body if isinstance(each, Function)}
                fields = {last_name(each.targets[0]): each for each in cls.body if isinstance(each, Assign) and each.targets and isinstance(each.value, Call)}
                for method, name in _slips(code, cls, methods, fields):
                    framework = "kivy" if method.name.startswith("on_") else "textual"
                    says = f"it is called by the name of the field, and there is none for {method.name}(); write {name}()"
                    fact = LibraryTrap("event-name-mismatch", "strong", clean(says, 160), method.name, framework, "python")
                    yield seen(fact, method, self.name)


def _messages(code: Code) -> Iterator[tuple[ClassDef, str]]:
    """The classes of messages, with the names by which their handlers are called."""
    for module in code.project.naming("Message"):
        for cls in module.all(ClassDef) if module.language == "python" else ():
            if any(base in ("textual.message.Message", "textual.events.Event") for base in code.origins.bases(cls)):
                around = enclosing(cls, ClassDef, Function)
                given = next((each.value for each in cls.keywords if each.name == "namespace"), None)
                if given is None:
                    yield cls, "on_" + "_".join(_snake(each.name) for each in ((around, cls) if isinstance(around, ClassDef) else (cls,)))
                elif isinstance(given, Literal):
                    yield cls, f"on_{given.value}_{_snake(cls.name)}"


def _snake(name: str) -> str:
    """As `textual/case.py` has it: `HTTPDone` gives httpdone."""
    return _HUMP.sub(lambda found: f"{found[1]}_{found[2].lower()}", name).lower()


def _wanted(code: Code, method: Function, messages: list[tuple[ClassDef, str]], own: set[str]) -> tuple[str, ClassDef | None] | None:
    """The name that a handler should have, and the class of its message where that is the project's; None if it has it, or is no handler."""
    cls = method.parent
    if not isinstance(cls, ClassDef) or not method.name.startswith(("on_", "_on_")) or len(method.params) != 2 or method.name.removeprefix("_").removeprefix("on_") in _OWN:
        return None
    if any(last_name(each.callee if isinstance(each, Call) else each) != "work" for each in method.decorators) or not any(base.startswith("textual.") for base in code.origins.bases(cls)):
        return None
    name, written = method.name.removeprefix("_"), method.params[1].annotation.strip("\"'")
    if not written:
        meant = [(made, wanted) for made, wanted in messages if name == f"on_{_snake(made.name)}" != wanted]
        return (meant[0][1], meant[0][0]) if len(meant) == 1 and not _handled(code, *meant[0]) else None
    outer, _, last = written.rpartition(".")
    if outer in own and last[:1].isupper():
        return (f"on_{_snake(outer)}_{_snake(last)}", None) if name == f"on_{_snake(last)}" else None
    meant = [(made, wanted) for made, wanted in messages if made.name == last and (not outer or isinstance(made.parent, ClassDef) and made.parent.name == outer.rpartition(".")[2])]
    return (meant[0][1], meant[0][0]) if len(meant) == 1 and meant[0][1] != name else None


def _handled(code: Code, made: ClassDef, wanted: str) -> bool:
    """Whether a message has a handler elsewhere: by its name, or by `@on(…)`."""
    if any(function.name in (wanted, f"_{wanted}") for module in code.project.naming(wanted, f"_{wanted}") for function in module.all(Function)):
        return True
    return any(call.args and last_name(call.args[0]) == made.name for call in code.project.calls("on"))


def _told(code: Code, method: Function) -> bool:
    """Whether anything else than its framework may call a method: its name is written once more, outside of other definitions."""
    return any(_names(module, method.name) for module in code.project.naming(method.name))


def _names(module: Module, name: str) -> bool:
    return any(each.name == name for each in module.all(Member)) or any(each.id == name for each in module.all(Name)) or any(each.value == name for each in module.all(Literal))


def _slips(code: Code, cls: ClassDef, methods: dict[str, Function], fields: dict[str, Assign]) -> Iterator[tuple[Function, str]]:
    """The methods whose names look like those that fields, or bindings, of the same class would call, with the latter."""
    bases = code.origins.bases(cls)
    if any(base.startswith("textual.") for base in bases):
        reactives = [name for name, field in fields.items() if isinstance(field.value, Call) and last_name(field.value.callee) in _REACTIVES]
        for kind in _AS_WRITTEN:
            yield from _near(code, methods, reactives, kind)
        bound = _bound(cls)
        yield from _near(code, {name: each for name, each in methods.items() if name.removeprefix("action_") not in bound}, bound, "action", methods)
    elif any(base.startswith("kivy") for base in bases):
        properties = [name for name, field in fields.items() if isinstance(field.value, Call) and re.fullmatch(r"[A-Z]\w*Property", last_name(field.value.callee))]
        yield from _near(code, methods, properties, "on")


def _near(code: Code, methods: dict[str, Function], names: list[str], kind: str, there: dict[str, Function] | None = None) -> Iterator[tuple[Function, str]]:
    import difflib

    free = [name for name in names if len(name) >= _FEWEST and not {f"{kind}_{name}", f"_{kind}_{name}"} & (there or methods).keys()]
    for name, method in methods.items():
        of = name.removeprefix(f"{kind}_")
        near = difflib.get_close_matches(of, free, 1, _ALIKE) if name.startswith(f"{kind}_") and of not in names else ()
        if near and not _told(code, method):
            yield method, f"{kind}_{near[0]}"


def _bound(cls: ClassDef) -> list[str]:
    """The actions that the bindings of a class name, of its own: `("c", "clear", "Clear")`, `Binding("c", "clear('all')")`."""
    found: list[str] = []
    for field in cls.body:
        if isinstance(field, Assign) and any(last_name(target) == "BINDINGS" for target in field.targets) and isinstance(field.value, Sequence):
            for item in field.value.items:
                parts = item.items if isinstance(item, Sequence) else item.args if isinstance(item, Call) else []
                if len(parts) > 1 and isinstance(parts[1], Literal) and isinstance(parts[1].value, str):
                    found += [each.partition("(")[0] for each in parts[1].value.split(",") if "." not in each]
    return found


PROBE = DerivedNames()
