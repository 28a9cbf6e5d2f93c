"""Which task groups does Nomad run, how often?

    group "api" {
      count = 3
      task "api" { config { command = "npm" args = ["run", "start"] } }
    }

`count` absent is `scaling.min`, else 1 (hashicorp/nomad api/tasks.go); a `scaling` lets it grow to its `max`, and a job of the type `system` runs on every client. Also the JSON of `nomad job run -json`: `{"Job": {"TaskGroups": [{"Count": 3, ...}]}}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import each_of, line_at, value_at
from callcheck.sources.documents.read_hcl import Block, words
from callcheck.sources.files import File
from callcheck.sources.launch import (
    INFRASTRUCTURE,
    Unit,
    aside,
    dockerfile_of,
    number,
    replicas,
    role_of_image,
    state_image,
)

_EVERYWHERE = "a system job: one on every client"


class Nomad:
    """Variables (`count = var.n`) are known by their defaults and by a file of variables; else they are possible, not stated."""

    name = "nomad"
    looks_at = ("*.nomad", "*.nomad.hcl", "*.hcl", "*.json")
    marks = ("job", "TaskGroups", ".nomad")
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Nomad job"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            if file.base.endswith(".json"):
                yield from _written_out(eyes, file)
                continue
            try:
                root = eyes.hcl(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            asked = {each.label: each.keys.get("default", ("", each.line)) for each in root.blocks if each.kind == "variable"}
            told = _told(eyes) if asked else {}
            known = {f"var.{name}": (told.get(name, value), line) for name, (value, line) in asked.items() if told.get(name, value)}
            for job in root.find("job"):
                groups = list(job.find("group"))
                for group in groups:
                    name = group.label if len(groups) > 1 else job.label or group.label
                    yield from _group(eyes, file, name, group, known, everywhere=job.text("type") == "system")


def _told(eyes: Eyes) -> dict[str, str]:
    """What files of variables set (`nomad job run -var-file=prod.vars.hcl`): that of production where there are several; nothing where that cannot be told."""
    files = [file for file in eyes.tree.named("*.vars.hcl", "*vars.hcl", "*.nomadvars", "*.nomad-vars") if not aside(eyes, file)]
    chosen = files if len(files) == 1 else [file for file in files if "prod" in file.base]
    try:
        return {name: value for name, (value, _) in eyes.hcl(chosen[0]).keys.items()} if len(chosen) == 1 else {}
    except SourceError:
        return {}


def _files(eyes: Eyes) -> list[File]:
    return [
        file
        for file in eyes.tree.named(*Nomad.looks_at)
        if not aside(eyes, file) and "terraform" not in file.name and (not file.base.endswith(".json") or _is_job(eyes, file))
    ]


def _is_job(eyes: Eyes, file: File) -> bool:
    return file.size < 300_000 and '"TaskGroups"' in eyes.readable(file)


def _written_out(eyes: Eyes, file: File) -> Iterator[Evidence | Lost]:
    """A job as JSON, with or without the `Job` around it."""
    try:
        document = eyes.document(file)
    except SourceError as error:
        yield Lost(clean(file.name), error.message)
        return
    job = value_at(document, "Job") or document
    groups = each_of(value_at(job, "TaskGroups"))
    for _, group in groups:
        name = str(group.get("Name") if len(groups) > 1 else value_at(job, "ID") or value_at(job, "Name") or group.get("Name"))
        for _, task in each_of(group.get("Tasks")):
            image = str(value_at(task, "Config", "image") or "")
            args = value_at(task, "Config", "args")
            command = [str(each) for each in (value_at(task, "Config", "command"), *(args if isinstance(args, list) else ())) if each]
            unit = Unit("nomad", "nomad", name, file, line_at(task, "Config"), role=role_of_image(image), image=image)
            yield from state_image(eyes, unit, dockerfile_of(eyes, image, [name]), command=command or "")
        count, most = group.get("Count"), value_at(group, "Scaling", "Max")
        line = line_at(group, "Scaling" if most else "Count") or 1
        unit = Unit("nomad", "nomad", name, file, line)
        if value_at(job, "Type") == "system":
            yield replicas(unit, 2, _EVERYWHERE, at_least=True)
        elif most and value_at(group, "Scaling", "Enabled") is not False:
            yield replicas(unit, number(most).many, f"Scaling Max: {most}", line)
        else:
            yield replicas(unit, 1 if count is None else number(count).many, f"Count: {1 if count is None else count}", line)


def _group(eyes: Eyes, file: File, name: str, group: Block, known: dict[str, tuple[str, int]], *, everywhere: bool) -> Iterator[Evidence | Lost]:
    unit = Unit("nomad", "nomad", name, file, group.line)
    some = False
    for task in group.find("task"):
        config = task.first("config")
        image = config.text("image")
        role = role_of_image(image)
        some = some or role not in INFRASTRUCTURE
        env = {key: value.strip('"') for key, (value, _) in task.first("env").keys.items()}
        command: list[str] = [config.text("command")] if config.text("command") else []
        command += words(config.keys.get("args", ("", 0))[0])
        at = Unit("nomad", "nomad", name, file, config.line, env, role, image)
        yield from state_image(eyes, at, dockerfile_of(eyes, image, [name]), command=command or "")
    if not some:
        return
    scaling = group.first("scaling")
    if everywhere:
        yield replicas(unit, 2, _EVERYWHERE, at_least=True)
    elif "max" in scaling.keys and scaling.text("enabled") != "false":
        value, line = known.get(scaling.keys["max"][0], scaling.keys["max"])
        yield replicas(unit, number(value).many, f"scaling max = {value}", line)
    elif "count" in group.keys:
        value, line = known.get(group.keys["count"][0], group.keys["count"])
        yield replicas(unit, number(value).many, f"count = {value}", line)
    else:
        yield replicas(unit, 1, "no count: 1")


PROBE = Nomad()
