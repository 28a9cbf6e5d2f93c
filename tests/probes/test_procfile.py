"""Does a Procfile say its process types?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.procfile import PROBE
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


def test_each_line_is_a_process_type_and_release_is_none(tmp_path: Path) -> None:
    text = "release: flask db upgrade\nweb: gunicorn -w 4 app:app\nworker: rq worker jobs\n"
    assert told(look(tmp_path, {"Procfile": text})) == [
        "service.run web app:app @Procfile:2",
        "instances.factor web 4 @Procfile:2",
        "service.run worker @Procfile:3",
        "instances.factor worker 1 @Procfile:3",
    ]


def test_gunicorn_without_a_number_is_only_a_possibility(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"Procfile": "web: gunicorn app:app\n"}))[1] == "instances.possible web @Procfile:1"


def test_node_does_not_read_the_platforms_variable(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"Procfile": "web: node server.js\n"}))[1] == "instances.factor web 1 @Procfile:1"
