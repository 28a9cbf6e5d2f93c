"""Which variables of the environment is an expression made of?

    const base = () => `https://${process.env.PUBLIC_BASE}`;        webhook: `${base()}/hooks/done`        PUBLIC_BASE
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Call, Function, Name, Node

_DEEPEST = 4


def variables_in(code: Code, node: Node, depth: int = 0) -> dict[str, Node]:
    """The variables of the environment that an expression is made of, also through a name or a function of the project, each with where it is read."""
    found: dict[str, Node] = {}
    for each in node.walk():
        name = code.variables.places.get(id(each), "")
        if name:
            found.setdefault(name, each)
        if depth >= _DEEPEST:
            continue
        inner: Node | None = None
        if isinstance(each, Call):
            made = code.origins.of(each.callee).node
            inner = made if isinstance(made, Function) else None
        elif isinstance(each, Name):
            once = given_once(code.origins, each)
            inner = once.value if once is not None else None
            if inner is None and not isinstance(kept := code.origins.of(each).node, Function) and kept is not each:
                inner = kept
        if inner is not None and inner is not node:
            found |= variables_in(code, inner, depth + 1)
    return found
