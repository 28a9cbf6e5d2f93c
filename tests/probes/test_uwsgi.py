"""Does uwsgi.ini say its processes and threads?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.uwsgi import PROBE
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


def test_processes_and_threads_that_are_off_are_said(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"uwsgi.ini": "[uwsgi]\nmodule = a:b\nprocesses = 4\nlazy-apps = true\n"}))
    assert found == ["instances.factor 4 @uwsgi.ini:3", "server.trait threads-disabled @uwsgi.ini:2"]


def test_enabled_threads_leave_nothing_to_say(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"uwsgi.ini": "[uwsgi]\nenable-threads = true\n"})) == [
        "instances.factor 1 @uwsgi.ini:1"
    ]


def test_a_newer_version_only_leaves_it_unstated(tmp_path: Path) -> None:
    files = {"uwsgi.ini": "[uwsgi]\nmodule = a\n", "requirements.txt": "uWSGI==2.0.28\n"}
    assert told(look(tmp_path, files))[1] == "server.trait threads-unstated @uwsgi.ini:2"
