"""The path of what a call reads is worked out from the file that it stands in, or from where the program is started."""

from __future__ import annotations

import pytest

from callcheck.sources.code.opened import opened

JS = "import {{ readFile }} from 'node:fs/promises';\nimport path from 'node:path';\nimport {{ fileURLToPath }} from 'node:url';\nconst here = path.dirname(fileURLToPath(import.meta.url));\nexport async function load(name) {{\n  return readFile({});\n}}\n"
PY = "import os\nfrom pathlib import Path\nROOT = Path(__file__).resolve().parent.parent\nTEXTS = ROOT / 'texts'\ndef load(name):\n    return {}\n"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("src/a.js", JS.format("path.join(__dirname, '..', 'texts', `${name}.txt`)"), [("texts/*.txt", True)]),
        ("src/a.js", JS.format("path.join(here, 'texts', name)"), [("src/texts/*", True)]),
        ("src/a.js", JS.format("new URL('../texts/a.txt', import.meta.url)"), [("texts/a.txt", True)]),
        ("src/a.js", JS.format("`${__dirname}/texts/${name}`"), [("src/texts/*", True)]),
        ("src/a.js", JS.format("path.resolve('texts', name)"), [("texts/*", False)]),
        ("src/a.js", JS.format("path.join(process.cwd(), 'texts/a.txt')"), [("texts/a.txt", False)]),
        ("src/a.js", JS.format("'/etc/texts/a.txt'"), []),
        ("src/a.js", JS.format("name"), []),
        ("app/a.py", PY.format("(TEXTS / name).read_text()"), [("texts/*", True)]),
        ("app/a.py", PY.format("open(os.path.join(os.path.dirname(__file__), 'texts', name)).read()"), [("app/texts/*", True)]),
        ("app/a.py", PY.format("open(TEXTS.joinpath('a.txt'))"), [("texts/a.txt", True)]),
        ("app/a.py", PY.format("(Path(__file__).parents[1] / 'texts' / 'a.txt').read_bytes()"), [("texts/a.txt", True)]),
        ("app/a.py", PY.format("open('texts/a.txt')"), [("texts/a.txt", False)]),
        ("app/a.py", PY.format("open('texts/a.txt', 'w')"), []),
        ("app/a.py", "from fastapi.templating import Jinja2Templates\npages = Jinja2Templates(directory='pages')\n", [("pages", False)]),
        ("app/a.py", "text = open('texts/a.txt').read()\n", []),
    ],
)  # fmt: skip
def test_what_is_read(code_of, path: str, text: str, found: list[tuple[str, bool]]) -> None:
    assert [(each.path, each.beside) for each in opened(code_of({path: text}))] == found
