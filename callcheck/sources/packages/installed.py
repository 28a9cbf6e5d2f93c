"""Which version of a package lies unpacked beside the code: in node_modules, or in a virtual environment?"""

from __future__ import annotations

import re
from pathlib import Path

from callcheck.model.pattern import pattern
from callcheck.sources import noted
from callcheck.sources.packages.entries import Resolved, plain

ENVIRONMENTS = (".venv", "venv", "env", "virtualenv", ".virtualenv")
_NAME = pattern(r"(?:@[\w.-]{1,100}/)?[\w.-]{1,200}$")
_INFO = pattern(r"(.+)-([^-]+)\.dist-info$")
_LARGEST = 200_000


def node_folder(base: Path, folder: str, name: str) -> Path | None:
    """The folder in which Node.js would find a package from one folder alone; None if there is none."""
    if not _NAME.match(name) or name.startswith("."):
        return None
    place = base / folder / "node_modules" / name
    return place if noted.place(place / "package.json") and (place / "package.json").is_file() else None


def in_node_modules(base: Path, folder: str, name: str) -> Resolved | None:
    """The version that the package's own package.json gives."""
    place = node_folder(base, folder, name)
    if place is None:
        return None
    try:
        with (place / "package.json").open("rb") as stream:
            text = stream.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return None
    import json

    try:
        version = json.loads(text)["version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    found = re.search(rf'"version"\s*:\s*"{re.escape(str(version))}"', text)
    path = "/".join(part for part in (folder, "node_modules", name, "package.json") if part)
    return Resolved(name, str(version), "installed", path, text.count("\n", 0, found.start()) + 1 if found else 1)


def site_packages(base: Path, folder: str) -> list[Path]:
    """The folders of installed distributions of the virtual environments in a folder."""
    found: list[Path] = []
    for name in ENVIRONMENTS:
        place = base / folder / name
        if noted.place(place / "pyvenv.cfg"):
            here = [*sorted(place.glob("lib/python3*/site-packages")), *place.glob("Lib/site-packages")]
            for each in (place, place / "lib", place / "Lib", *(each.parent for each in here), *here):
                noted.place(each)
            found += here
    return found


def in_environment(base: Path, folder: str) -> dict[str, Resolved]:
    """Every distribution of the virtual environments in a folder, by its plain name, from the names of their metadata."""
    found: dict[str, Resolved] = {}
    for place in site_packages(base, folder):
        for info in sorted(place.glob("*.dist-info")):
            named = _INFO.match(info.name)
            if named:
                path = f"{folder}/{info.relative_to(base / folder).as_posix()}/METADATA".lstrip("/")
                found[plain(named[1])] = Resolved(plain(named[1]), named[2], "installed", path, 3)
    return found
