"""Which apps of Spring are in a target, and what does the deployment give to each?

    billing/pom.xml    billing/src/main/java/…    billing/src/main/resources/application.yml
    services: {billing: {build: ./billing, environment: {…}}}
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.sources.environment import settings
from callcheck.sources.environment.built import built_from, means
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.spring.properties import Properties

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")
_RESOURCES = "src/main/resources/"
_FILES = ("application.properties", "application.yml", "application.yaml")
"""Those of no profile; of two spellings the properties count."""


@dataclass(frozen=True, slots=True, eq=False)
class App:
    """A module with properties of its own, in one unit of a deployment."""

    folder: str
    name: str
    unit: str
    beside: str
    """The folder of the Compose file whose unit it is; "" for units of anything else."""
    sources: tuple[File, ...]
    properties: Properties


def apps(eyes: Eyes) -> Iterator[App]:
    """Each module with sources and properties, once for each unit that runs it; none that no unit runs, as apps that show how something is done lie beside one another, too."""
    folders = sorted({file.name[: -len(file.base)] for file in eyes.tree.named(*_BUILDS) if not aside(eyes, file)})
    built = built_from(eyes)
    units = {each.unit for each in settings(eyes)} | built.keys()
    for folder in folders:
        sources = tuple(file for file in eyes.tree.named("*.java", "*.kt") if file.name.startswith(f"{folder}src/main/"))
        own = [file for base in reversed(_FILES) if (file := eyes.tree.get(f"{folder}{_RESOURCES}{base}")) is not None]
        if not sources or not own:
            continue
        plain = Properties(eyes, own, ())
        told = plain.of("spring.application.name")
        name = posixpath.basename(folder.rstrip("/")) or (told.value if told else "")
        called = {name.lower(), (told.value if told else "").lower()} - {""}
        theirs = [unit for unit in units if unit in built and built[unit][0] == folder] or [unit for unit in units if unit and unit not in built and means(unit, called)]
        for unit in sorted(theirs):
            given = [each for each in settings(eyes) if each.unit in ("", unit)]
            beside = built[unit][1] if unit in built else ""
            yield App(folder, told.value if told and told.value else name, unit, beside, sources, Properties(eyes, own, given))
