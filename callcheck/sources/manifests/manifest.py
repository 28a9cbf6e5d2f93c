"""What is a Kubernetes object, and what do overlays and generators say of it?"""

from __future__ import annotations

import re
from typing import Any

from callcheck.model.evidence import Location, Lost
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.files import File

PRODUCTION = pattern(r"(?:^|[/._-])(?:prod|production|prd|live)(?:$|[/._-])", re.IGNORECASE)
LESSER = pattern(
    r"(?:^|[/._-])(?:dev|development|local|test|testing|ci|staging|stage|qa|minikube|kind|e2e|preview)(?:$|[/._-])",
    re.IGNORECASE,
)


def name_of(body: Table) -> str:
    """What an object is called in its `metadata`, "" if it does not say."""
    told = value_at(body, "metadata", "name")
    return "" if told is None else str(told)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object. Its keys know their lines; `values` maps a line to the place in a chart's values that its number came from."""

    kind: str
    name: str
    body: Table
    file: File
    values: dict[int, tuple[File, int]] = field(default_factory=dict)
    built: str = ""
    """The folder of the kustomization or chart that a tool built it from, "." for the top; "" for what we read ourselves."""

    def place(self, line: int) -> tuple[File, int]:
        """Where a person would change what this line says."""
        return self.values.get(line, (self.file, line))

    def at(self, *path: str | int) -> tuple[File, int]:
        """Where a person would change the value at the path, or the nearest part above that is there."""
        return self.place(self.line(*path))

    def where(self, *path: str | int) -> Location:
        """`at`, as evidence names it."""
        file, line = self.at(*path)
        return Location(clean(file.name), line)

    def get(self, *path: str | int) -> Any:
        """The value at the path, None if it is not there."""
        return value_at(self.body, *path)

    def line(self, *path: str | int) -> int:
        """The line of the value at the path, or of the nearest part above that is there; `place` tells the file that it stands in."""
        return line_at(self.body, *path) or 1


@dataclass(frozen=True, slots=True)
class Overlay:
    """A count that a kustomization gives a unit."""

    name: str
    count: Any
    file: File
    line: int

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Production first, then whatever is not plainly less, then the highest."""
        many = self.count if isinstance(self.count, int) else 0
        return (bool(PRODUCTION.search(self.file.name)), not LESSER.search(self.file.name), many)


@dataclass(frozen=True, slots=True)
class Generated:
    """What `configMapGenerator` or `secretGenerator` of a kustomization puts into one object: key, value, line."""

    kind: str
    name: str
    pairs: tuple[tuple[str, str, int], ...]
    file: File

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Later wins: an environment plainly less than production never does over another, production does over all."""
        return (bool(PRODUCTION.search(self.file.name)), not LESSER.search(self.file.name), self.file.name.count("/"))


@dataclass(slots=True)
class Manifests:
    """All objects of the target, patches left out, and what overlays say of replicas."""

    objects: list[Manifest] = field(default_factory=list)
    overlays: list[Overlay] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    generated: list[Generated] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Manifest]:
        """The objects of these kinds."""
        return [item for item in self.objects if item.kind in kinds]

    def scalers(self, name: str, *kinds: str) -> list[Manifest]:
        """The objects of these kinds that scale a unit."""
        return [item for item in self.of(*kinds) if item.get("spec", "scaleTargetRef", "name") == name]

    def literals(self, kind: str, name: str) -> dict[str, tuple[str, File, int]]:
        """What generators put into a ConfigMap or Secret, the bases first and production last; each value with its place."""
        found = sorted((each for each in self.generated if (each.kind, each.name) == (kind, name)), key=lambda each: each.rank)
        held: dict[str, tuple[str, File, int]] = {}
        for each in found:
            held |= {key: (value, each.file, line) for key, value, line in each.pairs}
        return held

    def overlay(self, name: str) -> Overlay | None:
        """The overlay that decides for a unit, if any does."""
        found = [item for item in self.overlays if item.name == name]
        return max(found, key=lambda item: item.rank) if found else None
