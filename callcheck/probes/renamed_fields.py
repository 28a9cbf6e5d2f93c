"""Does a handler of Stripe's events read fields that the version of its API no longer has?

    resource "stripe_webhook_endpoint" "passes" { api_version = "2025-03-31.basil" }
    subscription = invoice.get("subscription")              # since then: invoice["parent"]["subscription_details"]["subscription"]

Source: docs.stripe.com/changelog/basil/2025-03-31. An endpoint sends its events in the version that it was made with, else in that of the account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.execution import PayloadMisread
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Call,
    Entry,
    Function,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Param,
    Subscript,
    last_name,
)
from callcheck.sources.hooked_up.asking import STRIPE
from callcheck.sources.hooked_up.made import VERSION, made

_SINCE = "2025-03-31"
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "invoice": {
        "subscription": "parent.subscription_details.subscription",
        "payment_intent": "payments",
        "charge": "payments",
    },
    "subscription": {"current_period_end": "items.data[].current_period_end", "current_period_start": "items.data[].current_period_start"},
}
"""By what an object is called: its fields until then, and where they are now."""
_CALLED = {"invoice": pattern(r"(?i)^(?:stripe_?)?(?:invoice|inv)(?:_?(?:object|obj|data))?$"), "subscription": pattern(r"(?i)^(?:stripe_?)?sub(?:s|scription)?(?:_?(?:object|obj|data))?$")}
_NOW = {"invoice": pattern(r"\bsubscription_details\b|\bpayments[\"'\]]*[.\[]"), "subscription": pattern(r"\bitems[\"'\]!?]*[.\[]")}
"""Where a file has the new fields, it is written for both."""
_EVENTS = {"invoice": "invoice.", "subscription": "customer.subscription."}
_ANNOTATED = pattern(r"(?i)\bStripe\.(?:Invoice|Subscription)\b")
_VERSION = pattern(r"""(?:\bapiVersion|\bapi_version|\bstripe_version)["']?\s*[:=]\s*["'](20\d\d-\d\d-\d\d)""")


class RenamedFields:
    """Silent where no version of the API is written down, or an older one is."""

    name = "renamed-fields"
    looks_at = Sight.SOURCE
    about = ("verify",)
    signs = (Sign(pattern=r"\bsubscription\b|current_period_|payment_intent"),)
    answers = frozenset({PayloadMisread})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        if not any(last_name(use.call.callee) in ("constructEvent", "constructEventAsync", "construct_event") for use in code.idioms.of("verify")):
            return
        told = _version(eyes)
        if told is None or told[0] < _SINCE:
            return
        version, where = told
        for node, kind, field in _reads(code):
            fact = PayloadMisread(f"{_EVENTS[kind]}*", field, _FIELDS[kind][field], "stripe", module_of(node).language)
            because = Evidence(fact, Basis.DECLARED, self.name, where, label=f"the API's version is {clean(version, 20)}")
            yield seen(fact, node, self.name, (because,))
            return


def _version(eyes: Eyes) -> tuple[str, Location] | None:
    """The version of the endpoint, or else of the client; None where several do not agree, or none is written."""
    hooks = [(hook.told[VERSION][0][:10], Location(clean(hook.file.name), hook.told[VERSION][1])) for hook in made(eyes) if hook.provider == STRIPE and VERSION in hook.told]
    if not hooks:
        project = eyes.code.project
        for path in project.holding(["apiVersion", "api_version", "stripe_version"]):
            text = project.text(path)
            hooks += [(found[1], Location(clean(path), text.count("\n", 0, found.start()) + 1)) for found in _VERSION.finditer(text) if not is_test(path) and "tripe" in text]
    return hooks[0] if hooks and len({version for version, _ in hooks}) == 1 and hooks[0][0][:2] == "20" else None


def _reads(code: Code) -> Iterator[tuple[Node, str, str]]:
    """Where a field is read that is gone: the place, the kind of the object, the field."""
    fields = {field for known in _FIELDS.values() for field in known}
    for module in code.project.naming(*fields):
        if is_test(module.path):
            continue
        for node, owner, field in _taken(module, fields):
            for kind, known in _FIELDS.items():
                if field in known and not _NOW[kind].search(module.text) and _is(code, owner, kind):
                    yield node, kind, field


def _taken(module: Module, fields: set[str]) -> Iterator[tuple[Node, Node, str]]:
    for member in module.all(Member):
        if member.name in fields and not (isinstance(member.parent, Call) and member.parent.callee is member):
            yield member, member.object, member.name
    for item in module.all(Subscript):
        if isinstance(item.key, Literal) and item.key.value in fields:
            yield item, item.object, str(item.key.value)
    for call in module.calls("get"):
        if isinstance(call.callee, Member) and call.args and isinstance(call.args[0], Literal) and call.args[0].value in fields:
            yield call, call.callee.object, str(call.args[0].value)


def _is(code: Code, owner: Node, kind: str) -> bool:
    """Whether an expression is the object of an event of a kind: so called, and taken from an event here, or handed to a function that is the handler of one."""
    text = module_of(owner).text
    if _of_event(owner):
        return _only(text, kind)
    if not isinstance(owner, Name):
        return False
    named = _CALLED[kind].match(owner.id) is not None
    held = given_once(code.origins, owner)
    if held is not None and held.value is not None:
        return named and _ANNOTATED.search(held.annotation) is not None or _of_event(held.value) and (named or _only(text, kind))
    param = code.origins.binding_of(owner)
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function):
        return False
    if _ANNOTATED.search(param.annotation):
        return kind in param.annotation.lower()
    handles = any((entry.key or "").startswith(_EVENTS[kind]) and last_name(entry.value) == function.name for module in code.project.naming(function.name) for entry in module.all(Entry))
    return handles or named and any(_comes(code, given) for call in code.origins.calls_of(function) for given in (*call.args, *(keyword.value for keyword in call.keywords)))


def _comes(code: Code, given: Node) -> bool:
    """Whether an argument is the object of an event, here or by the name that it has."""
    held = given_once(code.origins, given) if isinstance(given, Name) else None
    return _of_event(given) or held is not None and held.value is not None and _of_event(held.value)


def _only(text: str, kind: str) -> bool:
    """Whether a file handles events of this kind and no other of those that are known."""
    return _EVENTS[kind] in text and not any(other in text for name, other in _EVENTS.items() if name != kind)


def _of_event(node: Node) -> bool:
    """`event.data.object`, `event["data"]["object"]`, `event.get("data", {}).get("object")`, and what casts it."""
    names: list[str] = []
    while len(names) < 2:
        if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "get" and node.args and isinstance(node.args[0], Literal):
            names.append(str(node.args[0].value))
            node = node.callee.object
        elif isinstance(node, Member):
            names.append(node.name)
            node = node.object
        elif isinstance(node, Subscript) and isinstance(node.key, Literal):
            names.append(str(node.key.value))
            node = node.object
        else:
            return False
    return names == ["object", "data"]


PROBE = RenamedFields()
