"""Do Compose services reach one another and the world: over a network that both are on, and at the port on which the server listens?

    command: uvicorn app:app --host 0.0.0.0 --port 8000
    ports: ["80:3000"]                                  # nobody listens on 3000
    CALLBACK_URL: http://portal:8000/done               # of a service that shares no network with portal

Sources: docs.docker.com/compose/how-tos/networking; docs.docker.com/reference/compose-file/services (ports, networks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.listening import listening_at
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.environment import compose, settings
from callcheck.sources.files import File
from callcheck.sources.launch import COMPOSE_FILES

_HOST = pattern(r"^(?:[a-z+]{2,12}://)(?:[^/@\s]*@)?([\w-]+)(?::\d+)?(?:/|$)", re.IGNORECASE)
_CALLED_BACK = pattern(r"CALLBACK|HOOK|NOTIFY", re.IGNORECASE)
_OURS = ("host", "none", "container:", "service:")


class ComposeWays:
    """Silent for commands that a shell or a script puts together, and for networks that are the host's or another service's."""

    name = "compose-ways"
    looks_at = COMPOSE_FILES
    marks = ("ports", "networks")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Compose file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file, services in compose.files(eyes):
            for name, keys in services.items():
                if isinstance(keys, Table):
                    yield from self._port(file, name, keys)
            yield from self._networks(eyes, file, services)

    def _port(self, file: File, name: str, keys: Table) -> Iterator[Evidence]:
        command = keys.get("command")
        text = " ".join(map(str, command)) if isinstance(command, list) else str(command or "")
        listening = set(listening_at(text)) if not re.search(r"&&|;|\.sh\b|\$", text) else set()
        rows = keys.get("ports")
        inside = {port for row in rows if (port := _inside(row))} if isinstance(rows, list) else set()
        if listening and inside and not listening & inside:
            why = f"{name} listens on {' and '.join(sorted(listening))}, but what is published leads to {' and '.join(sorted(inside))} in the container, where nobody listens; make the second number the same"
            yield self._fact("unreachable-callback-url", why, name, Location(clean(file.name), keys.lines["ports"]), Location(clean(file.name), keys.lines["command"]))

    def _networks(self, eyes: Eyes, file: File, services: Table) -> Iterator[Evidence]:
        if not any(isinstance(keys, Table) and "networks" in keys for keys in services.values()):
            return
        for given in settings(eyes):
            found = _HOST.match(given.value)
            caller, called = services.get(given.unit), services.get(found[1]) if found else None
            if given.system != "compose" or not isinstance(caller, Table) or not isinstance(called, Table) or caller is called:
                continue
            mine, theirs = _nets(caller), _nets(called)
            if mine is not None and theirs is not None and not mine & theirs and found:
                why = f"{given.unit} and {found[1]} share no network, so {given.name} leads nowhere; put both on one (networks: [...])"
                there = Location(clean(file.name), called.lines.get("networks", services.lines[found[1]]))
                effect = "unreachable-callback-url" if _CALLED_BACK.search(given.name) else "upstream-unavailable"
                yield self._fact(effect, why, given.unit, Location(clean(file.name), caller.lines.get("networks", services.lines[given.unit])), there)

    def _fact(self, effect: str, why: str, name: str, where: Location, other: Location) -> Evidence:
        fact = LibraryTrap(effect, "strong", clean(why, 160), clean(name, 60), "compose", "")
        return Evidence(fact, Basis.DECLARED, self.name, where, because=(Evidence(fact, Basis.DECLARED, self.name, other),))


def _inside(row: Any) -> str:
    """The port in the container that a row publishes: `80:3000`, `127.0.0.1:80:3000/tcp` or `{target: 3000}`; "" if it is computed."""
    if isinstance(row, Table):
        return str(row.get("target", ""))
    last = str(row).split("/")[0].rsplit(":", 1)[-1]
    return last if last.isdigit() else ""


def _nets(keys: Table) -> set[str] | None:
    """The networks of a service; None if they are another's."""
    if str(keys.get("network_mode") or "").startswith(_OURS):
        return None
    held = keys.get("networks")
    return {str(each) for each in held} if isinstance(held, (list, dict)) and held else {"default"}


PROBE = ComposeWays()
