"""Do systemd units say their commands?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.systemd import PROBE
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


def test_a_unit_is_one_instance_of_its_command(tmp_path: Path) -> None:
    text = "[Unit]\n[Service]\nEnvironment=WEB_CONCURRENCY=3\nExecStart=/srv/venv/bin/gunicorn \\\n  app:app\n"
    assert told(look(tmp_path, {"shop.service": text})) == [
        "service.run shop app:app @shop.service:4",
        "instances.factor shop 3 @shop.service:4",
        "instances.factor shop 1 @shop.service:4",
    ]


def test_a_template_unit_leaves_the_number_open(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"shop@.service": "[Service]\nExecStart=/usr/bin/node server.js\n"}))
    assert found[-1] == "instances.possible shop @shop@.service:2"
