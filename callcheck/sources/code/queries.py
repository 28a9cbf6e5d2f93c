"""How does a query begin, as far as it is written out?

    f"LISTEN {channel}"          sql.SQL("LISTEN jobs")          text("LISTEN jobs")
"""

from __future__ import annotations

from callcheck.sources.code.tree import Call, Literal, Node, Template


def begins(query: Node) -> str:
    """The text that a query begins with, also of one with holes, or of one that `sql.SQL(…)` or `text(…)` wraps; "" for what is computed."""
    if isinstance(query, Call) and query.args:
        query = query.args[0]
    if isinstance(query, Template):
        return query.first_text
    return query.value if isinstance(query, Literal) and isinstance(query.value, str) else ""
