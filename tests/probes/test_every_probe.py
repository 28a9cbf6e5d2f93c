"""Is a probe left asleep only where it would find nothing?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callcheck import registry
from callcheck.model.evidence import Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.files import Tree
from tests.tools.shipped import shipped_knowledge

ROOT = Path(__file__).parents[2]


def test_every_probe_says_what_it_looks_at() -> None:
    assert [listed.name for listed in registry.probes() if listed.looks_at is None] == []


KNOWN = shipped_knowledge()
FOLDERS = sorted(path for path in (ROOT / "fixtures").glob("*/*/broken"))


@pytest.mark.parametrize("folder", [None, *FOLDERS], ids=lambda folder: folder.parent.name if folder else "no folder")
def test_a_probe_left_asleep_would_have_said_the_same_and_found_nothing(folder: Path | None) -> None:
    target = Target(folder, folders=(folder,)) if folder else Target(ROOT)
    eyes = Eyes(target, Knowledge())
    asleep = [listed for listed in registry.probes() if listed.looks_at is not None and not eyes.sees(listed.looks_at)]
    assert asleep
    for listed in asleep:
        assert listed.skip(target, eyes) == listed.probe.skip(target, eyes)
        assert listed.skip(target, eyes) or not list(listed.probe.look(target, eyes))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_a_probe_without_a_use_or_a_mark_of_what_it_is_about_would_have_found_nothing(folder: Path) -> None:
    target = Target(folder, folders=(folder,))
    eyes = Eyes(target, KNOWN)
    for listed in registry.probes():
        if listed.looks_at is not None and eyes.sees(listed.looks_at) and not listed.finds(eyes):
            assert not listed.probe.skip(target, eyes)
            assert not list(listed.probe.look(target, eyes)), listed.name


def test_a_probe_is_woken_by_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "task.json").write_bytes(b"\0")
    target = Target(tmp_path, folders=(tmp_path,))
    (ecs,) = (listed for listed in registry.probes() if listed.name == "ecs")
    assert [lost.what for lost in ecs.look(target, Eyes(target, KNOWN)) if isinstance(lost, Lost)] == ["task.json"]


class Watched(Tree):
    """A tree that remembers which files were asked for by name."""

    def __init__(self) -> None:
        super().__init__()
        self.globs: set[str] = set()

    def named(self, *globs: str) -> list[Any]:
        self.globs.update(globs)
        return []


def test_a_probe_asks_for_no_file_that_it_does_not_say_it_looks_at() -> None:
    for listed in registry.probes():
        if isinstance(listed.looks_at, tuple):
            target = Target(ROOT, folders=(ROOT,))
            eyes = Eyes(target, Knowledge())
            eyes.tree = watched = Watched()
            if not listed.probe.skip(target, eyes):
                list(listed.probe.look(target, eyes))
            assert watched.globs, listed.name
            covered = {glob for glob in watched.globs if any(_within(glob, wide) for wide in listed.looks_at)}
            assert watched.globs == covered, f"{listed.name} also looks at {watched.globs - covered}"


def _within(glob: str, wide: str) -> bool:
    """Whether what one glob names, another does: `*.json` has all that `vercel.json` and `*.template.json` have."""
    return glob == wide or (wide.startswith("*.") and glob.replace("y*ml", "yaml").endswith(wide[1:]))
