"""Is a signature checked over the way that Python spells bytes, and not over the bytes?

    base = f"v0:{timestamp}:{request.get_data()}"                  # v0:1731…:b'{"type": …}'
    hmac.new(secret, str(request.body).encode(), "sha256")         # str() of bytes is no decode()

Source: docs.python.org, str: without an encoding it gives what repr() gives; format() of bytes likewise. What Django's request.body, Flask's request.data and get_data(),
and the body() and read() of Starlette and aiohttp give are bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Await, Call, Literal, Member, Name, Node, Operation, Template, last_name

_REQUESTS = frozenset({"request", "req"})
_DEEPEST = 6
_WHY = "a text made of bytes without decode() reads b'…', which is not what was sent, so the signature never matches; decode() the body, or put bytes together"


class SpelledBytes:
    """Follows what `verify` idioms are given; silent where the body is decoded on the way."""

    name = "spelled-bytes"
    looks_at = Sight.SOURCE
    about = ("verify",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("verify"):
            if use.module.language != "python" or is_test(use.module.path):
                continue
            nodes = code.idioms.placed(use.call, use.idiom.payload) if use.idiom.payload else []
            spelled = next(filter(None, (_spelled(code, node, 0) for node in nodes)), None)
            if spelled is not None:
                fact = LibraryTrap("callback-rejected", "strong", _WHY, last_name(use.call.callee), use.framework.name, use.module.language)
                yield seen(fact, spelled, self.name, (seen(fact, use.call, self.name, label="the signature is checked here"),) if spelled is not use.call else ())


def _spelled(code: Code, node: Node, depth: int) -> Node | None:
    """The text in which a body is spelled out."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, Call):
        name = last_name(node.callee)
        if name == "str" and len(node.args) == 1 and _is_bytes(code, node.args[0], 0):
            return node
        if name == "encode" and isinstance(node.callee, Member):
            return _spelled(code, node.callee.object, depth + 1)
        return _spelled(code, node.args[0], depth + 1) if name == "bytes" and node.args else None
    if isinstance(node, Template):
        parts = [part for part in node.parts if isinstance(part, Node)]
        return node if any(_is_bytes(code, part, 0) for part in parts) else next(filter(None, (_spelled(code, part, depth + 1) for part in parts)), None)
    if isinstance(node, Operation):
        return next(filter(None, (_spelled(code, each, depth + 1) for each in node.operands)), None)
    held = _held(code, node)
    return _spelled(code, held, depth + 1) if held is not None else None


def _held(code: Code, node: Node) -> Node | None:
    """What a name is filled with, if one place fills it."""
    given = given_once(code.origins, node) if isinstance(node, Name) else None
    return given.value if given is not None and len(given.targets) == 1 and isinstance(given.targets[0], Name) else None


def _is_bytes(code: Code, node: Node, depth: int) -> bool:
    """Whether an expression is the body of a request as bytes."""
    if isinstance(node, Await):
        call = node.value
        return isinstance(call, Call) and isinstance(call.callee, Member) and call.callee.name in ("body", "read") and last_name(call.callee.object) in _REQUESTS and not call.args
    if isinstance(node, Call):
        text = node.keyword("as_text")
        return last_name(node.callee) == "get_data" and not node.args and not (isinstance(text, Literal) and text.value is True)
    if isinstance(node, Member) and last_name(node.object) in _REQUESTS:
        return node.name == "body" or node.name == "data" and any(each.module.split(".")[0] == "flask" for each in code.project.imports(module_of(node)))
    held = _held(code, node) if depth < _DEEPEST else None
    return held is not None and _is_bytes(code, held, depth + 1)


PROBE = SpelledBytes()
