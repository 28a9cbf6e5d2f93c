"""How many containers does a playbook of Ansible start?

    community.docker.docker_container: {name: "feed-{{ item }}", image: registry.example.com/feed}
    loop: [3001, 3002, 3003]

Modules of Ansible's own name the containers, services of Swarm and services of Compose; what it applies to Kubernetes is read with the manifests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.documents.ansible import Task, is_task_file, tasks
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
from callcheck.sources.launch.ansible_vars import variables

_CONTAINERS = ("docker_container", "podman_container")
_SWARM = ("docker_swarm_service",)
_COMPOSE = ("docker_compose_v2", "docker_compose")


class Ansible:
    """Playbooks and roles; how many hosts a play has, its inventory says, which is seldom beside it."""

    name = "ansible"
    looks_at = ("*.yml", "*.yaml")
    marks = (*_CONTAINERS, *_SWARM, *_COMPOSE)
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        known: dict[str, Any] | None = None
        for file in eyes.tree.named(*self.looks_at):
            if aside(eyes, file) or file.size > 300_000:
                continue
            try:
                text = eyes.text(file)
                if not is_task_file(text) or not any(word in text for word in self.marks):
                    continue
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            known = variables(eyes) if known is None else known
            for task in tasks(document, known):
                yield from _started(eyes, task, file)


def _started(eyes: Eyes, task: Task, file: File) -> Iterator[Evidence | Lost]:
    container, swarm, composed = task.module(*_CONTAINERS), task.module(*_SWARM), task.module(*_COMPOSE)
    run = container or swarm
    if run is not None and str(run.get("state", "started")) not in ("absent", "stopped") and role_of_image(str(run.get("image") or "")) not in INFRASTRUCTURE:
        image = str(run.get("image") or "")
        unit = Unit("ansible", "ansible", _name(str(run.get("name") or "")), file, run.line, image=image)
        command = run.get("command")
        yield from state_image(eyes, unit, dockerfile_of(eyes, image, [unit.service]), command=[str(word) for word in command] if isinstance(command, list) else str(command or ""))
        if swarm is not None:
            told = swarm.get("replicas", -1)
            yield replicas(unit, 1 if told == -1 else number(told).many, f"replicas: {told}", swarm.lines.get("replicas", swarm.line))
        else:
            many = task.rounds
            yield replicas(unit, many, f"{many or 'some'} containers", task.line_of_rounds)
    scale = composed.get("scale") if composed is not None else None
    if isinstance(scale, Table):
        for name, count in scale.items():
            yield replicas(Unit("ansible", "compose", str(name), file, scale.lines[name]), number(count).many, f"scale: {name}: {count}")


def _name(written: str) -> str:
    """A container's name without what differs from one round to the next."""
    return re.sub(r"[-_.]*\{\{[^}]{0,200}\}\}[-_.]*", "", written).strip("-_.")


PROBE = Ansible()
