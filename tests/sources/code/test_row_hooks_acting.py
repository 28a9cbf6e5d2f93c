"""A hook of rows that would have done nothing for an operation is told apart from one that is gone past."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.row_hooks_acting import acts_on, written_by
from callcheck.sources.code.tree import Function

HEAD = "def heard(sender, instance, created, **kwargs):\n    '''Told of each row.'''\n"
LEAVES = HEAD + "    if not created:\n        return\n    mail(instance)\n"


def _acts(folder: Path, text: str, operation: str, written: set[str]) -> bool:
    (folder / "a.py").write_text(text, encoding="utf-8")
    module = Eyes(Target(base=folder, folders=(folder,)), Knowledge()).code.project.module("a.py")
    assert module is not None
    return acts_on(next(iter(module.all(Function))), operation, written)


@pytest.mark.parametrize(
    ("text", "operation", "written", "acts"),
    [
        (LEAVES, "update", set(), False),
        (LEAVES, "bulk_create", set(), True),
        (LEAVES.replace("not created", "kwargs.get('raw') or not created"), "bulk_update", set(), False),
        (LEAVES.replace("not created", "not kwargs['created']"), "update", set(), False),
        (LEAVES.replace("not created", "not kwargs.get('created')"), "update", set(), False),
        (LEAVES.replace("not created", "instance.kept and not created"), "update", set(), True),
        (LEAVES.replace("        return\n", "        count()\n"), "update", set(), True),
        (HEAD + "    if created and instance.open:\n        mail(instance)\n", "update", set(), False),
        (HEAD + "    if created:\n        mail(instance)\n    else:\n        post(instance)\n", "update", set(), True),
        (HEAD + "    if created:\n        mail(instance)\n    index(instance)\n", "update", set(), True),
        (HEAD + "    index(instance)\n    if not created:\n        return\n", "update", set(), True),
        (HEAD + "    instance.words = split(instance.text)\n    instance.save()\n", "update", {"words"}, False),
        (HEAD + "    instance.words = split(instance.text)\n    instance.save()\n", "update", {"words", "text"}, True),
        (HEAD + "    instance.words = split(instance.text)\n", "update", set(), True),
        (HEAD + "    if instance.state == 'gone':\n        bill(instance)\n", "update", {"extras"}, False),
        (HEAD + "    if instance.state == 'gone':\n        bill(instance)\n", "update", {"state", "extras"}, True),
        (HEAD + "    if instance.state != 'gone':\n        return\n    bill(instance)\n", "update", {"extras"}, False),
        (HEAD + "    if not instance.email:\n        return\n    bill(instance)\n", "update", {"extras"}, True),
        (HEAD + "    if settings.BILLED:\n        bill(instance)\n", "update", {"extras"}, True),
        (HEAD + "    if over(instance):\n        bill(instance)\n", "update", {"extras"}, True),
        (HEAD + "    count()\n    if instance.state == 'gone':\n        bill(instance)\n", "update", {"extras"}, True),
    ],
)
def test_a_hook_that_would_do_nothing_is_known(tmp_path: Path, text: str, operation: str, written: set[str], *, acts: bool) -> None:
    assert _acts(tmp_path, text, operation, written) is acts


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("{ state: 'sent' }", {"state"}),
        ("{ $set: { state: 'sent', 'to.day': day }, $push: { extras: one } }", {"state", "to", "extras"}),
        ("{ $set: changed }", set()),
        ("{ ...changed }", set()),
        ("changed", set()),
    ],
)
def test_the_fields_of_an_update_are_known(tmp_path: Path, given: str, written: set[str]) -> None:
    (tmp_path / "a.js").write_text(f"Stay.updateOne({{ _id: 1 }}, {given});\n", encoding="utf-8")
    module = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()).code.project.module("a.js")
    assert module is not None
    assert written_by(module.calls("updateOne")[0]) == written
