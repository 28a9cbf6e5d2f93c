"""Which text stands in the code for a value, and which variable of the environment goes before it?

    os.environ.get("LLM_URL", "http://localhost:1")        process.env.LLM_URL ?? "http://localhost:1"
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, Member, Name, Node, Operation, Subscript, dotted

_DEEPEST = 4
"""Names that are followed, one after the other."""


def written(code: Code, node: Node, depth: int = 0) -> tuple[str, str]:
    """A text as far as it is written, and the variable that it stands in for; "" for what is not there."""
    if isinstance(node, Operation) and node.operator in ("or", "||", "??") and node.operands:
        return code.idioms.text(node.operands[-1]), _variable(code, node.operands[0])
    if isinstance(node, Call) and len(node.args) > 1 and dotted(node.callee).endswith(("getenv", "environ.get")):
        return code.idioms.text(node.args[1]), code.idioms.text(node.args[0])
    kept = _kept(code, node) if depth < _DEEPEST else None
    return written(code, kept, depth + 1) if kept is not None else (code.idioms.text(node), "")


def _kept(code: Code, node: Node) -> Node | None:
    """What the one assignment of its file gives a name."""
    kept = [each.value for each in code.project.scope(module_of(node)).get(node.id, ()) if isinstance(each, Assign) and each.value is not None] if isinstance(node, Name) else []
    return kept[0] if len(kept) == 1 else None


def _variable(code: Code, node: Node) -> str:
    if isinstance(node, Call):
        return code.idioms.text(node.args[0]) if node.args else "?"
    return node.name if isinstance(node, Member) else "?"


def read_from(code: Code, node: Node, depth: int = 0) -> str:
    """The variable that a value is read from, with or without something in its stead; "" if it is none."""
    if isinstance(node, Name):
        kept = _kept(code, node) if depth < _DEEPEST else None
        return read_from(code, kept, depth + 1) if kept is not None else ""
    if isinstance(node, Operation) and node.operands:
        return read_from(code, node.operands[0], depth + 1)
    if isinstance(node, Subscript) and dotted(node.object).endswith("environ"):
        return code.idioms.text(node.key)
    if isinstance(node, Call) and dotted(node.callee).endswith(("getenv", "environ.get", "env.get")):
        return code.idioms.text(node.args[0]) if node.args else ""
    return node.name if isinstance(node, Member) and dotted(node.object).endswith((".env", "environ")) else ""
