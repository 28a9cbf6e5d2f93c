"""Does supervisord say its programs?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.supervisor import PROBE
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


def test_numprocs_and_the_commands_own_workers_are_two_factors(tmp_path: Path) -> None:
    text = "[supervisord]\nnodaemon=true\n[program:desk]\ncommand=/srv/venv/bin/gunicorn --workers=5 desk:app\nnumprocs=2\n[program:cron]\ncommand=python cron.py\n"
    assert told(look(tmp_path, {"supervisord.conf": text})) == [
        "service.run desk desk:app @supervisord.conf:3",
        "instances.factor desk 5 @supervisord.conf:4",
        "instances.factor desk 2 @supervisord.conf:5",
        "service.run cron cron.py @supervisord.conf:6",
        "instances.factor cron 1 @supervisord.conf:7",
        "instances.factor cron 1 @supervisord.conf:6",
    ]


def test_another_conf_file_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"nginx.conf": "server { listen 80; }"}) == []
