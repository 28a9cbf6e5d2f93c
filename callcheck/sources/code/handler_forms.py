"""Is a handler made as a trap wants it: async or not, empty, with something in its body or without it?

    client.on("message", async (m) => { await store(m); });       # handler: async
    @app.task                                                     # body-lacks: "raise|retry"
    def sync(order): …
"""

from __future__ import annotations

import re

from callcheck.model.knowledge import Idiom
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.said import handler_texts
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.surroundings import error_first, only_logs
from callcheck.sources.code.tree import Assign, Call, Function, Literal, Operation, Raise, Return, Template
from callcheck.sources.code.unstepped import unstepped
from callcheck.sources.code.wording import may_stand_in, stands_in

_ANY_HEAD = r"def \w+"
_OWN_HEAD = ("def ", "(?:async )?def ")
_HEAD = pattern(r"^[ \t]*(?:async[ \t]+)?def\b", re.MULTILINE)
_RECKONING = frozenset(("+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", ">", "<=", ">=", "not", "!", "in", "is"))
"""Operators whose result no library can call."""


def handled_so(code: Code, node: Function, trap: Idiom) -> bool:
    """Whether a handler is of the form that a trap is about (`where: handler`, `returns`, `body`, `body-lacks`, `unstepped`)."""
    where = trap.where
    forms = {
        "async": node.is_async,
        "coroutine": node.is_async,
        "generated": node.is_generator and not node.is_async,
        "sync": not node.is_async,
        "generator": node.is_generator,
        "lambda": node.arrow or not node.name,
        "nested": function_of(node) is not None,
        "error-first": error_first(node),
        "only-logs": only_logs(node),
        "empty": not any(True for kind in (Call, Return, Raise, Assign) for _ in node.inside(kind)),
    }
    if "handler" in where and not forms.get(str(where["handler"]), False):
        return False
    if "unstepped" in where and unstepped(node, *where["unstepped"]) is None:
        return False
    if where.get("returns") == "nothing" and any(gives_something(each) for each in node.inside(Return) if function_of(each) is node):
        return False
    return not (where.get("returns") == "nothing" and node.arrow) and _reads(code, node, trap)


def _reads(code: Code, node: Function, trap: Idiom) -> bool:
    """Whether a handler, read with the functions that it calls, has what the trap wants, and nothing that it excludes."""
    where = trap.where
    if "body" in where and not any(_does(trap, str(where["body"]), text) for text in handler_texts(code, node)):
        return False
    return "body-lacks" not in where or not any(stands_in(trap, str(where["body-lacks"]), text) for text in handler_texts(code, node, told=False))


def _does(trap: Idiom, wanted: str, text: str) -> bool:
    """Whether a pattern stands in what a handler does; one with any function's head (`def \\w+`) means the handler's own, which is the first."""
    if not wanted.startswith(_OWN_HEAD) and _ANY_HEAD not in wanted:
        return stands_in(trap, wanted, text)
    if not may_stand_in(trap, wanted, text):
        return False
    head, own = re.compile(wanted, re.MULTILINE), _HEAD.search(text)
    # Tried there and nowhere else: a pattern that looks ahead to the end of the text would read it once for each place.
    return own is not None and any(head.match(text, at) for at in range(own.end()))


def gives_something(node: Return) -> bool:
    """Whether a `return` gives anything back."""
    return node.value is not None and not (isinstance(node.value, Literal) and node.value.value is None)


def gives_callable(node: Return) -> bool:
    """Whether a `return` may give back what can be called later: anything but nothing, a plain value, a text, or what is reckoned or compared.

    `|`, `>>` and their like stand for chains of tasks in some libraries, and `or` for one of two functions.
    """
    reckoned = isinstance(node.value, Operation) and all(each in _RECKONING for each in node.value.operator.split())
    return gives_something(node) and not reckoned and not isinstance(node.value, (Literal, Template))
