"""What do the project's calls send to SNS and EventBridge, as far as it is written out?

    sns.publish(TopicArn=..., MessageAttributes={"kind": {"StringValue": "paid"}})
    client.send(new PutEventsCommand({ Entries: [{ Source: "shop", DetailType: "order.paid" }] }))
    entry = {"Source": SOURCE, "DetailType": kind}; events.put_events(Entries=[entry])        # with `kind` a parameter of the app's own publish()
"""

from __future__ import annotations

from callcheck.model.noun import dataclass, field
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.every_text import every_text
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import Assign, Call, Member, Node, Object

_PUBLISH, _PUT = ("publish", "PublishCommand", "publish_batch", "PublishBatchCommand"), ("put_events", "PutEventsCommand", "putEvents")


@dataclass(slots=True)
class Sent:
    """Of an attribute whose value is computed, "*"; `open_…`: something that is sent is not written out."""

    attributes: dict[str, set[str]] = field(default_factory=dict)
    published: list[Node] = field(default_factory=list)
    open_attributes: bool = False
    types: dict[str, Node] = field(default_factory=dict)
    origins: dict[str, Node] = field(default_factory=dict)
    open_types: bool = False
    open_origins: bool = False
    buses: list[Node | None] = field(default_factory=list)
    """What each entry that is put names as its bus; None for the default one."""


def sent_by(eyes: Eyes) -> Sent:
    sent, code = Sent(), eyes.code
    for call in code.project.calls(*_PUBLISH):
        given = given_as(call, "MessageAttributes")
        if given is None and not any(isinstance(a, Object) for a in call.args) and not call.keywords:
            continue
        sent.published.append(call)
        _attributes(code, given, sent)
    for call in code.project.calls(*_PUT):
        entries = _entries(code, call)
        sent.buses += [each.get("EventBusName") for each in entries]
        sent.open_types = sent.open_types or not entries
        for entry in entries:
            types, origins = (every_text(code, entry.get(key)) for key in ("DetailType", "Source"))
            sent.types |= types or {}
            sent.origins |= origins or {}
            sent.open_types, sent.open_origins = sent.open_types or types is None, sent.open_origins or origins is None
    if (sent.types or sent.origins) and _filled_later(code):
        sent.open_types = sent.open_origins = True
    return sent


def _filled_later(code: Code) -> bool:
    """Whether the kind of an event is put into it once it is there: `event["DetailType"] = "DeliveryFailed"`; who knows what else is."""
    assigns = (each for module in code.project.naming("DetailType") if not is_test(module.path) for each in module.all(Assign))
    return any(isinstance(target, Member) and target.name == "DetailType" for each in assigns for target in each.targets)


def _attributes(code: Code, given: Node | None, sent: Sent) -> None:
    """The attributes of one message, in an object that is written there or kept under a name."""
    held = given if given is None or isinstance(given, Object) else code.origins.of(given).node
    for entry in held.entries if isinstance(held, Object) else ():
        inner = entry.value if isinstance(entry.value, Object) else None
        values = every_text(code, inner.get("StringValue")) if inner is not None else None
        sent.attributes.setdefault(entry.key or "*", set()).update(values or {"*"})
    sent.open_attributes = sent.open_attributes or (given is not None and not isinstance(held, Object)) or "*" in sent.attributes


def _entries(code: Code, call: Call) -> list[Object]:
    """The events that a call puts: those written in it, else all that are written anywhere for such a call to take."""
    inside = [each for each in call.inside(Object) if each.get("DetailType") is not None]
    return inside or code.once(_written_anywhere)


def _written_anywhere(code: Code) -> list[Object]:
    found = (each for module in code.project.naming("DetailType") if not is_test(module.path) for each in module.all(Object))
    return [each for each in found if each.get("DetailType") is not None and (each.get("Detail") is not None or each.get("Source") is not None)]
