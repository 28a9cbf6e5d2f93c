"""Which kinds of a provider's events does code tell apart that takes them off a request by itself?

    switch (event.type) { case "invoice.paid": … }                    # Stripe
    if request.headers["X-GitHub-Event"] == "issues": …
    const handlers = { "Merge Request Hook": review };                # GitLab
    if ("callback_query" in update) …                                 # Telegram
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import (
    Call,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Sequence,
    Subscript,
    last_name,
)

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_SAME = frozenset({"==", "===", "match"})
_HAS = frozenset({"includes", "has"})
_GITLAB_WORDS = {"issue": "issue", "note": "note", "push": "push", "tag push": "tag_push", "merge request": "merge_request", "wiki page": "wiki_page", "pipeline": "pipeline", "job": "job", "deployment": "deployment", "release": "release", "confidential issue": "issue", "confidential note": "note"}  # fmt: skip
_GITHUB = frozenset(
    "push pull_request issues issue_comment release create delete check_run check_suite workflow_run workflow_job deployment deployment_status pull_request_review "
    "pull_request_review_comment pull_request_review_thread status star watch fork member membership repository discussion discussion_comment label milestone package "
    "commit_comment gollum public page_build projects_v2_item merge_group branch_protection_rule code_scanning_alert dependabot_alert secret_scanning_alert sub_issues".split()
)
_TELEGRAM = frozenset("callback_query inline_query chosen_inline_result chat_member my_chat_member chat_join_request message_reaction poll_answer pre_checkout_query shipping_query".split())
"""Those that are no other form of a message, which a program may take for completeness' sake."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one provider's events are known in code."""

    file: str
    """What stands in a file that tells them apart."""
    name: Callable[[str], str]
    """The event that a text names, in the form of `sources/hooked_up`; "" for none."""
    beside: str = ""
    """What must be compared with it, where its names are common words."""
    fields: bool = False
    """Each kind comes in a field of its own."""


def _stripe(text: str) -> str:
    return text if re.fullmatch(_STRIPE, text) else ""


_STRIPE = (
    r"(?:account|application_fee|balance|billing_portal|charge|checkout|coupon|credit_note|customer|entitlements|identity|invoice|invoiceitem|issuing_\w+|mandate|payment_intent|payment_link"
    r"|payment_method|payout|person|plan|price|product|promotion_code|quote|radar|refund|review|setup_intent|subscription_schedule|tax_rate|topup|transfer)(?:\.[a-z_]+){1,3}"
)
_KINDS = {
    "stripe": _Kind(r"(?i)\bstripe\b", _stripe),
    "github-hook": _Kind(r"(?i)x[-_]github[-_]event", lambda text: text if text in _GITHUB else "", r"(?i)event|kind|type|name"),
    "gitlab-hook": _Kind(r"(?i)x[-_]gitlab|object_kind", lambda text: _GITLAB_WORDS.get(text.lower().removesuffix(" hook"), "") if text.endswith(" Hook") else ""),
    "telegram": _Kind(r"(?i)telegram|update", lambda text: text if text in _TELEGRAM else "", fields=True),
    "shopify": _Kind(r"(?i)shopify", lambda text: text.lower().replace("/", "_") if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+|[a-z_]+/[a-z_]+", text) else "", r"(?i)topic"),
}
_OBJECT_KIND = pattern(r"(?i)object_?kind|event_?type|\bkind\b")


def told_apart(code: Code, provider: str) -> Iterator[tuple[str, Node, Module]]:
    """Each kind that code waits for, with where it says so; files of tests, and the lists by which events are asked for, left out."""
    kind = _KINDS[provider]
    for path in code.project.sources:
        if is_test(path) or not re.search(kind.file, code.project.text(path)):
            continue
        module = code.project.module(path)
        if module is None:
            continue
        for text, node, other in _compared(code, module):
            name = kind.name(text) or (_GITLAB_WORDS.get(text.replace("_", " "), "") if provider == "gitlab-hook" and _OBJECT_KIND.search(other) else "")
            if name and (not kind.beside or re.search(kind.beside, other)):
                yield name, node, module
        for text, node in _fields(module) if kind.fields else ():
            if name := kind.name(text):
                yield name, node, module


def _compared(code: Code, module: Module) -> Iterator[tuple[str, Node, str]]:
    """Texts that something is compared with, or that a table of handlers has: text, place, and how the other side is written."""
    for node in module.all(Operation):
        if node.operator in _SAME:
            for operand in node.operands:
                other = " ".join(_written(each) for each in node.operands if each is not operand)
                for text in _texts(operand):
                    yield text, operand, other
        elif node.operator == "in" and isinstance(node.operands[-1], Sequence):
            yield from ((text, item, _written(node.operands[0])) for item in node.operands[-1].items for text in _texts(item))
    for call in module.calls(*_HAS):
        held = code.origins.of(call.callee.object).node if isinstance(call.callee, Member) else None
        if isinstance(held, Sequence) and call.args:
            yield from ((text, item, _written(call.args[0])) for item in held.items for text in _texts(item))
    looked_up = _looked_up(code, module)
    for table in module.all(Object):
        key = looked_up.get(id(table))
        yield from ((entry.key, entry, key) for entry in table.entries if key and entry.key and _is_handler(code, entry.value))


def _texts(node: Node) -> Iterator[str]:
    """A text, or each of a pattern with several (`case "a" | "b":`)."""
    if isinstance(node, Literal) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _texts(item)


def _looked_up(code: Code, module: Module) -> dict[int, str]:
    """How the key is written by which something is first taken out of a table, by the table's `id`."""
    found: dict[int, str] = {}
    for node in module.all(Subscript):
        found.setdefault(id(code.origins.of(node.object).node), _written(node.key))
    for call in module.calls("get"):
        if isinstance(call.callee, Member) and call.args:
            found.setdefault(id(code.origins.of(call.callee.object).node), _written(call.args[0]))
    return found


def _is_handler(code: Code, node: Node) -> bool:
    return isinstance(node, Function) or (isinstance(node, (Name, Member)) and code.origins.of(node).kind == "function")


def _fields(module: Module) -> Iterator[tuple[str, Node]]:
    """The fields that are read: `update.callback_query`, `update["callback_query"]`, `update.get("callback_query")`, `"callback_query" in update`."""
    yield from ((node.name, node) for node in module.all(Member))
    yield from ((node.key.value, node) for node in module.all(Subscript) if isinstance(node.key, Literal) and isinstance(node.key.value, str))
    for call in module.calls("get"):
        yield from ((text, call) for arg in call.args[:1] for text in _texts(arg))
    for node in module.all(Operation):
        if node.operator == "in":
            yield from ((text, node) for text in _texts(node.operands[0]))


def _written(node: Node) -> str:
    """The names in an expression: `event.type`, `request.headers["X-GitHub-Event"]`."""
    if isinstance(node, Subscript):
        return f"{_written(node.object)} {_written(node.key)}"
    if isinstance(node, Literal):
        return str(node.value)
    if isinstance(node, Call):
        return " ".join([_written(node.callee), *map(_written, node.args)])
    if isinstance(node, Member):
        return f"{_written(node.object)} {node.name}"
    return last_name(node)


