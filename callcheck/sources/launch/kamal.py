"""What does Kamal run on which hosts, and which variables does it set?

    servers:
      web: [10.0.0.1, 10.0.0.2]                                  # a container on each host
      job: {hosts: [10.0.0.3], cmd: bin/jobs}
    env: {clear: {LOG_LEVEL: info}, secret: [RAILS_MASTER_KEY]}
    accessories: {redis: {image: "redis:7", host: 10.0.0.3}}

`config/deploy.production.yml` is merged into `config/deploy.yml` for a destination of that name. Source: kamal 2.12, lib/kamal/configuration.rb and
configuration/docs (servers, role, env).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.launch.find import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

FILES = ("config/deploy*.y*ml", "*/config/deploy*.y*ml")
_NAME = pattern(r"^deploy(?:\.([\w-]+))?\.ya?ml$")
_PRODUCTION = pattern(r"^(?:prod|production|live)$")


@dataclass(frozen=True, slots=True)
class Layered:
    """A mapping of the file, and the one of its destination that is laid over it, each with the file that it stands in."""

    layers: tuple[tuple[Any, File], ...]

    def get(self, key: str) -> tuple[Any, File, int] | None:
        """What the last one says under a key, with its file and line."""
        return next(((each[key], file, each.lines[key]) for each, file in reversed(self.layers) if isinstance(each, Table) and key in each), None)

    def at(self, key: str) -> Layered:
        """The mappings under a key."""
        return Layered(tuple((each[key], file) for each, file in self.layers if isinstance(each, Table) and key in each))

    def entries(self) -> list[tuple[str, File, int]]:
        """All keys, each with the place at which it stands first."""
        found: dict[str, tuple[File, int]] = {}
        for each, file in self.layers:
            for key in each if isinstance(each, Table) else ():
                found.setdefault(key, (file, each.lines[key]))
        return [(key, *place) for key, place in found.items()]


@dataclass(frozen=True, slots=True)
class Role:
    """One role of the servers, of which a container runs on each host; `count` None where the hosts are computed."""

    name: str
    count: int | None
    said: Layered
    file: File
    line: int


def deployments(eyes: Eyes) -> Iterator[Layered | Lost]:
    """The configuration of each app, that for production laid over it; where there is none the one of the only destination."""
    folders: dict[str, dict[str, File]] = {}
    for file in eyes.tree.named(*FILES):
        if (found := _NAME.match(file.base)) and not aside(eyes, file):
            folders.setdefault(file.name.removesuffix(file.base), {})[found[1] or ""] = file
    for files in folders.values():
        named = [name for name in files if name]
        over = next(filter(_PRODUCTION.match, named), named[0] if len(named) == 1 else "")
        try:
            found_layers = [(eyes.document(files[name]), files[name]) for name in dict.fromkeys(("", over)) if name in files]
        except SourceError as error:
            yield Lost(clean(next(iter(files.values())).name), error.message)
            continue
        layered = Layered(tuple(found_layers))
        if layered.get("servers") and layered.get("image"):
            yield layered


def roles(deployment: Layered) -> Iterator[Role]:
    """Those of the servers; a list of hosts alone is the role `web`."""
    servers = deployment.at("servers")
    last = servers.layers[-1][0]
    if not isinstance(last, Table):
        _, file, line = deployment.get("servers") or (None, servers.layers[-1][1], 1)
        yield Role("web", _count(last), Layered(()), file, line)
        return
    for name, file, line in servers.entries():
        said = servers.at(name)
        held = said.layers[-1][0]
        hosts = said.get("hosts") if isinstance(held, Table) else (held, file, line)
        if hosts is not None:
            yield Role(name, _count(hosts[0]), said, file, line)


def _count(hosts: Any) -> int | None:
    return len(hosts) if isinstance(hosts, list) else None
