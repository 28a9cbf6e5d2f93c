"""Which statements write into a log, in which words, and what has happened when they do?

bus.on("order.paid", (order) => {
  log.info({ order: order.id }, "receipt mailed");     // handled order.paid, in whatever words
});
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.model.statement import Statement
from callcheck.sources.code import Code
from callcheck.sources.code.blocks import block_of, index_in, list_of
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import (
    Call,
    Catch,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Template,
    dotted,
    last_name,
)

_METHODS = frozenset(
    {
        "log",
        "info",
        "warn",
        "warning",
        "error",
        "debug",
        "trace",
        "fatal",
        "critical",
        "exception",
        "verbose",
        "success",
        "notice",
    }
)
_LOGGER = pattern(r"(?:^|[._])_?(?i:log(?:ger|ging)?|console|pino|winston|loguru|structlog)$|[a-z](?:Log|Logger)$")
_PRINTF = pattern(r"%(?:\([\w.]+\))?[-+ #0]{0,3}\d{0,4}(?:\.\d{1,3})?[sdifojOcrx]|%%")
_BRACES = pattern(r"\{[\w.\[\]]{0,60}(?:![rsa])?(?::[^{}]{0,20})?\}")
_LETTERS = pattern(r"[^\W\d_]")
_LEAST = 8
"""Letters of a statement, without which it could be any."""
_NEAR = 2
"""Statements apart at which a line speaks of its neighbour."""
_MOST = 5_000


def statements(code: Code) -> list[Statement]:
    """All of them, of the files that are parsed anyway."""
    marked = _Marked(code)
    found: list[Statement] = []
    for module in code.project.chosen.values():
        for call in module.calls("print", *_METHODS):
            said = _said(call)
            if said is not None and sum(len(_LETTERS.findall(text)) for text in said) >= _LEAST:
                found.append(marked.statement(module, call, said))
                if len(found) >= _MOST:
                    return found
    return found


def _said(call: Call) -> tuple[str, ...] | None:
    """The texts that a call writes, without its holes; None if it writes no text of its own."""
    name, callee = last_name(call.callee), call.callee
    if isinstance(callee, Name):
        return _joined(call.args) if name == "print" else None
    written = dotted(callee.object) if isinstance(callee, Member) else ""
    if not written and isinstance(callee, Member) and isinstance(callee.object, Call):
        written = dotted(callee.object.callee)  # logging.getLogger(__name__).info(...)
    if not _LOGGER.search(written.removesuffix("()")) or not call.args:
        return None
    if written == "console":
        return _joined(call.args)
    args = list(call.args)
    if name == "log" and len(args) > 1:
        args = args[1:]  # the level stands first
    first = args[0]
    if isinstance(first, Object):
        held = first.get("message") or first.get("msg")
        if held is None and len(args) > 1:
            held = args[1]  # pino and bunyan: fields first
        return _texts(held) if held is not None else None
    if not isinstance(first, Literal | Template | Operation) and len(args) > 1:
        first = args[1]  # an error first
    return _texts(first)


def _joined(args: list[Node]) -> tuple[str, ...]:
    """Of several arguments, which are written with blanks between them."""
    texts: list[str] = []
    for arg in args:
        texts += _texts(arg) or ()
    return tuple(texts)


def _texts(node: Node | None) -> tuple[str, ...] | None:
    parts: list[str] = []
    if isinstance(node, Literal) and isinstance(node.value, str):
        parts = [node.value]
    elif isinstance(node, Template):
        parts = [part for part in node.parts if isinstance(part, str)]
    elif isinstance(node, Operation) and node.operator in ("+", "%"):
        for operand in node.operands if node.operator == "+" else node.operands[:1]:
            parts += _texts(operand) or ()
    elif isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "format":
        return _texts(node.callee.object)
    else:
        return None
    pieces = (piece.strip() for part in parts for cut in _PRINTF.split(part) for piece in _BRACES.split(cut))
    return tuple(piece for piece in pieces if piece)


class _Marked:
    """Knows which functions are handlers, and where something is registered or emitted."""

    def __init__(self, code: Code) -> None:
        self.handlers: dict[int, str] = {}
        self.uses: dict[int, list[tuple[str, str, Node]]] = {}
        """Function (or None for the module) -> stage, event and statement of each use in it."""
        for use in code.idioms.of("register", "emit", "publish", "subscribe"):
            event = next(iter(code.idioms.events(use)), "")
            emits = use.idiom.does in ("emit", "publish")
            if not emits:
                for handler in code.idioms.handlers(use):
                    if isinstance(handler, Function):
                        self.handlers.setdefault(id(handler), event)
            self.uses.setdefault(id(use.function), []).append(
                ("emitted" if emits else "registered", event, _own(use.call))
            )

    def statement(self, module: Module, call: Call, said: tuple[str, ...]) -> Statement:
        """The statement, with what its place says of it."""
        function = function_of(call)
        fails = any(isinstance(above, Catch) for above in call.up())
        stage, event = self._beside(call, function)
        if not stage and function is not None and id(function) in self.handlers and not fails:
            stage, event = "handled", self.handlers[id(function)]
        return Statement(module.path, call.line, said, "" if fails else stage, event, last_name(call.callee), fails)

    def _beside(self, call: Call, function: Function | None) -> tuple[str, str]:
        """Of a line right before or after something is emitted or registered: that."""
        own = _own(call)
        block = block_of(own)
        for stage, event, other in self.uses.get(id(function), ()):
            if block and block_of(other) is block:
                at, there = index_in(block, own), index_in(block, other)
                if abs(at - there) <= _NEAR:
                    return stage, event
        return "", ""


def _own(node: Node) -> Node:
    """The statement in which an expression stands."""
    while node.parent is not None and list_of(node.parent, node) is None:
        node = node.parent
    return node
