"""Do ECS files say what runs, how often?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.ecs import PROBE
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


TASK = '{"family": "api", "containerDefinitions": [\n {"name": "api", "image": "x/api:1", "command": ["gunicorn", "-w", "2", "a:b"]}]}'


def test_service_and_task_meet_under_the_services_name(tmp_path: Path) -> None:
    service = (
        '{"serviceName": "web",\n "taskDefinition": "arn:aws:ecs:eu:1:task-definition/api:7",\n "desiredCount": 3}'
    )
    assert told(look(tmp_path, {"task.json": TASK, "service.json": service})) == [
        "service.run web a:b @task.json:2",
        "instances.factor web 2 @task.json:2",
        "instances.factor web 3 @service.json:3",
    ]


def test_a_task_alone_does_not_say_how_often(tmp_path: Path) -> None:
    assert not any("desired" in line for line in told(look(tmp_path, {"task.json": TASK})))
