"""Which units of a deployment run what is built in a folder?

    services: {billing: {build: ./billing}}          # by the folder
    billing-service                                   # or by its name
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table
from callcheck.sources.environment.compose import context, files

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_SPLIT = pattern(r"[^A-Za-z0-9]+")


def means(unit: str, called: set[str]) -> bool:
    """Whether a unit is called as an app, or as it with another word (`billing-service`, `port-billing`)."""
    words = set(_SPLIT.split(unit.lower()))
    return any(set(_SPLIT.split(name)) <= words for name in called)


def built_from(eyes: Eyes) -> dict[str, tuple[str, str]]:
    """The folder that each service of Compose is built from, with a "/" at its end, and that of the file which says so."""
    found = {}
    for file, services in files(eyes):
        here = posixpath.dirname(file.name)
        for unit, keys in services.items():
            folder = context(keys.get("build")) if isinstance(keys, Table) else ""
            path = posixpath.normpath(posixpath.join(here, folder)) if folder else "."
            if path != ".":
                found[unit] = f"{path}/", here
    return found
