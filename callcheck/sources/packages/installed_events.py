"""Which events does a class of a package emit, by the package as it is installed beside the code?"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from callcheck.model.events import LISTENER, Emits, Emitter
from callcheck.sources.kept import kept

if TYPE_CHECKING:
    from pathlib import Path

    from callcheck.sources.packages.resolve import Packages
    from callcheck.sources.packages.typings import Typed

_LISTENS = ("on", "once", "addListener", "prependListener", "prependOnceListener")


def typed(packages: Packages, name: str, near: str) -> Typed | None:
    """What `package.Class`, or `@scope/package/part.Class`, is declared to emit; None where nothing is installed or declared.

    A package is read once, and kept between runs.
    """
    package, cls = split(name)
    folder = packages.folder(package, near) if cls else None
    version = packages.version(package, near) if folder else None
    if folder is None or version is None:
        return None
    return _declared(packages, folder, f"{package}@{version.version}").get(cls)


@functools.lru_cache
def _declared(_: Packages, folder: Path, package: str) -> dict[str, Typed]:
    import zlib

    from callcheck.sources.packages.typings import declarations, read_package

    # Named by a checksum, because a version is whatever a package.json says.
    which = zlib.crc32(package.encode(errors="surrogateescape"))
    return kept(f"events-{which:08x}", (), lambda: read_package(folder), declarations(folder))


def emitter(packages: Packages, name: str, near: str) -> Emitter | None:
    """The same as a table of events, in which a slip alone is judged: what a declaration leaves out may still be emitted."""
    found = typed(packages, name, near)
    if found is None or not found.names:
        return None
    package = split(name)[0]
    return Emitter(package, "javascript", (name,), LISTENER, (Emits(tuple(sorted(found.names))),), judge="alike", listens=_LISTENS)


def emits(packages: Packages, name: str, event: str, near: str) -> bool:
    """Whether the installed package declares an event of a class."""
    found = typed(packages, name, near)
    return found is not None and event in found.names


def emits_somewhere(packages: Packages, package: str, name: str, event: str, near: str) -> bool:
    """Whether a program of the installed package emits the event, on whatever object, while the class may emit more than is declared."""
    found = typed(packages, name, near)
    folder = packages.folder(package, near)
    if folder is None or (found is not None and found.closed):
        return False
    from callcheck.sources.packages.typings import emits_literally

    return emits_literally(folder, event)


def split(name: str) -> tuple[str, str]:
    """`@scope/package/part.Class` as the package and the class; ("", "") for what is no class of a package."""
    module, _, cls = name.rpartition(".")
    if not module or "(" in name or not cls[:1].isupper():
        return "", ""
    parts = module.removesuffix(".default").split("/")
    return "/".join(parts[: 2 if module.startswith("@") else 1]), cls
