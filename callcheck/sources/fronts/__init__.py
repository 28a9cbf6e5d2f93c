"""Which paths does a web server, a balancer or a host in front hand to the app, and which does it answer itself?"""

from __future__ import annotations

import re

from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.sources.files import File

_INSIDE = pattern(r"^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1\b|f[cd][0-9a-f]{2}:|unix:|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)", re.IGNORECASE)
"""Private networks, and those that are set aside for examples (RFC 1918, 6598, 4193 and 5737)."""
ADDRESSES = "lets some addresses pass alone"
"""Of `Way.refuses`: what a sender beside the app may be among."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where requests for some paths go: app, files, `in:` with the folder that a service is built from, or open if that cannot be told."""

    match: re.Pattern[str]
    goes: str
    file: File
    line: int
    put: str | None = None
    """For the app: what it gets in the place of what matched; None for the path as it is."""
    refuses: str = ""
    """Why a POST without a login does not pass, "" if it does."""
    upgrades: bool = True
    """Whether a WebSocket's request passes as one, or may do so."""
    buffers: bool = False
    """Whether what the app writes is collected first, unless the answer says otherwise."""
    host: str = ""
    """The name by which the app is called, where it is not told the one that the request asks for."""
    forwards: bool = False
    """Whether the app is told the name that the request asks for beside it, in X-Forwarded-Host."""
    tells_https: bool = True
    """Whether the app is told, or may be, that a request came by https: false where TLS ends here, and no header says so."""


@dataclass(frozen=True, slots=True)
class Front:
    """A server's ways, the one that counts first where several match."""

    system: str
    ways: tuple[Way, ...]

    def seen_from(self, module: str) -> Front:
        """With the service that holds a module as the app, and any other as one that does not know the app's routes."""
        ways = (replace(way, goes="app" if way.goes == "in:" or module.startswith(way.goes[3:] + "/") else "files") if way.goes.startswith("in:") else way for way in self.ways)
        return Front(self.system, tuple(ways))

    def way(self, path: str) -> Way | None:
        """The way that a path takes."""
        return next((way for way in self.ways if way.match.match(path)), None)

    def delivers(self, path: str) -> bool:
        """Whether a request under some address reaches the app's route of that path, or may do so."""
        taken = self.way(path)
        if taken is not None and taken.goes != "files" and taken.put is None:
            return not taken.refuses
        return any(way.goes == "open" or (way.goes == "app" and way.put is not None and path.startswith(way.put)) for way in self.ways)


def below(prefix: str) -> re.Pattern[str]:
    """What begins with a prefix."""
    return re.compile(re.escape(prefix))


def exactly(path: str) -> re.Pattern[str]:
    """The path itself."""
    return re.compile(re.escape(path) + "$")


def globbed(glob: str) -> re.Pattern[str]:
    """`/api/*`: a star stands for anything."""
    return re.compile(re.escape(glob).replace(r"\*", ".*") + "$")


def inside(address: str) -> bool:
    """Whether an address, or a range of addresses, is one from which no provider calls."""
    return _INSIDE.match(address) is not None
