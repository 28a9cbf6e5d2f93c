"""What becomes, elsewhere in the sources, of what a call makes or throws?

    serve({ client, functions: [remind] })             a list that what it makes is in, or is left out of
    app.use("/hooks", middleware)                      a path that what it makes is mounted under
    try { return ask(state); } catch (e) { … }         a caller that takes its errors and keeps them
    asyncio.run(main())                                a loop that ends with what stands above the call
    const s = await load(); api.on(f);                 a wait that is over when the call comes
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.anchors import RUNS_LOOP
from callcheck.sources.code.entered import left_unread
from callcheck.sources.code.frozen import frozen_by
from callcheck.sources.code.kept_as import name_of
from callcheck.sources.code.meant import meant
from callcheck.sources.code.renders import split_by_rendering
from callcheck.sources.code.run_dry import runs_dry
from callcheck.sources.code.said import handler_texts
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tops import Tops
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Entry,
    Function,
    Member,
    Name,
    Node,
    Object,
    Raise,
    Sequence,
    Try,
    dotted,
    last_name,
)
from callcheck.sources.code.wording import stands_in

if TYPE_CHECKING:
    from callcheck.sources.code import Code
    from callcheck.sources.code.idioms import Use

_MOUNTS = ("use", "post", "all", "get", "register", "mount")
_DEEPEST = 3
_CALL_BACK = frozenset({"then", "catch", "finally", "get", "getAll", "query", "set", "setTimeout", "setImmediate", "queueMicrotask", "nextTick"})
"""Calls that call what they are given when something is there, and have returned by then."""
_LASTS = pattern(
    r"sleep\(|wait\w*\(|serve\w*\(|\bwhile\b|Event\(|[Ff]uture\(|gather|async for|\bidle\(|\byield\b|\.run\(|run_\w+\(|input\(|TaskGroup|task_group|join\(|polling|fetch|next_msg|\biterator\("
)
"""What keeps an async function going, or may."""



def fits(code: Code, use: Use) -> bool:
    """Whether what becomes of a call is as `where` of its idiom wants it, by the words that `Idiom.where` tells of."""
    where = use.idiom.where
    if "unread" in where and _unread(code, use) is not where["unread"]:
        return False
    if {"unheld", "waits"} & where.keys() and not _left_to_weak(code, use):
        return False
    if "lost-after" in where and not _lost_after(code, use):
        return False
    if "runs-out" in where and (use.function is not None and _runs_out(code, use.function, 0)) is not where["runs-out"]:
        return False
    if "after" in where and not _comes_after(code, use):
        return False
    if "nested" in where and not _holds_graph(code, use):
        return False
    if "listed-with" in where and not _listed_with(code, use, where["listed-with"]):
        return False
    if "late" in where and _late(code, use.call, 0) is not where["late"]:
        return False
    if "at-load" in where and _at_load(code, use) is not where["at-load"]:
        return False
    if where.get("reached") and (use.function is None or not any(True for _ in code.project.calls(name_of(use.function)))):
        return False
    if "caught" in where and _caught(code, use.call, 0) is not where["caught"]:
        return False
    if "behind-lacks" in where and any(stands_in(use.idiom, where["behind-lacks"], text) for node in _behind(code, use.call) for text in handler_texts(code, node)):
        return False
    if "ahead" in where and not any(stands_in(use.idiom, where["ahead"], text) for node in _ahead(code, use.call) for text in handler_texts(code, node)):
        return False
    if "split-by-rendering" in where and split_by_rendering(use.call) is not where["split-by-rendering"]:
        return False
    if "meant" in where and not meant(code, use):
        return False
    if "pinned" in where and _pinned(code, use) is not where["pinned"]:
        return False
    if "unlisted" in where and _listed(code, use.call, *where["unlisted"]) is not False:
        return False
    if "frozen-without" in where and not frozen_by(code, use):
        return False
    if "left-unread" in where and left_unread(use.call) is not where["left-unread"]:
        return False
    if "runs-dry" in where and runs_dry(code, use) is not where["runs-dry"]:
        return False
    return "mounted" not in where or any(re.search(where["mounted"], path) for path in _mounted(code, use.call))


def _unread(code: Code, use: Use) -> bool:
    from callcheck.sources.code.unread import unread

    return unread(code, use)


def _comes_after(code: Code, use: Use) -> bool:
    from callcheck.sources.code.taken_before import taken_before

    return taken_before(code, use) is not None


def _holds_graph(code: Code, use: Use) -> bool:
    from callcheck.sources.code.nested_graphs import nested

    return bool(nested(code, use, use.idiom.where["nested"] == "read"))


def _left_to_weak(code: Code, use: Use) -> bool:
    """Whether it is as asked that nobody holds what a call makes, or what it waits for."""
    from callcheck.sources.code.unheld import unheld, waits_on_weak

    where = use.idiom.where
    if "unheld" in where and unheld(code, use.call) is not where["unheld"]:
        return False
    return where.get("waits") != "weak" or waits_on_weak(code, use)


def _lost_after(code: Code, use: Use) -> bool:
    from callcheck.sources.code.let_go import lost_after

    return lost_after(code, use.call, str(use.idiom.where["lost-after"]))


def _at_load(code: Code, use: Use) -> bool:
    """Whether the call, or another of its idiom, is made as the files are loaded: outside of all functions, or in one that such a line calls, at last."""
    uses = (use, *(each for each in code.idioms.of(use.idiom.does) if each.idiom is use.idiom))
    tops = (top for each in uses for top in code.once(Tops).of(each.call))
    return any(code.lifetimes.role(top) == "startup" if isinstance(top, Function) else function_of(top) is None for top in tops)


def _late(code: Code, call: Call, depth: int) -> bool:
    """Whether something was waited for before a call comes, in its own function or in all that lead to it; what its handler waits for is later."""
    function = function_of(call)
    whole = function.inside(Await) if function is not None else module_of(call).all(Await)
    if any(each.end <= call.at and function_of(each) is function for each in whole):
        return True
    if function is None or depth > _DEEPEST:
        return False
    above = function.parent
    if isinstance(above, Call):
        return _late(code, above, depth + 1) if above.callee is function else last_name(above.callee) in _CALL_BACK
    calls = code.origins.calls_of(function)
    return bool(calls) and all(function_of(each) is not function and _late(code, each, depth + 1) for each in calls)


def _behind(code: Code, made: Call) -> list[Function]:
    """The functions that stand behind what a call makes, in the call that it is handed to, or in those of the same name and object below."""
    outer = made.parent
    if not isinstance(outer, Call) or made is outer.callee:
        return []
    later = [arg for arg in outer.args if arg.at > made.at]
    if last_name(outer.callee) == "use":
        later += [arg for call in module_of(made).calls("use") if call.at > outer.at and dotted(call.callee) == dotted(outer.callee) for arg in call.args]
    origins = (code.origins.of(arg).node if not isinstance(arg, Function) else arg for arg in later)
    return [node for node in origins if isinstance(node, Function)]


def _ahead(code: Code, made: Call) -> list[Function]:
    """The functions that stand ahead of what a call makes, in the `use()` that it is handed to, or in those on the same object above."""
    outer = made.parent
    if not isinstance(outer, Call) or made is outer.callee or last_name(outer.callee) != "use":
        return []
    uses = [call for call in module_of(made).calls("use") if call.at <= outer.at and dotted(call.callee) == dotted(outer.callee) and function_of(call) is function_of(outer)]
    given = [arg for call in uses for arg in call.args if arg.end <= made.at]
    origins = (code.origins.of(arg).node if not isinstance(arg, Function) else arg for arg in given)
    return [node for node in origins if isinstance(node, Function)]


def _pinned(code: Code, use: Use) -> bool:
    """Whether the version is known, and not only asked for by a range that a newer one may satisfy."""
    found = code.idioms.releases.resolved(use.framework, use.module.path)
    return found is not None and found.how != "declared"


def _listed(code: Code, made: Call, names: str, place: str) -> bool | None:
    """Whether what a call makes is in a list that calls of these names are given; None if there is no list, or one that cannot be told."""
    given = [node for call in code.project.calls(*names.split("|")) for node in code.idioms.placed(call, place)]
    items = [item for node in given for item in _items(code, node)]
    origins = [code.origins.of(item) for item in items]
    if any(origin.site is made for origin in origins):
        return True
    return False if origins and all(origin.kind == "made" for origin in origins) else None


def _listed_with(code: Code, use: Use, trait: str) -> bool:
    """Whether what a call makes is in one list with something of the same framework that has this trait."""
    others = {id(each.call) for each in code.idioms.of("make") if each.framework is use.framework and trait in each.idiom.traits}
    above = use.call.parent
    lists = (each for module in (code.project.using([above]) if isinstance(above, Assign) else [use.module]) for each in module.all(Sequence)) if others else ()
    for each in lists:
        made = {id(item if isinstance(item, Call) else code.origins.of(item).node) for item in each.items if isinstance(item, (Call, Name, Member))} if len(each.items) > 1 else set()
        if id(use.call) in made and made & others:
            return True
    return False


def _items(code: Code, node: Node) -> list[Node]:
    """The parts of a list or table, also of one that has a name."""
    held = code.origins.of(node).node if isinstance(node, (Name, Member)) else node
    if isinstance(held, Sequence):
        return held.items
    if isinstance(held, Object):
        return [entry.value if isinstance(entry, Entry) else entry for entry in held.entries]
    return [node]


def _mounted(code: Code, made: Call) -> list[str]:
    """The paths that what a call makes is mounted under."""
    mounts = (call for call in code.project.calls(*_MOUNTS) if len(call.args) > 1)
    return [code.idioms.text(call.args[0]) for call in mounts if any(arg is made or code.origins.of(arg).site is made for arg in call.args[1:])]


def _caught(code: Code, call: Call, depth: int) -> bool:
    """Whether what a call throws is taken by a handler that does not throw again: around it, or around every call of its function."""
    below: Node = call
    for above in call.up():
        if isinstance(above, Function):
            calls = code.origins.calls_of(above) if depth < _DEEPEST else []
            return bool(calls) and all(function_of(each) is not above and _caught(code, each, depth + 1) for each in calls)
        if isinstance(above, Try) and above.catches and any(below is each for each in above.body):
            return not any(True for catch in above.catches for _ in catch.inside(Raise))
        below = above
    return False


def _runs_out(code: Code, function: Function, depth: int) -> bool:
    """Whether nothing in an async function, nor in those that await it, waits for long, up to the call that runs the loop for it."""
    lines = module_of(function).lines[function.line - 1 : function.end_line]
    if not function.is_async or depth > _DEEPEST or _LASTS.search("\n".join(lines)):
        return False
    calls = code.origins.calls_of(function)
    return bool(calls) and all(_run_out(code, call, depth) for call in calls)


def _run_out(code: Code, call: Call, depth: int) -> bool:
    above = call.parent
    if isinstance(above, Await):
        outer = function_of(above)
        return outer is not None and _runs_out(code, outer, depth + 1)
    return isinstance(above, Call) and last_name(above.callee) in RUNS_LOOP and "run_forever" not in module_of(call).text
