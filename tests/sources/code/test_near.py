"""Which files lie near others by their imports, and which can hold an object of a kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import collect, pipeline
from callcheck.model.aside import is_only_test
from callcheck.model.target import Target
from callcheck.sources.code import choice
from callcheck.sources.code.near import Near

_IMPORTS = {"main": ["routes"], "routes": ["users"], "users": ["db"], "db": [], "other": ["db"]}


def _near() -> Near:
    return Near(_IMPORTS, lambda importer, name: name if name in _IMPORTS and name != importer else None)


def test_what_imports_a_file_stands_above_it_and_what_it_imports_below() -> None:
    assert _near().importers("db") == {"users", "other"}
    assert _near().above(["db"], 2) == {"db", "users", "other", "routes"}
    assert _near().below(["main"], 2) == {"main", "routes", "users"}


def test_around_a_file_is_also_what_its_importers_hand_its_objects_to() -> None:
    assert _near().around(["users"]) == {"users", "routes", "main", "db"}


def test_a_method_counts_only_where_an_object_that_has_it_can_be_in_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SMALL_BYTES", -1)
    (tmp_path / "http.py").write_text("import requests\n\nsession = requests.Session()\n")
    (tmp_path / "near.py").write_text("from http import session\n\n\nasync def load():\n    return session.get('u')\n")
    (tmp_path / "far.py").write_text("def load(options):\n    return options.get('u')\n")
    run = pipeline.diagnose(Target(folders=(tmp_path,), base=tmp_path))
    assert list(run.eyes.code.project.chosen) == ["near.py"]


def test_code_that_imports_what_is_left_out_is_examined_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SMALL_BYTES", -1)
    (tmp_path / "app" / "testing").mkdir(parents=True)
    (tmp_path / "app" / "__init__.py").write_text("")
    (tmp_path / "app" / "testing" / "__init__.py").write_text("")
    (tmp_path / "app" / "testing" / "fakes.py").write_text("def fake():\n    return None\n")
    # A future is made of a pool, so the files that may hold a pool are asked what they name.
    pool = "from concurrent.futures import ThreadPoolExecutor\nfrom app.testing import fakes\n\npool = ThreadPoolExecutor()\n"
    (tmp_path / "app" / "work.py").write_text(f"{pool}done = pool.submit(fakes.fake)\ndone.add_done_callback(print)\n")
    bugs: list[Exception] = []
    run = pipeline.diagnose(Target(folders=(tmp_path,), base=tmp_path), collect.Options(on_bug=lambda _, error: bugs.append(error)))
    assert not bugs
    assert list(run.eyes.code.project.chosen) == ["app/work.py"]


@pytest.mark.parametrize("path", ["tests/a.py", "a/test_b.py", "b_test.py", "conftest.py", "src/a.spec.ts", "src/__tests__/a.js", "e2e/login.ts"])
def test_tests_are_known_by_their_names(path: str) -> None:
    assert is_only_test(path)


@pytest.mark.parametrize("path", ["testimonials/a.py", "src/latest.ts", "contest.py", "src/a.specimen.ts", "examples/a.py", "scripts/worker.py"])
def test_what_only_sounds_like_a_test_is_none(path: str) -> None:
    assert not is_only_test(path)
