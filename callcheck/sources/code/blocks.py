"""In which list of statements does a node stand, and where?"""

from __future__ import annotations

from callcheck.sources.code.tree import If, Node

_LISTS = ("body", "then", "orelse", "final")


def list_of(parent: Node, node: Node) -> list[Node] | None:
    """The list of a node above that holds this very statement."""
    for name in _LISTS:
        held = getattr(parent, name, None)
        if isinstance(held, list) and any(each is node for each in held):
            return held
    return None


def block_of(node: Node) -> list[Node] | None:
    """The list that holds this statement; None if the node is none."""
    return list_of(node.parent, node) if node.parent is not None else None


def index_in(block: list[Node], node: Node) -> int:
    """The place of a statement in its list."""
    return next(n for n, each in enumerate(block) if each is node)


def before(node: Node) -> list[Node]:
    """The statements in front of the one that a node stands in, of the innermost list, the nearest first."""
    for each in (node, *node.up()):
        block = block_of(each)
        if block is not None:
            return block[: index_in(block, each)][::-1]
    return []


def apart(one: Node, other: Node) -> bool:
    """Whether two nodes of a module stand in the two branches of one `if`: never do both run in one pass."""
    for above in one.up():
        if isinstance(above, If) and above.orelse:
            for mine, others in ((above.then, above.orelse), (above.orelse, above.then)):
                if _in(mine, one) and _in(others, other):
                    return True
    return False


def _in(body: list[Node], node: Node) -> bool:
    return bool(body) and body[0].at <= node.at < body[-1].end and body[0].order is node.order
