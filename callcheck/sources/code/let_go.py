"""Is an object let go as soon as the function that makes it has returned?

    Audit(log).attach()                                        a statement: nothing has it under a name
    desk = Desk(printer); desk.open(); return app              a name of the function's own, asked for its methods alone
    def make_desk(): return Desk()                             as those who call it do with what it gives
"""

from __future__ import annotations

from collections.abc import Collection

from callcheck.sources.code import Code
from callcheck.sources.code.flow import DEEPEST
from callcheck.sources.code.scopes import bindings, function_of, is_statement, next_call, own_nodes
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Function,
    Keyword,
    Loop,
    Member,
    Name,
    Node,
    Return,
    Template,
    With,
    dotted,
    last_name,
)

_STAYS = frozenset({"main", "run", "serve"})
"""Functions that keep their names as long as the program runs."""
_SETS_UP = frozenset({"ready", "init_app", "setup", "startup", "on_startup", "register"})
_WAITS = frozenset({"run", "serve", "serve_forever", "run_forever", "run_until_complete", "run_app", "mainloop", "exec", "exec_", "join", "wait", "pause", "listen", "start_consuming", "infinity_polling", "call_command"})
"""Calls that do not come back while the program runs, or within which events may go out."""
_BRIEF = frozenset({"bind", "consume", "declare", "declare_exchange", "declare_queue", "publish", "purge", "set_qos", "unbind"})
"""Calls of a broker that come back at once."""
_DEEPEST = 3


def let_go(code: Code, made: Call, heard: Collection[Function], depth: int = 0) -> bool:
    """Whether nothing holds what a call makes once start-up code has come past it: by a statement, for a name that is lost, or given back to those who do so.

    `heard` are the functions in which what the object listens to goes out: one that runs them before it returns has the object as long as it is wanted."""
    if _is_asked_alone(code, made):
        return True
    function = function_of(made)
    if function is None or depth >= _DEEPEST:
        return False
    if isinstance(made.parent, Return):
        calls = code.origins.calls_of(function)
        return bool(calls) and all(let_go(code, call, heard, depth + 1) for call in calls)
    if code.lifetimes.role(function) != "startup" or not loses(code, made) or any("blocks" in use.idiom.traits for call in _after(function, made) for use in code.idioms.at(call)):
        return False
    # Whose events go out elsewhere, in a library, is for a function that sets something up: it gives that back, or a framework calls it.
    return not _runs(code, function, made, heard) if heard else function.name in _SETS_UP or any(True for _ in function.inside(Return))


def loses(code: Code, made: Node, weakly: Collection[Node] = ()) -> bool:
    """Whether the function around it loses, as it returns, what is made under a name there: it stores, hands on and gives back neither the object nor a method of it. `weakly` holds calls that keep what they are given weakly."""
    function, assigned = function_of(made), made.parent
    if function is None or function.is_generator or function.name in _STAYS or not isinstance(assigned, Assign) or assigned.operator:
        return False
    target = assigned.targets[0]
    if len(assigned.targets) > 1 or not isinstance(target, Name) or target.id not in bindings(function):
        return False
    uses = [name for name in function.walk() if isinstance(name, Name) and name.id == target.id and name is not target]
    if any(function_of(name) is not function or not (_given_to(name, weakly) or _asked(name, weakly) or _reads_field(code, name)) for name in uses):
        return False
    waits = (node for node in function.walk() if isinstance(node, (Loop, Await)) and node.at > made.at and not _of_its_own(node, target))
    return not any(True for _ in waits) and not any(last_name(call.callee) in _WAITS and not _of_its_own(call, target) for call in _after(function, made))


def lost_after(code: Code, made: Call, asked: str) -> bool:
    """Whether nothing holds what is made, and awaited, once it has been asked by this method, for good: it has no name, or one that its function gives up as it comes to its end, which is soon."""
    outer = made.parent if isinstance(made.parent, Await) else made
    if isinstance(outer.parent, Member):
        return outer.parent.name == asked and isinstance(outer.parent.parent, Call)
    function, assigned = function_of(made), outer.parent
    if function is None or function.is_generator or function.name in _STAYS or not isinstance(assigned, Assign) or assigned.operator:
        return False
    target = assigned.targets[0]
    if len(assigned.targets) > 1 or not isinstance(target, Name) or target.id not in bindings(function):
        return False
    if any(isinstance(above, With) or isinstance(above, Loop) and above.over is None for above in made.up()):
        return False
    uses = [name for name in function.walk() if isinstance(name, Name) and name.id == target.id and name is not target]
    if any(function_of(name) is not function or not _asked_by_the_way(name) for name in uses):
        return False  # what is written inside a function, such as a handler, holds what it names
    later: list[Node] = [each for kind in (Await, With) for each in own_nodes(function, kind) if each.at > made.at]
    brief = all(isinstance(each, Await) and isinstance(each.value, Call) and last_name(each.value.callee) in _BRIEF for each in later)
    return brief and any(isinstance(name.parent, Member) and name.parent.name == asked for name in uses)


