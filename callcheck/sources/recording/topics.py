"""What is otherwise with MQTT's topics: a subscription may be to many, and who heard is known to the broker alone.

    sensors/7/heat     a topic
    sensors/+/heat     a filter: any one level
    $share/g/a/#       a filter that a group shares: all that begins with a/
"""

from __future__ import annotations

from collections.abc import Iterable


def near(topic: str, filters: Iterable[str]) -> str:
    """The filter that would take a topic if neither slashes at its ends nor case counted, where none takes it; "" for none."""
    levels, loose = topic.split("/"), _loose(topic)
    found = ""
    for each in filters:
        wanted = _unshared(each)
        if _takes(wanted.split("/"), levels):
            return ""
        if not found and any(loose) and _takes(_loose(wanted), loose):
            found = each
    return found


def _takes(wanted: list[str], levels: list[str]) -> bool:
    if levels[0].startswith("$") and wanted[0] in ("+", "#"):
        return False
    if wanted[-1] == "#":
        wanted = wanted[:-1]
        levels = levels[: len(wanted)]
    return len(wanted) == len(levels) and all(want in ("+", level) for want, level in zip(wanted, levels, strict=True))


def _unshared(wanted: str) -> str:
    return wanted.split("/", 2)[2] if wanted.startswith("$share/") and wanted.count("/") >= 2 else wanted


def _loose(topic: str) -> list[str]:
    return topic.strip("/").lower().split("/")
