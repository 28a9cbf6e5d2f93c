"""May an emission reach a listener, by its name and by the processes that the two run in?"""

from __future__ import annotations

from callcheck.model.evidence import Evidence, Ledger

_WEB_ROLES = frozenset({"request", "connection", "render", "effect", "component"})
_BEHIND = frozenset({"worker", "scheduler"})
IN_MEMORY = frozenset({"emitter", "signal", "target"})
"""Kinds of objects on which the application emits what it listens to, in the memory of one process."""


def fits(listened: str, emitted: str) -> bool:
    """Whether an emission may reach a listener: the same name, or one of them computed."""
    if not listened or not emitted:
        return True
    if "*" in listened or "*" in emitted:
        head = listened.split("*")[0]
        other = emitted.split("*")[0]
        return head.startswith(other) or other.startswith(head)
    return listened == emitted


def processes(item: Evidence, role: str, ledger: Ledger, roles: dict[str, str]) -> frozenset[str]:
    """The units in which the code at a place really runs: what is loaded everywhere still serves requests in the web unit only."""
    units = ledger.units(item)
    if role in _WEB_ROLES:
        return frozenset(u for u in units if roles.get(u) not in _BEHIND) or units
    if role == "job":
        return frozenset(u for u in units if roles.get(u) != "web") or units
    return units
