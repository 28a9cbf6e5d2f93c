"""What rules of Firestore allow is read with the paths around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.firestore_rules import Allowed, firestore_rules

TOP = "service cloud.firestore {\n  match /databases/{database}/documents {\n    function ok() { return true; }\n%s\n  }\n}\n"


def read(folder: Path, text: str) -> list[Allowed] | None:
    (folder / "firestore.rules").write_text(text, encoding="utf-8")
    return firestore_rules(Eyes(Target(base=folder, folders=(folder,)), Knowledge()))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("match /orders/{id} { allow read, write: if ok(); }", [(("orders", "{}"), {"get", "list"})]),
        ("match /orders/{id} {\n allow get\n : if a && b;\n allow list: if false; // allow read;\n}", [(("orders", "{}"), {"get"}), (("orders", "{}"), set())]),
        ("match /a/{x} {\n match /b/{y} { allow list; }\n allow write; }", [(("a", "{}", "b", "{}"), {"list"}), (("a", "{}"), set())]),
        ("match /{all=**} { allow read; }", [(("**",), {"get", "list"})]),
    ],
)
def test_what_is_allowed(tmp_path: Path, text: str, told: list[tuple[tuple[str, ...], set[str]]]) -> None:
    assert [(each.path, set(each.does)) for each in read(tmp_path, TOP % text) or []] == told


@pytest.mark.parametrize(
    ("rule", "path", "fits"),
    [(("orders", "{}"), ("orders", "*"), True), (("orders", "{}"), ("orders", "*", "items", "*"), False), (("orders", "7"), ("orders", "*"), True), (("**",), ("a", "b"), True), (("menu", "{}"), ("orders", "*"), False)],
)
def test_a_rule_is_for_the_documents_of_its_path(tmp_path: Path, rule: tuple[str, ...], path: tuple[str, ...], fits: bool) -> None:
    allowed = (read(tmp_path, TOP % ("match /" + "/".join("{all=**}" if each == "**" else "{id}" if each == "{}" else each for each in rule) + " { allow read; }")) or [])[0]
    assert (allowed.path, allowed.fits(path)) == (rule, fits)


def test_several_files_may_each_be_the_one_that_counts(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old/firestore.rules").write_text(TOP % "", encoding="utf-8")
    assert read(tmp_path, TOP % "match /orders/{id} { allow read; }") is None
