"""How does any source file look once its language no longer matters?

One small tree for Python, JavaScript, TypeScript and TSX. Readers (`read_js`, `read_py.py`) build it from tree-sitter's; everything
after them (scopes, roles, origins, idioms) knows this tree alone, and takes its nodes from here.
"""

from __future__ import annotations

from callcheck.sources.code.tree.declarations import (
    ClassDef,
    Export,
    Function,
    Import,
    Imported,
    Param,
)
from callcheck.sources.code.tree.expressions import (
    Await,
    Call,
    Conditional,
    Entry,
    Keyword,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Operation,
    Sequence,
    Spread,
    Subscript,
    Template,
    Yield,
    dotted,
    last_name,
    unbound,
)
from callcheck.sources.code.tree.nodes import (
    Module,
    Node,
    NodeT,
    parts_of,
)
from callcheck.sources.code.tree.statements import (
    Assign,
    Block,
    Catch,
    If,
    Loop,
    Raise,
    Return,
    Try,
    With,
)

__all__ = [
    "Assign",
    "Await",
    "Block",
    "Call",
    "Catch",
    "ClassDef",
    "Conditional",
    "Entry",
    "Export",
    "Function",
    "If",
    "Import",
    "Imported",
    "Keyword",
    "Literal",
    "Loop",
    "Member",
    "Module",
    "Name",
    "Node",
    "NodeT",
    "Object",
    "Opaque",
    "Operation",
    "Param",
    "Raise",
    "Return",
    "Sequence",
    "Spread",
    "Subscript",
    "Template",
    "Try",
    "With",
    "Yield",
    "dotted",
    "last_name",
    "unbound",
    "parts_of",
]
