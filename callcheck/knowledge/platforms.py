"""Which formats of deployment files are read, and what is their default?

    title: Render
    files: ["render.yaml"]
    reads: "services, numInstances, scaling, startCommand"
    absent: "1 instance"
    source: https://render.com/docs/blueprint-spec
    sample: {"render.yaml": "..."}                       # says nothing
    gives: ["instances.factor render 1"]                 # and this is what is found in it

Nothing is read by these tables: they say what the probes do, and tests hold them to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from callcheck.knowledge.read_yaml import read_yaml
from callcheck.model.errors import RuleError
from callcheck.model.platform import Platform


def load(folders: Iterable[Path]) -> tuple[Platform, ...]:
    """Every platform below `<folder>/platforms`, by title; a later folder's file replaces one of the same name. Raises RuleError."""
    found = {path.stem: read(path) for folder in folders for path in sorted((folder / "platforms").glob("*.y*ml"))}
    return tuple(sorted(found.values(), key=lambda each: each.title.lower()))


def read(path: Path) -> Platform:
    """One file. Raises RuleError."""
    data = read_yaml(path)
    try:
        texts = {key: str(data[key]) for key in ("title", "reads", "absent", "source")}
        sample = {str(name): str(text) for name, text in data["sample"].items()}
        return Platform(path.stem, files=tuple(map(str, data["files"])), sample=sample, gives=frozenset(map(str, data["gives"])), origin=str(path), **texts)
    except (TypeError, KeyError, AttributeError) as error:
        raise RuleError(f"no format of deployment files: {error}", str(path)) from error
