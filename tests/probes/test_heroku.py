"""Do app.json and railway.json say how many?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.heroku import PROBE
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


def test_formation_and_replicas_are_read(tmp_path: Path) -> None:
    files = {
        "app.json": '{"formation": {\n "web": {"quantity": 2}}}',
        "railway.json": '{"deploy": {"startCommand": "node a.js",\n "numReplicas": 3}}',
    }
    found = told(look(tmp_path, files))
    assert "instances.factor web 2 @app.json:2" in found
    assert "instances.factor 3 @railway.json:2" in found


def test_an_expo_app_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"app.json": '{"expo": {"name": "x"}}'}) == []
