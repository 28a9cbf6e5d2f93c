"""What a function turns away because a table has it not is found by its test, and so is the table."""

from __future__ import annotations

import pytest

from callcheck.sources.code.absences import absences

PYTHON = {
    "not in": ("if k not in t:\n        raise Missing(k)", True),
    "is None": ("job = t.get(k)\n    if job is None:\n        return {}, 404", True),
    "one of two": ("job = t.get(k)\n    if job is None or job.done:\n        return {}, 404", True),
    "a walrus": ("if not (job := t.get(k)):\n        abort(400)", True),
    "KeyError": ("try:\n        job = t[k]\n    except KeyError:\n        raise Missing(k)", True),
    "a quiet end": ("if k not in t:\n        return None", False),
}
GOES_ON = {
    "what is there": "if k in t:\n        return t[k]",
    "what is made then": "if k not in t:\n        t[k] = 1",
    "another error": "try:\n        job = t[k]\n    except OSError:\n        raise Missing(k)",
}


def _found(code_of, body: str) -> list[tuple[str, bool]]:
    code = code_of({"a.py": f"from flask import Flask, abort\napp = Flask('a')\nt = {{}}\n@app.get('/a/<k>')\ndef view(k):\n    {body}\n    return 'ok'\n"})
    return [(each.table.name, each.refuses) for each in absences(code, code.project.module("a.py"))]


@pytest.mark.parametrize("case", PYTHON)
def test_an_absence_is_found(code_of, case: str) -> None:
    body, refuses = PYTHON[case]
    assert _found(code_of, body) == [("t", refuses)]


@pytest.mark.parametrize("case", GOES_ON)
def test_a_function_that_goes_on_turns_nothing_away(code_of, case: str) -> None:
    assert not _found(code_of, GOES_ON[case])
