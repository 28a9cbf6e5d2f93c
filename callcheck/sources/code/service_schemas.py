"""Which functions does a broker call, as the schema of a service names them?

    module.exports = { name: "stock", actions: { list(ctx) {}, take: { async handler(ctx) {} } }, events: { "order.paid"(ctx) {} } }

Moleculer takes such an object from a file that its runner finds, and from createService() and parseServiceSchema() (src/service.js of 0.14.36).
"""

from __future__ import annotations

from callcheck.sources.code.tree import Entry, Function, Node, Object

PACKAGE = "moleculer"
_SECTIONS = {"actions": "request", "events": "message"}


def called_as(function: Function) -> str:
    """The role of a function that stands in the schema of a service: request for an action, message for an event; "" for any other."""
    entry: Node | None = function.parent
    if isinstance(entry, Entry) and entry.key == "handler" and isinstance(entry.parent, Object):
        entry = entry.parent.parent
    section = entry.parent.parent if isinstance(entry, Entry) and isinstance(entry.parent, Object) else None
    whole = section.parent if isinstance(section, Entry) else None
    if not isinstance(section, Entry) or not isinstance(whole, Object) or whole.get("name") is None:
        return ""
    return _SECTIONS.get(section.key or "", "")
