"""Does a server in a container call hooks on localhost, by a file that is mounted into it?

    rtmp: {image: ossrs/srs:5, volumes: ["./srs.conf:/usr/local/srs/conf/stream.conf"]}
    on_publish  http://localhost:3000/hooks/publish;          # srs.conf: localhost is the container itself, and the app is another one

Source: docs.docker.com/compose/how-tos/networking (services reach each other by their names).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.environment import compose
from callcheck.sources.environment.setting import beside
from callcheck.sources.files import File
from callcheck.sources.launch import COMPOSE_FILES
from callcheck.sources.mounts import of_compose

_HOOK = pattern(r"(?i)\b\w*(?:hook|callback|notif|on_[a-z]+|alert|webhook|runon\w*|http_auth|auth_url|exec_\w+)\w*\b[^\n]{0,120}?\bhttps?://(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{2,5}))?(?:/|\b)")
_HEAD = pattern(r"(?i)^\s*(?:[\"'-]{1,2}\s*)?\w*(?:hook|callback|notif|alert)\w*[\"']?\s*(?:[:{=]\s*)?(?:\{\s*)?$")
_URL = pattern(r"(?i)\burls?\b[\"']?\s*[:=]\s*[\[\"'\s-]{0,4}https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{2,5}))?(?:/|\b)")
_LISTENS = r"(?i)\b(?:listen\w*|port|bind\w*|addr\w*)\b[^\n]{0,40}?\b"
_COMMENT = ("#", ";", "//", "--")
_WITHIN = 12
"""Lines below a heading that names hooks, in which a `url` is one's."""
_LARGEST = 200_000


class MountedHooks:
    """Silent for what the container serves itself, for the host's network, and for services that are built here."""

    name = "mounted-hooks"
    looks_at = COMPOSE_FILES
    marks = ("volumes:", "configs:")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file, services in compose.files(eyes):
            for name, service in services.items():
                if isinstance(service, Table) and service.get("image") and not service.get("build") and not {"network_mode", "extra_hosts"} & set(service):
                    yield from self._service(eyes, file, name, service, services)

    def _service(self, eyes: Eyes, described: File, name: str, service: Table, services: Table) -> Iterator[Evidence]:
        for path, _, line in of_compose(service.get("volumes")):
            file = beside(eyes, described, path) if path.startswith(".") else None
            if file is None or file.size > _LARGEST:
                continue
            text = eyes.readable(file)
            for number, port in _hooks(text):
                if _own(service, text, port):
                    continue
                other = next((each for each, held in services.items() if each != name and isinstance(held, Table) and port and port in str(held.get("ports") or held.get("expose") or "")), "")
                instead = f"write {other}:{port}" if other else "write the name of the service that is meant"
                why = f"in its container localhost is {name} itself, where nobody takes this hook; {instead}"
                fact = LibraryTrap("unreachable-callback-url", "strong" if other else "fair", clean(why, 160), "", clean(str(service["image"]).rpartition("/")[2].partition(":")[0], 40), "")
                mounted = Evidence(fact, Basis.DECLARED, self.name, Location(clean(described.name), line or 1), service=clean(name, 80), label=f"mounted into {clean(name, 60)}")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), number), service=clean(name, 80), because=(mounted,))
                return


def _hooks(text: str) -> Iterator[tuple[int, str]]:
    """Line and port of each hook on this machine; port "" for the scheme's own."""
    heading = -_WITHIN
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith(_COMMENT):
            continue
        if _HEAD.match(line[:200]):
            heading = number
        found = _HOOK.search(line[:1_000]) or (_URL.search(line[:1_000]) if number - heading < _WITHIN else None)
        if found:
            yield number, found[1] or ""


def _own(service: Table, text: str, port: str) -> bool:
    """Whether the container itself serves a port."""
    inside = {str(each).rpartition(":")[2].partition("/")[0] for each in service.get("ports") or () if isinstance(each, (str, int))}
    return not port or port in inside or pattern(_LISTENS + port + r"\b").search(text) is not None


PROBE = MountedHooks()
