"""Which files does a glob name?"""

from __future__ import annotations

import fnmatch
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from callcheck.sources.files import File, Tree, matches

_LETTERS = st.text("ab.*", max_size=7)


@given(glob=_LETTERS, name=st.text("ab.", max_size=7))
def test_a_glob_names_what_fnmatch_says(glob: str, name: str) -> None:
    assert matches(glob, name) == fnmatch.fnmatchcase(name, glob)


def test_other_magic_is_understood_too() -> None:
    assert matches("[ab]?.yml", "bc.yml")
    assert not matches("[ab]?.yml", "cc.yml")
    assert not matches("A.yml", "a.yml")


def test_a_tree_gives_each_named_file_once_and_in_order() -> None:
    names = ("Procfile", "a/compose.yaml", "a/x.py", "compose.dev.yml", "sites-on/one", "z/Procfile")
    tree = Tree(tuple(File(Path(name), name, 1) for name in names))
    assert [f.name for f in tree.named("Procfile", "compose*.y*ml", "*.yaml")] == [names[0], names[1], names[3], names[5]]
    assert [f.name for f in tree.named("sites-*/*", "a/*.py")] == ["a/x.py", "sites-on/one"]
    assert tree.named("procfile") == []


@given(glob=st.text("ab.*/?", min_size=1, max_size=6), names=st.sets(st.text("ab./", min_size=1, max_size=6).map(lambda name: name.strip("/")).filter(bool), max_size=6))
def test_a_tree_gives_the_files_that_fnmatch_says(glob: str, names: set[str]) -> None:
    tree = Tree(tuple(File(Path(name), name, 1) for name in sorted(names)))
    looked_at = (lambda name: name) if "/" in glob else (lambda name: name.rsplit("/", 1)[-1])
    assert [f.name for f in tree.named(glob)] == [name for name in sorted(names) if fnmatch.fnmatchcase(looked_at(name), glob)]
