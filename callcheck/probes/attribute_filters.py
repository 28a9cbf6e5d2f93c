"""Does the filter of a Pub/Sub subscription ask for an attribute, or a value of it, that no message has?

    filter = "attributes.type = \"order.paid\""             gcloud pubsub subscriptions create paid --message-filter='attributes.type = "order.paid"'
    publisher.publish(topic, data, event="order.paid")      topic.publishMessage({ data, attributes: { event: "order.paid" } })

What a filter does not let through is acknowledged by Pub/Sub itself. Source: cloud.google.com/pubsub/docs/subscription-message-filter.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.routing import SubscriptionBlind
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.every_text import every_text
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Node, Object, last_name
from callcheck.sources.terraform import made

_LIBRARY = ("pubsub_v1", "@google-cloud/pubsub")
_PUBLISHES = ("publish", "publishMessage", "publishJSON")
_OPTIONS = frozenset({"ordering_key", "timeout", "retry", "data", "topic"})
_IN_SHELL = pattern(r"--message-filter[= ]+(?P<quote>['\"])(?P<filter>(?:\\.|(?!(?P=quote))[^\\\n])+)(?P=quote)")
_CREATES = pattern(r"subscriptions\s+create\s+[\"']?([\w-]+)")
_IS, _BEGINS, _HAS = pattern(r"attributes\.\"?([\w-]+)\"?\s*=\s*\"([^\"]*)\""), pattern(r"hasPrefix\(\s*attributes\.\"?([\w-]+)\"?\s*,\s*\"([^\"]*)\"\s*\)"), pattern(r"attributes:\"?([\w-]+)\"?")
_NOT = pattern(r"\bNOT\b|!=|(?:^|\s)-(?=attributes|hasPrefix|\()")
_OR, _AND = pattern(r"\bOR\b"), pattern(r"\bAND\b")


@dataclass(slots=True)
class _Sent:
    """The values of each attribute, "*" for one that is computed."""

    values: dict[str, set[str]] = field(default_factory=dict)
    calls: list[Node] = field(default_factory=list)
    open: bool = False


class AttributeFilters:
    """Silent where the attributes of a message are computed, and for filters that say what must not be."""

    name = "attribute-filters"
    looks_at = Sight.SOURCE
    marks = _LIBRARY
    signs = (Sign(words=("pubsub_v1", "PubSub")),)
    answers = frozenset({SubscriptionBlind})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        filters = list(_filters(eyes))
        sent = _sent(eyes.code) if filters else _Sent()
        for name, text, path, line in filters if sent.calls and not sent.open else ():
            blind = _blind(text, sent)
            if blind is not None:
                fact = SubscriptionBlind(clean(name, 80), clean(blind[0], 60), blind[1], "gcp_pubsub")
                because = (seen(fact, sent.calls[0], self.name, label="this is what is sent"),)
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(path), line or 1), because=because)


def _filters(eyes: Eyes) -> Iterator[tuple[str, str, str, int]]:
    """Subscription, filter, file and line."""
    for scope, file, block in made(eyes):
        held = scope.value(eyes, block.keys["filter"], file) if block.labels[0] == "google_pubsub_subscription" and "filter" in block.keys else None
        if isinstance(held, str) and "${" not in held:
            yield block.label, held.replace('\\"', '"'), file.name, block.keys["filter"][1]
    for file in eyes.tree.named("*.sh", "*.y*ml", "Makefile"):
        text = eyes.readable(file, 200_000)
        for found in _IN_SHELL.finditer(text):
            created = list(_CREATES.finditer(text, 0, found.start()))
            if "$" not in found["filter"]:
                yield created[-1][1] if created else "", found["filter"].replace('\\"', '"'), file.name, text.count("\n", 0, found.start()) + 1


def _sent(code: Code) -> _Sent:
    sent = _Sent()
    for call in code.project.calls(*_PUBLISHES):
        module = module_of(call)
        if is_test(module.path) or not any(each in module.text for each in _LIBRARY):
            continue
        sent.calls.append(call)
        pairs = _attributes(code, call)
        sent.open = sent.open or pairs is None
        for key, value in pairs or ():
            sent.values.setdefault(key, set()).update(every_text(code, value) or {"*"})
    return sent


def _attributes(code: Code, call: Call) -> list[tuple[str, Node | None]] | None:
    """The attributes of one message; None if they are not written out."""
    if module_of(call).language == "python":
        if any(not each.name for each in call.keywords):
            return None
        return [(each.name, each.value) for each in call.keywords if each.name not in _OPTIONS]
    if last_name(call.callee) == "publishMessage":
        message = call.args[0] if call.args else None
        held = message if isinstance(message, Object) or message is None else code.origins.of(message).node
        if not isinstance(held, Object) or any(entry.key is None for entry in held.entries):
            return None
        given = held.get("attributes")
    else:
        given = call.args[1] if len(call.args) > 1 else None
    if given is None:
        return []
    table = given if isinstance(given, Object) else code.origins.of(given).node
    if not isinstance(table, Object) or any(entry.key is None for entry in table.entries):
        return None
    return [(str(entry.key), entry.value) for entry in table.entries]


def _blind(text: str, sent: _Sent) -> tuple[str, str] | None:
    """The attribute that keeps every message out, and why; None where some may pass."""
    if _NOT.search(text) or (_OR.search(text) and _AND.search(text)):
        return None
    asked = [(found[1], found[2], False) for found in _IS.finditer(text)] + [(found[1], found[2], True) for found in _BEGINS.finditer(text)]
    asked += [(found[1], "", True) for found in _HAS.finditer(text)]
    whys = [(name, _unmet(sent.values.get(name), value, begins)) for name, value, begins in asked]
    unmet = [(name, why) for name, why in whys if why]
    return unmet[0] if unmet and (not _OR.search(text) or len(unmet) == len(whys)) else None


def _unmet(values: set[str] | None, wanted: str, begins: bool) -> str:
    if values is None:
        return "not-an-attribute"
    met = "*" in values or wanted in values or (begins and any(each.startswith(wanted) for each in values))
    return "" if met else "other-value"


PROBE = AttributeFilters()
