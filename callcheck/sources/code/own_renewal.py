"""Does a job only renew what its process keeps in its own memory, so that it is right in each process?

    let prices = [];
    async function refresh() { prices = (await pool.query("select plan, cents from prices")).rows; }
    cron.schedule("*/10 * * * *", refresh);
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.query_texts import query_texts
from callcheck.sources.code.quiet import tells
from callcheck.sources.code.scopes import bindings, function_of, module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Member,
    Name,
    Node,
    Object,
    Sequence,
    Subscript,
    dotted,
    last_name,
)

_FILLS = frozenset("set clear delete add push update splice append extend setdefault pop unshift assign".split())
_TABLES = frozenset("Map Set WeakMap dict set list defaultdict OrderedDict deque".split())
_VALUES = pattern(r"^(?:JSON|Object|Array|Math|Number|String|Date|Promise|Map|Set|WeakMap|Error|URL|json|datetime|time\.(?:time|monotonic))\b|^(?:dict|set|list|tuple|sorted|len|str|int|float|bool|zip|enumerate|range|max|min|sum|any|all|isinstance)$")
_PLAIN = frozenset(
    "map filter forEach reduce flatMap flat sort slice concat join split trim includes some every keys values entries items toISOString toFixed toString toLowerCase toUpperCase now "
    "then catch finally json text lower upper strip format isoformat total_seconds raise_for_status has size orderBy order_by where limit lean exec scalars first one toArray to_list release connect "
    "fetchall fetchone fetchmany collection".split()
)
"""What makes one value of another, and the links of a chain that reads."""
_READS = pattern(r"^(?:m?get|find|select|list|load|read|fetch|count|scan|hgetall|smembers|lrange|stat|parse|safe_load|all)(?:$|[A-Z_])|^(?:readFile|readFileSync|readdir|statSync)$")
_ASKS = frozenset("query execute raw prepare all get any many one fetch fetchall $queryRaw $queryRawUnsafe unsafe sql text".split())
"""Methods that are given a statement in SQL."""
_STATEMENT = pattern(r"^\s*(?:select|with|insert|update|delete|merge|replace|call|create|drop|truncate|refresh|notify|begin|commit)\b", re.I)
_ONLY_READS = pattern(r"^\s*(?:select|with)\b(?![\s\S]*\b(?:insert|update|delete|merge|into|nextval|pg_notify)\b)", re.I)
_MOST = 30
"""Functions that are looked at."""


def renews_own(code: Code, job: Function) -> bool:
    """Whether a job puts something into memory that outlives it, and does nothing else but read and tell its log; False where a call cannot be told."""
    run: dict[Function, None] = {job: None}
    level = [job]
    while level and len(run) <= _MOST:
        level = [each for function in level for each in code.flow.called(function) if each not in run]
        run.update(dict.fromkeys(level))
    if len(run) > _MOST:
        return False
    calls = [call for function in run for call in function.inside(Call)]
    kept = any(_kept(target) for function in run for each in function.inside(Assign) for target in each.targets) or any(_fills(code, call) for call in calls)
    return kept and all(_harmless(code, call, run) or _hands_on(code, call, calls) for call in calls)


def _harmless(code: Code, call: Call, run: dict[Function, None]) -> bool:
    name, written = last_name(call.callee), dotted(call.callee)
    if tells(call) or _VALUES.search(written) or _fills(code, call):
        return True
    said = [text for arg in call.args for text in query_texts(code, arg)]
    if any(_STATEMENT.search(text) for text in said):
        return name in _ASKS and all(_ONLY_READS.search(text) for text in said if _STATEMENT.search(text))
    origin = code.origins.of(call.callee)
    if origin.kind == "function" and isinstance(origin.node, Function):
        return origin.node in run
    return name in _PLAIN or (bool(_READS.search(name)) and _asks_without_a_body(call))


def _hands_on(code: Code, call: Call, calls: list[Call]) -> bool:
    """Whether a call asks what its function is handed, where each that calls it writes the statement out: `const query = (text) => pool.query(text)`."""
    function, asked = function_of(call), call.args[0] if call.args else None
    if function is None or last_name(call.callee) not in _ASKS or not isinstance(asked, Name) or asked.id not in [param.name for param in function.params[:1]]:
        return False
    asking = [each for each in calls if code.origins.of(each.callee).node is function]
    return bool(asking) and all(any(_STATEMENT.search(text) for arg in each.args[:1] for text in query_texts(code, arg)) for each in asking)


def _asks_without_a_body(call: Call) -> bool:
    """Whether a request, if it is one, is a plain one: `fetch(url)`, and not `fetch(url, { method: "POST" })`."""
    return not any(call.keyword(name) for name in ("method", "body", "data"))


def _fills(code: Code, call: Call) -> bool:
    """Whether a call changes a table of the process: `byId.set(row.id, row)`, with `const byId = new Map()`."""
    if not isinstance(call.callee, Member) or call.callee.name not in _FILLS:
        return False
    made = code.origins.of(call.callee.object).node
    return isinstance(made, (Object, Sequence)) or (isinstance(made, Call) and last_name(made.callee) in _TABLES)


def _kept(target: Node) -> bool:
    """Whether what an assignment sets outlives the function: a name from outside of it, or a field of its object."""
    base = target
    while isinstance(base, (Member, Subscript)):
        base = base.object
    if not isinstance(base, Name):
        return False
    if base.id in ("this", "self", "exports"):
        return base is not target
    around = function_of(target)
    while around is not None:
        if any(not isinstance(each, Assign) or each.declared or module_of(target).language == "python" for each in bindings(around).get(base.id, ())):
            return False
        around = function_of(around)
    return True
