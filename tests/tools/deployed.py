"""Lays out deployment files, lets one probe look at them, and says shortly what it states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.probe import Probe
from callcheck.model.target import Target
from callcheck.sources import Eyes

Look = Callable[[Path, dict[str, str]], list[Evidence | Lost]]


def look_with(probe: Probe, known: Knowledge | None = None) -> Look:
    """A function that writes files into a folder and gives what the probe states of it, with what is known of libraries if given."""

    def look(folder: Path, files: dict[str, str]) -> list[Evidence | Lost]:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        target = Target(base=folder, folders=(folder,))
        eyes = Eyes(target, known or Knowledge())
        return [] if probe.skip(target, eyes) else list(probe.look(target, eyes))

    return look


def told(found: list[Evidence | Lost]) -> list[str]:
    """Each fact as `kind service values @place`, for short comparisons."""
    lines = []
    for item in found:
        if isinstance(item, Lost):
            lines.append(f"lost {item.what}")
            continue
        values = item.fact.attributes()
        name = values.get("service.name", values.get("faas.name"))
        count = values.get("callcheck.instance.count", "")
        many = f"{count}+" if values.get("callcheck.instance.at_least") else str(count)
        more = (
            values.get("callcheck.entry.file")
            or values.get("callcheck.sticky.by")
            or values.get("faas.platform")
            or values.get("callcheck.server.trait")
            or ""
        )
        lines.append(" ".join(word for word in [item.fact.kind, str(name), many, str(more), f"@{item.where}"] if word))
    return lines
