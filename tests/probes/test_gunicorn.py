"""Does gunicorn.conf.py say its workers?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.gunicorn import PROBE
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


def test_a_number_and_preloading_are_read(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"gunicorn.conf.py": "bind = ':80'\nworkers = 3\npreload_app = True\n"}))
    assert found == ["instances.factor 3 @gunicorn.conf.py:2", "server.trait preloaded @gunicorn.conf.py:3"]


def test_a_variable_with_a_default_gives_the_default(tmp_path: Path) -> None:
    assert told(
        look(tmp_path, {"gunicorn.conf.py": "import os\nworkers = int(os.environ.get('WEB_CONCURRENCY', 5))\n"})
    ) == ["instances.factor 5 @gunicorn.conf.py:2"]


def test_a_variable_without_one_is_a_possibility(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"gunicorn.conf.py": "import os\nworkers = int(os.environ['WEB_CONCURRENCY'])\n"})) == [
        "instances.possible @gunicorn.conf.py:2"
    ]


def test_a_file_without_workers_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"gunicorn.conf.py": "bind = ':80'\n"}) == []


def test_a_number_out_of_all_reason_is_no_number(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"gunicorn.conf.py": "workers = 1e999\n"})) == ["instances.possible @gunicorn.conf.py:1"]
