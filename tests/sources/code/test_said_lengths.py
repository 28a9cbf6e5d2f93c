"""How long work takes is read from the remark at it, at least or at most, and from no remark about something else."""

from __future__ import annotations

import pytest

from callcheck.sources.code.said_lengths import own_length, said_length
from callcheck.sources.code.tree import Call, Function


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.py", 'def cut():\n    """A run of 200 pages takes three to eight minutes."""\n    pass\n', (180, "said")),
        ("a.py", "# Takes about 90 s\n# or 90 seconds: takes 90 seconds.\ndef cut(): pass\n", (90, "said")),
        ("a.py", 'def cut():\n    """Usually takes a few minutes."""\n', (120, "said")),
        ("a.js", "/**\n * Cuts a film. It may take up to\n * 20 minutes.\n */\nfunction cut() {}\n", (1200, "generous")),
        ("a.js", "// Runs for an hour.\nconst cut = async () => {};\n", (3600, "said")),
        ("a.py", 'def cut():\n    """Runs every five minutes."""\n', None),
        ("a.py", 'def cut():\n    """Takes a film and the minutes to cut."""\n', None),
        ("a.py", 'def cut():\n    """Mesh of a flight; ten to forty minutes for a full quarry."""\n', (600, "said")),
        ("a.py", "# heavy (5-10 min per batch)\ndef cut(): pass\n", (300, "said")),
        ("a.py", 'def cut():\n    """A batch can last 20 minutes."""\n', (1200, "generous")),
        ("a.py", 'def cut():\n    """What came in the last 20 minutes."""\n', None),
        ("a.py", 'def cut():\n    """Every five to ten minutes, from cron."""\n', None),
        ("a.py", "# It takes an hour.\n\ndef cut(): pass\n", None),
    ],
)
def test_a_function_takes_as_long_as_its_remark_says(code_of, name: str, text: str, told: tuple[float, str] | None) -> None:
    code = code_of({name: text})
    found = [said_length(each) for module in code.project.modules.values() for each in module.all(Function)]
    assert [(each.seconds, each.kind) if each else None for each in found] == [told]


def test_who_hands_the_work_on_does_not_take_so_long(code_of) -> None:
    text = 'def cut(f):\n    """Takes an hour."""\n    %s\n'
    lasts = [own_length(each) for work in ("grind(f)", "pool.submit(grind, f)", "grind.delay(f)") for each in code_of({"a.py": text % work}).project.module("a.py").all(Function)]
    assert [each.seconds if each else None for each in lasts] == [3600, None, None]


def test_a_remark_at_the_call_counts_too(code_of) -> None:
    code = code_of({"a.js": "// takes an hour\ncut(film);\nsend(film); // needs two minutes\n"})
    found = [said_length(each) for each in code.project.module("a.js").all(Call)]
    assert [each.seconds if each else None for each in found] == [3600, 120]
