"""Is an object put into a list, map or set of the project's own, which stays in sight?

    const jobs = new Map();                       # whoever starts what is in it must say `.start()` somewhere
    for (const { name, at, run } of plan) {
      const job = new CronJob(at, run);
      jobs.set(name, job);
    }
    return jobs;
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of, is_statement, module_of
from callcheck.sources.code.taken_up import DEEPEST, SAYS, in_sight
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    Entry,
    Keyword,
    Member,
    Name,
    Node,
    Object,
    Return,
    Sequence,
    Spread,
    Yield,
    dotted,
    last_name,
)  # fmt: skip

PUTS = frozenset({"push", "unshift", "add", "set", "append", "appendleft", "insert"})
_MAKERS = frozenset("Map Set WeakMap WeakSet Array dict list set collections.deque collections.OrderedDict collections.defaultdict".split())
_VIEWS = frozenset({"values", "items", "entries"})
_COPIES = frozenset({"Array.from", "Object.values", "Object.entries", "Object.keys", "list", "tuple", "sorted", "enumerate", "zip", "dict", "Map", "Set"})


def collected(code: Code, above: Node | None, node: Node) -> bool:
    """Whether a mention of an object stands in a statement that puts it into a collection, of which each mention is known and none gives it away."""
    if not isinstance(above, Call) or not isinstance(above.callee, Member) or above.callee.name not in PUTS or not any(arg is node for arg in above.args) or not is_statement(above):
        return False
    table = code.origins.of(above.callee.object)
    return _is_collection(table) and not _leaves(code, table)


def _is_collection(table: Origin) -> bool:
    if table.kind == "value":
        return isinstance(table.node, (Object, Sequence))
    return table.kind == "made" and table.base is None and table.qualified in _MAKERS


def _leaves(code: Code, table: Origin) -> bool:
    """Whether one mention of a collection gives it, or a view of what is in it, to somebody outside of the project; or nobody has it who could start what is in it."""
    if table.node is None:
        return True
    home = module_of(table.node)
    mentions = [node for module in code.project.chosen.values() for node in (*module.all(Name), *module.all(Member)) if code.origins.of(node).node is table.node]
    shown = set(code.project.exports(home).values())
    if function_of(table.node) is None and any(isinstance(node, Name) and node.id in shown for node in mentions) and all(module_of(node) is home for node in mentions):
        return True
    return any(_given_away(code, node) for node in mentions)


def _given_away(code: Code, mention: Node, depth: int = 0) -> bool:
    node = mention
    if isinstance(node.parent, Member):
        view = node.parent.parent
        if node.parent.name not in _VIEWS or not isinstance(view, Call) or view.callee is not node.parent:
            return False
        node = view
    above = node.parent
    while isinstance(above, (Await, Keyword, Spread)):
        node, above = above, above.parent
    if isinstance(above, Call):
        known = last_name(above.callee) in SAYS or dotted(above.callee) in _COPIES or code.origins.of(above.callee).kind in ("function", "class")
        return above.callee is not node and not known
    if isinstance(above, Return):
        function = function_of(above)
        calls = code.origins.calls_of(function) if function is not None else []
        return not calls or depth > DEEPEST or any(_given_away(code, call, depth + 1) for call in calls)
    if isinstance(above, Entry):
        return not in_sight(code, above)
    if isinstance(above, Assign):
        return above.value is node and isinstance(above.targets[0], Member) and dotted(above.targets[0]).split(".")[0] not in ("module", "exports", "this", "self")
    return isinstance(above, Yield)
