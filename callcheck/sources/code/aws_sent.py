"""What do the project's calls send to SNS and EventBridge, as far as it is written out?

    sns.publish(TopicArn=..., MessageAttributes={"kind": {"StringValue": "paid"}})
    client.send(new PutEventsCommand({ Entries: [{ Source: "shop", DetailType: "order.paid" }] }))
"""

from __future__ import annotations

from callcheck.model.noun import dataclass, field
from callcheck.sources import Eyes
from callcheck.sources.code.tree import Call, Entry, Keyword, Literal, Node, Object

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
    sent = Sent()
    for call in eyes.code.project.calls(*_PUBLISH):
        given = given_as(call, "MessageAttributes")
        if given is None and not any(isinstance(a, Object) for a in call.args) and not call.keywords:
            continue
        sent.published.append(call)
        for entry in given.entries if isinstance(given, Object) else ():
            held = entry.value if isinstance(entry.value, Object) else None
            value = held.get("StringValue") if held is not None else None
            sent.attributes.setdefault(entry.key or "*", set()).add(value.value if isinstance(value, Literal) and isinstance(value.value, str) else "*")
        sent.open_attributes = sent.open_attributes or (given is not None and not isinstance(given, Object)) or "*" in sent.attributes
    for call in eyes.code.project.calls(*_PUT):
        written = {key: [e.value for e in call.inside(Entry) if e.key == key] for key in ("DetailType", "Source")}
        entries = [each for each in call.inside(Object) if any(entry.key == "DetailType" for entry in each.entries)]
        sent.buses += [each.get("EventBusName") for each in entries]
        for value in written["DetailType"]:
            if isinstance(value, Literal) and isinstance(value.value, str):
                sent.types.setdefault(value.value, value)
            else:
                sent.open_types = True
        sent.open_types = sent.open_types or not written["DetailType"]
        for value in written["Source"]:
            if isinstance(value, Literal):
                sent.origins.setdefault(str(value.value), value)
            else:
                sent.open_origins = True
    return sent


def given_as(call: Call, name: str) -> Node | None:
    """What is given under a name, as a keyword or in an object."""
    found = next((k.value for k in call.keywords if isinstance(k, Keyword) and k.name == name), None)
    return found or next((value for arg in call.args if isinstance(arg, Object) and (value := arg.get(name)) is not None), None)
