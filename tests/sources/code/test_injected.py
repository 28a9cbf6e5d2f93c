"""What fills a parameter is one node each time, for answers are kept by the node that was asked for."""

from __future__ import annotations

from pathlib import Path

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.injected import marked
from callcheck.sources.code.tree import Param


def test_a_name_that_is_made_for_an_annotation_stays(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class Till: ...\nclass Desk: ...\ndef one(till: Till = Depends()): ...\ndef two(desk: Desk = Depends(), till: Till = Depends()): ...\n", encoding="utf-8")
    project = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()).code.project
    module = project.module("a.py")
    assert module is not None
    params = list(module.all(Param))
    first = [marked(project, each) for each in params]
    assert [marked(project, each) is made for each, made in zip(params, first, strict=True)] == [True] * 3
    assert len({id(each) for each in first}) == 3
