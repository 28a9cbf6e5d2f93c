"""An argument is what the deployment sets the variable to that it is read from, and its default only where nothing does."""

from __future__ import annotations

import pytest

from callcheck.sources.code.given import given

CALL = "f(model=MODEL)\n"
READ = "import os\nMODEL = os.environ.get('M', 'small')\n"


@pytest.mark.parametrize(
    ("files", "texts"),
    [
        ({"a.py": "f(model='big')\n"}, ["big"]),
        ({"a.py": "MODEL = 'big'\n" + CALL}, ["big"]),
        ({"a.py": READ + CALL}, ["small"]),
        ({"a.py": READ + CALL, "worker.env": "OTHER_M=x\nM=big\n"}, ["big"]),
        ({"a.py": READ + CALL, ".env.example": "M=big\n"}, ["small"]),
        ({"a.py": "import os\nMODEL = os.environ['M']\n" + CALL, "k.yaml": "- name: M\n  value: big\n"}, ["big"]),
        ({"a.py": "import os\nMODEL = os.getenv('M') or 'small'\n" + CALL, "compose.yml": "a:\n  environment:\n    M: big\n"}, ["big"]),
        ({"a.py": "import os\nMODEL = os.getenv('M') or 'small'\n" + CALL}, ["small"]),
        ({"a.py": "def g(model='big'):\n    f(model=model)\n"}, ["big"]),
        ({"a.js": "f(process.env.M)\n", "k.yaml": "env: {N: x, M: '{big}:a'}\n"}, ["{big}:a"]),
        ({"a.js": "f(process.env.M)\n", "compose.yml": "a:\n  environment: {M: big}\n"}, ["big"]),
        ({"a.js": "f(process.env.M)\n", "Dockerfile": "FROM node\nENV M=big\n"}, ["big"]),
        ({"a.js": "const { HOST, PORT } = process.env;\nf(`https://${HOST}:${PORT}/x`)\n", "k.yaml": "env: {HOST: a.b, PORT: '81'}\n"}, ["https://a.b:81/x"]),
        ({"a.js": "f(Number(process.env.M ?? 30) * 1000)\n", "k.yaml": "- name: M\n  value: '45'\n"}, ["45000"]),
        ({"a.js": "f(+(process.env.M || 30))\n"}, ["30"]),
        ({"a.js": "const { M = '7' } = process.env;\nf(parseInt(M, 10))\n"}, ["7"]),
        ({"a.js": "const { M = '7' } = process.env;\nf(parseInt(M, 10))\n", "worker.env": "M=9\n"}, ["9"]),
    ],
)
def test_what_an_argument_is(code_of, files: dict[str, str], texts: list[str]) -> None:
    code = code_of(files)
    call = next(code.project.calls("f"))
    arguments = [keyword.value for keyword in call.keywords] or call.args
    assert [text for text in given(code, arguments) if text] == texts