def _asked_by_the_way(name: Name) -> bool:
    """Whether a method of an object is called and what it gives holds nothing of it: it is dropped, or is a tag that gets a name."""
    member = name.parent
    call = member.parent if isinstance(member, Member) and member.object is name else None
    if not isinstance(call, Call) or call.callee is not member:
        return isinstance(call, Member) or _is_told(member)
    outer = call.parent if isinstance(call.parent, Await) else call
    return is_statement(outer) or isinstance(outer.parent, Assign)


def _is_told(member: Node | None) -> bool:
    """`log.info("listening on %s", queue.name)`."""
    return isinstance(member, Member) and member.name in ("name", "durable") and isinstance(member.parent, (Call, Template))


def _after(function: Function, made: Node) -> list[Call]:
    return [call for call in function.inside(Call) if call.at > made.at and function_of(call) is function]


def _runs(code: Code, function: Function, made: Node, goals: Collection[Function]) -> bool:
    """Whether one of these functions is this one, or is called after the object was made and before this one returns; what is written inside a function is run later."""
    if any(goal is function for goal in goals):
        return True
    level, seen = _after(function, made), {id(function)}
    for _ in range(DEEPEST):
        called = {id(origin.node): origin.node for call in level if (origin := code.origins.of(call.callee)).kind == "function" and isinstance(origin.node, Function)}
        if any(each is goal for each in called.values() for goal in goals):
            return True
        level = [call for key, each in called.items() if key not in seen for call in each.inside(Call) if function_of(call) is each]
        seen |= called.keys()
    return False


def _is_asked_alone(code: Code, made: Call) -> bool:
    """`Audit(log)` and `Audit(log).attach()` as statements; while a method of it runs, it is held: `Bot().run()`."""
    node: Node = made
    while (further := next_call(node)) is not None:
        node = further
        if _stays_in(code, node):
            return False
    return is_statement(node)


def _stays_in(code: Code, call: Call) -> bool:
    """Whether a call does not come back while the program runs, by its name or by what the function calls that it leads to."""
    if last_name(call.callee) in _WAITS:
        return True
    called = code.origins.of(call.callee).node
    return isinstance(called, Function) and any(last_name(each.callee) in _WAITS or any("blocks" in use.idiom.traits for use in code.idioms.at(each)) for each in called.inside(Call))


def _given_to(name: Node, weakly: Collection[Node]) -> bool:
    above = name.parent.parent if isinstance(name.parent, Keyword) else name.parent
    return any(above is each for each in weakly)


def _asked(name: Name, weakly: Collection[Node]) -> bool:
    """Whether an object is asked for something: a method is called as a statement or for a value, a field is read or set. A method that is handed on or stored holds its object."""
    member = name.parent
    if not isinstance(member, Member) or member.object is not name:
        return False
    above = member.parent
    if isinstance(above, Call) and above.callee is member:
        return is_statement(above) or isinstance(above.parent, Await) and is_statement(above.parent)
    return isinstance(above, Assign) and member in above.targets or isinstance(above, Member) or _given_to(member, weakly)


def _reads_field(code: Code, name: Name) -> bool:
    """Whether a field is read that the object's class sets, and no method: who is handed its value holds that alone."""
    member, cls = name.parent, code.origins.of(name).cls
    if not isinstance(member, Member) or member.object is not name or cls is None:
        return False
    return any(isinstance(target, Member) and dotted(target) == f"self.{member.name}" for assign in cls.inside(Assign) for target in assign.targets)


def _of_its_own(node: Node, target: Name) -> bool:
    """Whether a call, or what is awaited, is of a method of the object itself."""
    call = node.value if isinstance(node, Await) else node
    return isinstance(call, Call) and isinstance(call.callee, Member) and isinstance(call.callee.object, Name) and call.callee.object.id == target.id
