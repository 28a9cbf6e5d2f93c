"""Does render.yaml say its services?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.render import PROBE
from callcheck.sources import Eyes


def look(folder: Path, files: dict[str, str]) -> list[Evidence | Lost]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, Knowledge())
    return [] if PROBE.skip(target, eyes) else list(PROBE.look(target, eyes))


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


def test_services_and_their_numbers_are_read(tmp_path: Path) -> None:
    text = """\
services:
  - type: web
    name: api
    startCommand: gunicorn -w ${WEB_CONCURRENCY:-2} a:b
    numInstances: 3
  - type: worker
    name: jobs
    startCommand: rq worker
  - type: keyvalue
    name: cache
"""
    assert told(look(tmp_path, {"render.yaml": text})) == [
        "service.run api a:b @render.yaml:3",
        "instances.factor api 2 @render.yaml:4",
        "instances.factor api 3 @render.yaml:5",
        "service.run jobs @render.yaml:7",
        "instances.factor jobs 1 @render.yaml:8",
        "instances.factor jobs 1 @render.yaml:7",
        "service.run cache @render.yaml:10",
    ]
