"""Which fields has what a call sends?

    queue.add("welcome", { recipient: user.email });      # recipient
    redis.publish("done", JSON.stringify(result));        # those of `result`, if it is written out somewhere
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.tree import Call, Member, Name, Node, Object, last_name

_WRAPS = frozenset({"stringify", "from", "encode", "String", "serialize", "dumps", "packb", "bytes"})


def fields_of(code: Code, use: Use) -> set[str] | None:
    """The names of the fields of what a call sends, by its idiom's `payload`; None if they are not all written there."""
    nodes = code.idioms.placed(use.call, use.idiom.payload)
    found: set[str] = set()
    for node in nodes:
        # Kafka's messages have theirs under `value`.
        value = (node.get("value") if isinstance(node, Object) else None) if use.idiom.payload == "messages" else node
        literal = _literal(code, value)
        if literal is None or any(not entry.key for entry in literal.entries):
            return None
        found |= {entry.key for entry in literal.entries if entry.key}
    return found if nodes else None


def _literal(code: Code, node: Node | None, depth: int = 0) -> Object | None:
    """The object behind `JSON.stringify({…})`, `Buffer.from(JSON.stringify(message))`."""
    if isinstance(node, Object) or node is None or depth > 4:
        return node if isinstance(node, Object) else None
    if isinstance(node, Call) and last_name(node.callee) in _WRAPS and node.args:
        return _literal(code, node.args[0], depth + 1)
    if isinstance(node, Call) and last_name(node.callee) == "encode" and isinstance(node.callee, Member):
        return _literal(code, node.callee.object, depth + 1)  # `json.dumps({…}).encode()`
    if isinstance(node, Name):
        held = code.origins.of(node)
        return _literal(code, held.node, depth + 1) if held.kind == "value" and held.node is not node else None
    return None


def payload_of(code: Code, use: Use) -> str:
    """The same as a text: the fields in order, separated by commas; "" if they are not known."""
    return ",".join(sorted(fields_of(code, use) or ()))
