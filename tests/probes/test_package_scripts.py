"""Does package.json say what the app starts?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.package_scripts import PROBE
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


def test_the_start_script_is_read_and_the_development_ones_are_not(tmp_path: Path) -> None:
    text = '{"scripts": {\n "dev": "pm2 start x.js -i 9",\n "start": "pm2-runtime start dist/server.js -i max",\n "start:cluster:dev": "pm2 start y.js -i 4"}}'
    assert told(look(tmp_path, {"package.json": text})) == [
        "service.run dist/server.js @package.json:3",
        "instances.factor 2+ @package.json:3",
    ]


def test_scripts_named_after_process_types_are_services(tmp_path: Path) -> None:
    found = told(
        look(
            tmp_path,
            {"package.json": '{"scripts": {"start:api": "node api.js", "worker": "node worker.js", "build": "tsc"}}'},
        )
    )
    assert [line for line in found if "run" in line] == [
        "service.run api api.js @package.json:1",
        "service.run worker worker.js @package.json:1",
    ]


def test_a_library_without_scripts_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"package.json": '{"name": "x"}'}) == []
