"""Which task groups does Nomad run, how often?

    group "api" {
      count = 3
      task "api" { config { command = "npm" args = ["run", "start"] } }
    }

`count` absent is `scaling.min`, else 1 (hashicorp/nomad api/tasks.go).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import InstancesFactor, InstancesPossible, ServerTrait, ServiceRun
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents.read_hcl import Block, read_hcl, words
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


class Nomad:
    """Variables (`count = var.n`) are not known from the job file: possible, not stated."""

    name = "nomad"
    looks_at = ("*.nomad", "*.nomad.hcl", "*.hcl")
    answers: frozenset[type[Fact]] = frozenset({ServiceRun, InstancesFactor, InstancesPossible, ServerTrait})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and _files(eyes) else "no Nomad job"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in _files(eyes):
            try:
                text = eyes.text(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            for job in read_hcl(text).find("job"):
                groups = list(job.find("group"))
                for group in groups:
                    name = group.label if len(groups) > 1 else job.label or group.label
                    yield from _group(eyes, file, name, group)


def _files(eyes: Eyes) -> list[File]:
    return [
        file
        for file in eyes.tree.named(*Nomad.looks_at)
        if not aside(eyes, file) and "terraform" not in file.name
    ]


def _group(eyes: Eyes, file: File, name: str, group: Block) -> Iterator[Evidence | Lost]:
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
    if "count" in group.keys:
        value, line = group.keys["count"]
        yield replicas(unit, number(value).many, f"count = {value}", line)
        return
    scaling = group.first("scaling")
    if "max" in scaling.keys:
        value, line = scaling.keys["max"]
        yield replicas(unit, number(value).many, f"scaling max = {value}", line)
    else:
        yield replicas(unit, 1, "no count: 1")


PROBE = Nomad()
