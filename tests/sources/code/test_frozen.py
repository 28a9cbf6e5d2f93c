"""A function of a platform leads to a call where it loads its file, and none that it loads sends on what waits."""

from __future__ import annotations

import pytest

from callcheck.sources.code.frozen import frozen_by
from callcheck.sources.code.scopes import module_of

ASK = "from langfuse import observe\n@observe()\ndef ask(q): ...\n"


def said(code_of, files: dict[str, str]) -> list[str]:
    code = code_of({"ask.py": ASK, **files})
    (use,) = [use for use in code.idioms.of("trap") if "frozen-without" in use.idiom.where and use.module.path == "ask.py"]
    return [f"{module_of(each).path}:{each.line}" for each in frozen_by(code, use)]


HANDLER = "from ask import ask\ndef lambda_handler(event, context):\n    ask(event)\n"
FLUSHES = HANDLER + "    get_client().flush()\n"


def test_one_that_flushes_says_nothing_of_the_other(code_of) -> None:
    assert said(code_of, {"day.py": HANDLER, "night.py": FLUSHES}) == ["day.py:2"]


@pytest.mark.parametrize(
    "entry",
    ["from ask import ask\n@functions_framework.http\ndef go(request):\n    ask(request)", "from ask import ask\napp = make(ask)\nhandler = Mangum(app)", "import ask\nasync def order_handler(event, _context): ..."],
)
def test_handlers_of_other_kinds(code_of, entry: str) -> None:
    assert len(said(code_of, {"main.py": entry})) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"day.py": FLUSHES},
        {"day.py": HANDLER.replace("ask(event)", "done(ask(event))") + "from ends import done\n", "ends.py": "def done(x):\n    get_client().flush()\n"},
        {"day.py": "def lambda_handler(event, context): ..."},
        {"day.py": "from ask import ask\ndef error_handler(exc, request):\n    ask(exc)"},
        {"test_day.py": HANDLER},
    ],
    ids=["flushes", "in what it loads", "loads it not", "another handler", "a test"],
)
def test_functions_that_send_on_what_waits_or_lead_elsewhere(code_of, files: dict[str, str]) -> None:
    assert said(code_of, files) == []
