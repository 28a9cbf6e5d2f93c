"""What always is one plain value, or one table, is read where its name stands; what may be another is left alone."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Call, Literal
from callcheck.sources.code.wording import readings
from tests.sources.code.conftest import CodeOf


def _call(code_of: CodeOf, files: dict[str, str]) -> Call:
    code = code_of(files)
    return next(call for call in code.project.calls("f"))


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": "const NAME = 'paid';\nf(NAME);\n"},
        {"a.js": "function g() {\n  const name = 'paid';\n  f(name);\n}\n"},
        {"a.ts": "import { PAID as P } from './topics';\nf(P);\n", "topics.ts": "export const PAID = 'paid';\n"},
        {"a.ts": "import { Topics } from './topics';\nf(Topics.paid);\n", "topics.ts": "export const Topics = { paid: 'paid' } as const;\n"},
        {"a.js": "const topics = require('./topics');\nf(topics.PAID);\n", "topics.js": "const PAID = 'paid';\nmodule.exports = { PAID };\n"},
        {"a.js": "const T = Object.freeze({ PAID: 'paid' });\nf(T.PAID);\n"},
        {"a.py": "PAID = 'paid'\nf(PAID)\n"},
        {"a.py": "from topics import PAID\nf(PAID)\n", "topics.py": "PAID = 'paid'\n"},
        {"app/__init__.py": "", "app/a.py": "from app import topics\nf(topics.PAID)\n", "app/topics.py": "PAID = 'paid'\n"},
    ],
)
def test_a_constant_is_read_where_its_name_stands(code_of: CodeOf, files: dict[str, str]) -> None:
    call = _call(code_of, files)
    arg = call.args[0]
    assert isinstance(arg, Literal) and arg.value == "paid"
    assert arg.line == call.line
    assert "f('paid')" in readings(call)[-1]


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": "let name = 'paid';\nname = 'lost';\nf(name);\n"},
        {"a.js": "const name = 'paid';\nfunction g(name) { f(name); }\n"},
        {"a.js": "for (const name of names()) f(name);\n"},
        {"a.js": "function g() {\n  wired = true;\n}\nf(wired);\n"},
        {"a.js": "const T = { PAID: 'paid' };\nT.PAID = 'lost';\nf(T.PAID);\n"},
        {"a.py": "n = 1\nn += 1\nf(n)\n"},
        {"a.py": "n = 1\ndef g():\n    global n\n    n = 2\nf(n)\n"},
        {"a.py": "class C:\n    name = 'paid'\n    f(name)\n"},
    ],
)
def test_what_may_be_another_value_is_left_alone(code_of: CodeOf, files: dict[str, str]) -> None:
    call = _call(code_of, files)
    assert not isinstance(call.args[0], Literal)
    assert len(readings(call)) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "options = {'lazy': True, 'name': 'x'}\nf(1, **options)\n"},
        {"a.py": "from options import COMMON\nf(1, **COMMON)\n", "options.py": "COMMON = {'lazy': True}\n"},
        {"a.js": "const common = { lazy: true };\nf(1, { ...common, name: 'x' });\n"},
    ],
)
def test_a_table_is_opened_where_it_is_spread(code_of: CodeOf, files: dict[str, str]) -> None:
    lazy = _call(code_of, files).keyword("lazy")
    assert isinstance(lazy, Literal) and lazy.value is True


@pytest.mark.parametrize(
    ("given", "reads"),
    [
        ("{'patterns': ['.csv', NAME]}", "f(patterns=['.csv', NAME])"),
        ("dict(retry=Retry(max=3, interval=60))", "f(retry=Retry(max=3, interval=60))"),
        ("{'hooks': {'response': [log]}}", "f(hooks={\"response\": [log]})"),
    ],
)
def test_what_is_spread_in_python_is_read_as_if_it_stood_there(code_of: CodeOf, given: str, reads: str) -> None:
    assert readings(_call(code_of, {"a.py": f"options = {given}\nf(**options)\n"}))[-1] == reads


def test_a_table_that_is_filled_later_is_not_opened(code_of: CodeOf) -> None:
    assert _call(code_of, {"a.py": "options = {'lazy': True}\noptions['lazy'] = False\nf(1, **options)\n"}).keyword("lazy") is None


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"a.js": "f(process.env.QUEUE ?? 'mail');\n"}, "mail"),
        ({"a.js": "const queue = process.env.QUEUE || 'mail';\nf(queue);\n", "compose.yml": "a:\n  environment:\n    QUEUE: mail\n"}, "mail"),
        ({"a.py": "import os\nf(os.environ.get('QUEUE', 'mail'))\n"}, "mail"),
        ({"a.py": "import os\nf(os.getenv('QUEUE', default='mail'))\n", "a.env": "QUEUE=post\n"}, ""),
        ({"a.js": "f(process.env.HOSTNAME ?? 'local');\n"}, ""),
        ({"a.js": "f(process.env.QUEUE);\n"}, "process.env.QUEUE"),
    ],
)
def test_a_variable_of_the_environment_is_its_default_unless_the_deployment_sets_another(code_of: CodeOf, files: dict[str, str], text: str) -> None:
    code = code_of(files)
    call = next(call for call in code.project.calls("f"))
    assert code.idioms.text(call.args[0]) == text


def test_bytes_stay_what_they_are_called(code_of: CodeOf) -> None:
    call = _call(code_of, {"a.py": "DATA = b'paid'\nf(DATA)\n"})
    assert not isinstance(call.args[0], Literal)
    assert readings(call) == ("f(DATA)",)
