"""May a file change alone? Not if code or packages are joined out of it."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from callcheck.model.errors import SourceError
from callcheck.sources.apart import SharedTexts
from callcheck.sources.files import File, read_text


def words(name: str, text: str) -> frozenset[str]:
    return frozenset(word for word in text.split() if "/" in word)


@pytest.fixture
def procfile(tmp_path: Path) -> File:
    (tmp_path / "Procfile").write_text("web: node src/server.js\n")
    return File(tmp_path / "Procfile", "Procfile", 24)


def later(texts: SharedTexts) -> SharedTexts:
    """As another run finds it."""
    found = pickle.loads(pickle.dumps(texts))  # noqa: S301
    assert isinstance(found, SharedTexts)
    return found


def test_a_file_that_was_read_may_not(procfile: File) -> None:
    texts = SharedTexts(read_text)
    assert later(texts).bear([procfile])
    texts(procfile)
    assert not later(texts).bear([procfile])


def test_a_source_may_not(tmp_path: Path) -> None:
    assert not SharedTexts(read_text).bear([File(tmp_path / "a.ts", "a.ts", 1)])


def test_a_file_of_which_something_was_derived_may_while_that_stays(procfile: File) -> None:
    texts = SharedTexts(read_text)
    assert texts.derived(procfile, words) == {"src/server.js"}
    both = later(texts)
    procfile.path.write_text("web:  node src/server.js --watch\n")
    assert both.bear([procfile])
    other = SharedTexts(read_text)
    other.add(both)
    procfile.path.write_text("web: node src/worker.js\n")
    assert not both.bear([procfile])
    assert not later(other).bear([procfile])
    procfile.path.unlink()
    assert not both.bear([procfile])
    with pytest.raises(SourceError):
        texts.derived(procfile, words)
