"""What is an argument when the program runs: as written, or what the deployment sets?

    MODEL = os.environ.get("SUMMARY_MODEL", "gpt-4o-mini")     # and worker.env says SUMMARY_MODEL=o4-mini
    client.chat.completions.create(model=MODEL)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import urljoin

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.environ import ELSE, set_to, variable
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Member,
    Name,
    Node,
    Operation,
    Param,
    Template,
    dotted,
    last_name,
)

_DEEPEST = 4
_PATHS = frozenset({"subscription_path", "topic_path", "queue_path"})
"""Methods of Google's clients that put a name behind its project: the name is what tells one from another."""
_BASE = pattern(r"^(?:https?|wss?)://")
_JOINED = {"urljoin": 0, "URL": 1}
"""Which argument is the base to which another one is joined."""
_AS_NUMBER = frozenset({"Number", "parseInt", "parseFloat", "Number.parseInt", "Number.parseFloat", "int", "float"})


def given(code: Code, nodes: Sequence[Node], depth: int = 0, sets: Callable[[str], Iterable[str]] | None = None) -> Iterator[str]:
    """The texts that one of the nodes can be; a variable of the environment counts as what files of the deployment set it to, else as its default.

    `sets` says what a variable is set to, where that is not the same for the whole deployment.
    """
    ask = sets or (lambda name: set_to(code.project, name))
    for node in nodes:
        name, default = variable(code.origins, code.idioms.text, node)
        if name:
            yield from list(ask(name)) or ([code.idioms.text(default)] if default is not None else [])
        elif isinstance(node, Operation) and node.operator in ELSE:
            first, _ = variable(code.origins, code.idioms.text, node.operands[0])
            yield from (list(ask(first)) if first else []) or given(code, node.operands[-1:], depth + 1, ask)
        elif isinstance(node, Call) and dotted(node.callee) in _AS_NUMBER and node.args and depth < _DEEPEST:
            yield from given(code, node.args[:1], depth + 1, ask)
        elif isinstance(node, Call) and last_name(node.callee) in _PATHS and node.args and depth < _DEEPEST:
            yield from given(code, node.args[-1:], depth + 1, ask)
        elif isinstance(node, Operation) and len(node.operands) == 1 and node.operator == "+" and depth < _DEEPEST:
            yield from given(code, node.operands, depth + 1, ask)
        elif isinstance(node, Operation) and node.operator == "*" and depth < _DEEPEST:
            yield _product([next(iter(given(code, [each], depth + 1, ask)), "") for each in node.operands])
        elif isinstance(node, Member) and node.name == "href" and depth < _DEEPEST:
            yield from given(code, [node.object], depth + 1, ask)
        elif isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "toString" and not node.args and depth < _DEEPEST:
            yield from given(code, [node.callee.object], depth + 1, ask)
        elif isinstance(node, (Name, Member)) and depth < _DEEPEST:
            yield from given(code, _kept(code, node), depth + 1, ask)
        elif depth < _DEEPEST and (below := _below_base(code, node, depth, ask)):
            yield from below
        else:
            yield code.idioms.text(node)


def _below_base(code: Code, node: Node, depth: int, ask: Callable[[str], Iterable[str]]) -> list[str]:
    """The addresses below a base: `${process.env.BASE_URL}/done`, `BASE + "/done"`, `https://${HOST}:${PORT}/done`, `urljoin(BASE, "/done")`, `new URL("/done", BASE)`;
    none where the base is none that is known."""
    if isinstance(node, Call):
        joined = _JOINED.get(last_name(node.callee))
        if joined is None or len(node.args) != 2 or node.new is not (joined == 1):
            return []
        path = code.idioms.text(node.args[1 - joined]) or "/*"
        return [at for base in given(code, [node.args[joined]], depth + 1, ask) if (at := _at(base, path))]
    written = node.parts if isinstance(node, Template) else node.operands if isinstance(node, Operation) and node.operator == "+" else []
    parts: list[str | Node] = [part for part in written if part != ""]
    if len(parts) < 2:
        return []
    if isinstance(parts[0], str):
        return ["".join(part if isinstance(part, str) else next(iter(given(code, [part], depth + 1, ask)), "") or "*" for part in parts)] if _BASE.match(parts[0]) else []
    rest = "".join(part if isinstance(part, str) else code.idioms.text(part) or "*" for part in parts[1:])
    return [base.rstrip("/") + rest for base in given(code, [parts[0]], depth + 1, ask) if base.startswith(("http://", "https://"))]


def _at(base: str, path: str) -> str:
    """A path joined to a base, or "" where that is no address."""
    try:
        return urljoin(base, path) if base.startswith(("http://", "https://")) else ""
    except ValueError:
        return ""  # a host in brackets that is none


def _product(factors: list[str]) -> str:
    """What whole numbers give when they are multiplied; "" where one of them is not known."""
    return str(math.prod(int(each) for each in factors)) if all(each.isdecimal() for each in factors) else ""


def _kept(code: Code, node: Name | Member) -> list[Node]:
    """What a name stands for: the one value assigned to it, or the default of a parameter."""
    scope = code.project.scope(module_of(node)).get(node.id, ()) if isinstance(node, Name) else ()
    kept = [each.value for each in scope if isinstance(each, Assign) and each.value is not None]
    origin = code.origins.of(node)
    if isinstance(origin.node, Param):
        return [origin.node.default] if origin.node.default is not None and isinstance(origin.node.parent, Function) else []
    return kept if len(kept) == 1 else [origin.node] if origin.node is not None and origin.node is not node else []
