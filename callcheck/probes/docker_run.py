"""Which containers and Swarm services do the project's own commands start, how often?

    docker run -d --name mails --restart unless-stopped registry.example.com/shop:1 node mails.js
    docker service create --name shop --replicas 3 registry.example.com/shop

A service has one replica without `--replicas` (docs.docker.com/reference/cli/docker/service/create).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.facts.network import PortsOpen
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.environment import given
from callcheck.sources.launch import (
    INFRASTRUCTURE,
    SCRIPTS,
    Unit,
    dockerfile_of,
    number,
    replicas,
    role_of_image,
    state_image,
)
from callcheck.sources.launch.docker_run import containers


class DockerRun:
    """Containers that stay: detached, kept up by a restart policy, or of a swarm; a name that is computed is left out."""

    name = "docker-run"
    looks_at = SCRIPTS
    marks = (" run ", "service create")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, PortsOpen})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no scripts"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for each in containers(eyes):
            if not each.name:
                continue
            role = role_of_image(each.image)
            if each.network == "host" or each.network.startswith("container:"):
                shares = PortsOpen(clean(each.name, 80), "", "", False, "host")
                yield Evidence(shares, Basis.DECLARED, self.name, Location(clean(each.file.name), each.line), service=shares.service)
            unit = Unit(self.name, "swarm" if each.swarm else "docker", each.name, each.file, each.line, given(eyes, "docker", each.name), role, each.image)
            dockerfile = None if role in INFRASTRUCTURE else dockerfile_of(eyes, each.image, [each.name])
            yield from state_image(eyes, unit, dockerfile, entrypoint=each.entrypoint, command=list(each.words))
            if role not in INFRASTRUCTURE:
                told = number(each.replicas) if each.replicas else None
                yield replicas(unit, told.many if told else 1, f"--replicas {each.replicas}" if told else "one container")


PROBE = DockerRun()
