"""Is a method used on the very object that a call acts on, or makes?

    client = Client("broker")        .subscribe: client.subscribe("a/#"), also where it is handed on, kept or given back under another name
    other.subscribe("b/#")           another client, another class: that says nothing of the first one
"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.model.aside import is_only_test
from callcheck.sources.code import Code
from callcheck.sources.code.heirs import extends
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origin import Origin
from callcheck.sources.code.scopes import target_names
from callcheck.sources.code.tree import Call, Loop, Member, Node, Sequence, Spread, last_name
from callcheck.sources.code.whose import HOLDERS, Whose, is_value
from callcheck.sources.code.wording import readings, stands_in

_ELSE = frozenset({"external", "module", "value", "function", "class"})
"""Kinds of what is no object that a library's call makes."""


def on_own(code: Code, use: Use, names: str, text: str) -> bool:
    """Whether a method of these names is called, or handed on, that is one of the object that a use acts on, or makes, or of a part of it; also where
    that may be, and cannot be told. `text`: a pattern of the call, or ""."""
    wanted = frozenset(names.split("|"))
    own = _own(code, use)
    for module in code.project.naming(*wanted):
        if is_only_test(module.path) and not is_only_test(use.module.path):
            continue
        for node in (each for each in module.all(Member) if each.name in wanted and each is not use.call.callee):
            if (not text or any(stands_in(use.idiom, text, each) for each in readings(node.parent or node))) and _may_be(code, use, own, node.object):
                return True
    return False


def handed_own(code: Code, use: Use, calls: Iterable[Call]) -> bool:
    """Whether one of these calls is handed what a call makes, by itself or in a list, or something of which that cannot be told."""
    own = _own(code, use)
    return any(_holds(code, own, each) for call in calls for each in (*call.args, *(keyword.value for keyword in call.keywords)))


def _holds(code: Code, own: list[Origin], node: Node) -> bool:
    """Whether what a call is handed may be one of these objects, or have it among others; what is made elsewhere by a call of its own is none."""
    node = node.value if isinstance(node, Spread) else node
    if any(isinstance(above, Loop) and above.target is not None and last_name(node) in target_names(above.target) for above in node.up()):
        return True
    origin = code.origins.of(node)
    held = node if isinstance(node, Sequence) else origin.node
    if isinstance(held, Sequence):
        return any(_holds(code, own, each) for each in held.items)
    if any(origin.node is each.node is not None for each in own):
        return True
    made_elsewhere = isinstance(origin.node, Call) and origin.base is None and last_name(origin.node.callee)[:1].isupper()
    return not (origin.kind in _ELSE or (origin.kind == "made" and made_elsewhere))


def _own(code: Code, use: Use) -> list[Origin]:
    """What a call acts on, and what it makes."""
    return [each for each in (use.receiver, code.origins.of(use.call)) if each.kind not in ("external", "module", "unknown")]


def _may_be(code: Code, use: Use, own: list[Origin], node: Node) -> bool:
    """Whether an expression is one of these objects or a part of it, or may be."""
    on = code.origins.of(node)
    other, known = code.lifetimes.identity(on), {code.lifetimes.identity(each) for each in own} - {""}
    if any(on.node is each.node is not None or on.cls is each.cls is not None for each in own) or any(f"{other}.".startswith(f"{each}.") for each in known):
        return True
    classes = [each.cls for each in own if each.kind == "class" and each.cls is not None]
    if on.cls is not None and classes:
        return any(extends(code.origins, on.cls, cls) or extends(code.origins, cls, on.cls) for cls in classes)
    if (other and known and (use.receiver.kind == "part" or not _out_of(on))) or _is_else(on):
        return False
    return code.once(Whose).in_hand(use, node)


def _is_else(on: Origin) -> bool:
    """Whether it is no object that a library's call makes: a literal, a function, something of a package."""
    return on.kind in _ELSE and not _out_of(on) and (on.kind != "value" or is_value(on))


def _out_of(on: Origin) -> bool:
    """Whether an object is got out of something of the project, which may have, or give, any object: `self.consumers[topic]`, `window.feed`."""
    if on.kind == "external":
        return on.qualified.split(".")[0] in HOLDERS
    root = on.root
    return root is not on and (root.cls is not None or root.kind in ("self", "param", "value", "unknown"))
