"""Does a Dockerfile say what it starts?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.dockerfile import PROBE
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


def test_the_last_stage_decides_in_either_form(tmp_path: Path) -> None:
    text = "FROM node AS build\nCMD node wrong.js\nFROM node\nENV WEB_CONCURRENCY=3\nCMD exec uvicorn a:b \\\n  --port 80\n"
    assert told(look(tmp_path, {"Dockerfile": text})) == [
        "service.run a:b @Dockerfile:5",
        "instances.factor 3 @Dockerfile:5",
    ]


def test_an_entry_script_gives_way_to_the_command(tmp_path: Path) -> None:
    files = {
        "Dockerfile": 'FROM python\nENTRYPOINT ["./entry.sh"]\nCMD ["gunicorn", "-w", "2", "a:b"]\n',
        "entry.sh": '#!/bin/sh\nexec "$@"\n',
    }
    assert told(look(tmp_path, files)) == ["service.run a:b @Dockerfile:3", "instances.factor 2 @Dockerfile:3"]


def test_the_lambda_adapter_makes_it_a_function(tmp_path: Path) -> None:
    text = 'FROM python\nCOPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:0.8.1 /lambda-adapter /opt/x\nCMD ["uvicorn", "a:b"]\n'
    assert told(look(tmp_path, {"Dockerfile": text}))[0] == "serverless.function aws-lambda @Dockerfile:2"


def test_a_dockerfile_without_a_command_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"Dockerfile": "FROM python\nRUN pip install x\n"}) == []


def test_gunicorns_configuration_is_read_and_never_run(tmp_path: Path) -> None:
    conf = "import multiprocessing\nraise SystemExit\nworkers = multiprocessing.cpu_count() * 2 + 1\n"
    found = told(look(tmp_path, {"Dockerfile": 'FROM python\nCMD ["gunicorn", "a:b"]\n', "gunicorn.conf.py": conf}))
    assert found == ["service.run a:b @Dockerfile:2", "instances.factor 2+ @gunicorn.conf.py:3"]
