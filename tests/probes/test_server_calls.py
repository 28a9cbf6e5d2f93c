"""Does the code start a server with several workers?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.server_calls import PROBE
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


def test_uvicorn_run_with_workers_counts(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"main.py": "import uvicorn\nuvicorn.run('a:b', workers=4)\n"})) == [
        "instances.factor 4 @main.py:2"
    ]


def test_throng_counts(tmp_path: Path) -> None:
    assert told(look(tmp_path, {"a.js": "const throng = require('throng');\nthrong({ workers: 3, start });\n"})) == [
        "instances.factor 3 @a.js:2"
    ]


def test_one_worker_an_unknown_number_and_tests_say_nothing(tmp_path: Path) -> None:
    files = {
        "a.py": "import uvicorn\nuvicorn.run('a:b', workers=1)\n",
        "b.py": "import uvicorn\nuvicorn.run('a:b', workers=settings.n)\n",
        "tests/c.py": "import uvicorn\nuvicorn.run('a:b', workers=9)\n",
    }
    assert look(tmp_path, files) == []
