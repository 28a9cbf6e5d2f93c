"""Can a service of Compose reach the hosts of the internet that its code calls, from the networks that it is on?

    networks: {back: {internal: true}}                     # no way out, and no names of the world
    worker: {command: node worker.js, networks: [back]}    # openai.chat.completions.create(): getaddrinfo EAI_AGAIN, while Redis next door answers

Source: docs.docker.com/reference/compose-file/networks, `internal`: an externally isolated network; a service that is on another one besides has the way of that.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.reached import ELSEWHERE, Reached, called_back, reached
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table
from callcheck.sources.environment import compose, settings
from callcheck.sources.environment.callers import services
from callcheck.sources.environment.setting import command
from callcheck.sources.files import File
from callcheck.sources.launch import (
    COMPOSE_FILES,
    INFRASTRUCTURE,
    dockerfile_of,
    read_command,
    read_image,
    role_of_image,
)

_WHY = "{} is on internal networks alone, so its calls to {} find no way out (EAI_AGAIN); put it on another network, too"
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class _Shut:
    """A service that has no way out: where that is said of it, and of a network of its."""

    name: str
    keys: Table
    file: File
    line: int
    network: Location


class ShutNetworks:
    """Silent where a network is made elsewhere, where calls may go through a proxy, where another container bears the host's name, and where it is not known which service runs the code."""

    name = "shut-networks"
    looks_at = COMPOSE_FILES
    marks = ("internal:",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Compose file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        shut = list(_shut(eyes)) if eyes.code.present else []
        if not shut or any(ELSEWHERE.search(each.name) for each in settings(eyes)):
            return
        names = services(eyes)
        outside = [each for each in (*reached(eyes.code), *called_back(eyes.code)) if each.host and each.host not in names]
        ours = {name for name, keys in names.items() if role_of_image(str(keys.get("image") or "")) not in INFRASTRUCTURE}
        for each in (one for one in shut if one.name in ours) if outside else ():
            loaded = _loaded(eyes, each)
            call = next((call for call in outside if (module_of(call.call).path in loaded if loaded else ours == {each.name})), None)
            if call is not None:
                yield self._told(each, call)

    def _told(self, shut: _Shut, call: Reached) -> Evidence:
        fact = LibraryTrap("upstream-unavailable", "strong", clean(_WHY.format(clean(shut.name, 30), clean(call.host, 40)), 160), clean(shut.name, 60), "compose", module_of(call.call).language)
        closed = Evidence(fact, Basis.DECLARED, self.name, shut.network, label="this network has no way out")
        because = (closed, seen(fact, call.call, self.name, label=f"this calls {clean(call.host, 60)}"))
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(shut.file.name), shut.line), service=clean(shut.name, 80), label="the networks of this service", because=because)


def _shut(eyes: Eyes) -> Iterator[_Shut]:
    """Services of which each network is internal, whichever file puts them on it."""
    found = list(compose.files(eyes))
    closed: dict[str, Location] = {}
    open_: set[str] = set()
    on: dict[str, set[str]] = {}
    for file, units in found:
        document = eyes.document(file)
        networks = document.get("networks") if isinstance(document, Table) else None
        for name, keys in networks.items() if isinstance(networks, Table) else ():
            if isinstance(keys, Table) and keys.get("internal") is True and not keys.get("external"):
                closed.setdefault(name, Location(clean(file.name), keys.lines["internal"]))
            elif isinstance(keys, Table) and ("internal" in keys or "external" in keys):
                open_.add(name)
        for name, keys in units.items():
            if isinstance(keys, Table):
                on.setdefault(name, set()).update(_networks(keys))
    for file, units in found:
        for name, keys in units.items():
            mine = on.get(name) or {_DEFAULT}
            if isinstance(keys, Table) and mine <= closed.keys() - open_ and ("networks" in keys or mine == {_DEFAULT}) and not keys.keys() & {"network_mode", "extra_hosts", "extends"}:
                yield _Shut(name, keys, file, keys.lines.get("networks", units.lines[name]), closed[min(mine)])


def _networks(keys: Table) -> set[str]:
    """Those that a file puts a service on; "" is one that is open. What is put on none is on the default one."""
    held = keys.get("networks")
    if "network_mode" in keys or "extends" in keys:
        return {""}
    return {str(each) for each in held} if isinstance(held, (list, dict)) else set()


def _loaded(eyes: Eyes, shut: _Shut) -> frozenset[str]:
    """The files that the command of a service loads, or that of the image which is built for it; none where that is not known."""
    folder, build = posixpath.dirname(shut.file.name), shut.keys.get("build")
    within = posixpath.normpath(posixpath.join(folder, compose.context(build))) if build else folder
    words = command(shut.keys.get("entrypoint"), shut.keys.get("command"))
    if not words:
        path = str(build.get("dockerfile") or "Dockerfile") if isinstance(build, Table) else "Dockerfile"
        built = eyes.tree.get(posixpath.normpath(posixpath.join(within, path))) if build else dockerfile_of(eyes, str(shut.keys.get("image") or ""), [shut.name])
        image = read_image(eyes.readable(built)) if built is not None else None
        words = command(image.entrypoint, image.command) if image is not None else ""
    found: frozenset[str] = frozenset()
    for started in read_command(words):
        entry = eyes.code.reach.entry(started.entry, "" if within == "." else within) if started.entry else None
        found |= eyes.code.programs.loads(entry) if entry else frozenset()
    return found


PROBE = ShutNetworks()
