"""A class of a data model is given as itself, by its name, or by an app's registry; a name that two classes have is not known."""

from __future__ import annotations

import pytest

from callcheck.sources.code.relations import class_given
from callcheck.sources.code.tree import ClassDef

MODELS = "class Hold: ...\nclass Loan: ...\n"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Hold", "Hold"),
        ("'holds.Hold'", "Hold"),
        ("'Loan'", "Loan"),
        ("apps.get_model('holds', 'Hold')", "Hold"),
        ("apps.get_model('holds.Hold')", "Hold"),
        ("'holds.Twice'", None),
        ("'holds.Other'", None),
        ("settings.AUTH_USER_MODEL", None),
    ],
)
def test_which_class_is_given(code_of, given: str, name: str | None) -> None:
    text = f"from holds.models import Hold\ndef f(**told): ...\nf(sender={given})\n"
    code = code_of({"holds/models.py": MODELS + "class Twice: ...\n", "holds/others.py": "class Twice: ...\n", "holds/use.py": text})
    (call,) = code.project.calls("f")
    found = class_given(code, call.keywords[0].value)
    assert (found.name if isinstance(found, ClassDef) else None) == name
