"""How many containers does Kamal run, of which commands?

    servers:
      web: [10.0.0.1, 10.0.0.2]
      job: {hosts: [10.0.0.3], cmd: bundle exec sidekiq}
    accessories: {redis: {image: "redis:7", host: 10.0.0.3}}

Each role has a container on each of its hosts, of the one image; a role without `cmd` starts what the image does.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.environment import given
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, dockerfile_of, dockerfiles, replicas, role_of_image, state_image
from callcheck.sources.launch.kamal import FILES, Layered, Role, deployments, roles

_PRIMARY = "web"
_CONFIG = "config/"
_SERVER = "bin/rails server"


class Kamal:
    """`config/deploy.yml` with the file of its destination; hosts that Ruby computes are not counted."""

    name = "kamal"
    looks_at = FILES
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no config/deploy.yml"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for each in deployments(eyes):
            if isinstance(each, Lost):
                yield each
                continue
            primary = each.get("primary_role")
            for role in roles(each):
                yield from _role(eyes, each, role, str(primary[0]) if primary else _PRIMARY)
            yield from _accessories(eyes, each)


def _role(eyes: Eyes, deployment: Layered, role: Role, primary: str) -> Iterator[Evidence | Lost]:
    image = deployment.get("image")
    told = role.said.get("cmd")
    file, line = (told[1], told[2]) if told else (role.file, role.line)
    unit = Unit("kamal", "kamal", role.name, file, line, given(eyes, "kamal", role.name), role="web" if role.name == primary and not told else "", image=str(image[0]) if image else "")
    dockerfile = _dockerfile(eyes, deployment, role)
    # What answers the proxy is no worker: of an app of Rails, whose image nothing here says, it is the server.
    serves = not told and dockerfile is None and unit.role == "web" and eyes.tree.get(f"{role.file.name.rpartition(_CONFIG)[0]}{_CONFIG}puma.rb") is not None
    yield from state_image(eyes, unit, dockerfile, command=str(told[0]) if told else _SERVER if serves else "")
    yield replicas(unit, role.count, f"hosts: {role.count}" if role.count is not None else "the hosts are computed", role.line, file=role.file)


def _dockerfile(eyes: Eyes, deployment: Layered, role: Role) -> File | None:
    """The one that `builder` names, else that of the folder above `config`."""
    top = role.file.name.rpartition(_CONFIG)[0]
    named = deployment.at("builder").get("dockerfile")
    path = posixpath.normpath(posixpath.join(top, str(named[0]) if named else "Dockerfile"))
    return eyes.tree.get(path) or (dockerfile_of(eyes, "", [role.name]) if len(dockerfiles(eyes)) == 1 else None)


def _accessories(eyes: Eyes, deployment: Layered) -> Iterator[Evidence | Lost]:
    held = deployment.at("accessories")
    for name, file, line in held.entries():
        said = held.at(name)
        image = said.get("image")
        told = said.get("cmd")
        if image and any(isinstance(each, Table) for each, _ in said.layers):
            role = role_of_image(str(image[0]))
            unit = Unit("kamal", "kamal", name, file, line, role=role, image=str(image[0]))
            yield from state_image(eyes, unit, None, command=str(told[0]) if told and not role else "")


PROBE = Kamal()
