"""What a module keeps under a name of its own is found where other files read it, and what only has the same name there is not."""

from __future__ import annotations

import pytest

from callcheck.sources.code.brought_in import BroughtIn
from callcheck.sources.code.scopes import module_of

KEPT = "import os\nURL = os.environ['URL']\n"
KEPT_JS = "export const url = process.env.URL;\n"


@pytest.mark.parametrize(
    ("files", "used"),
    [
        ({"shop/env.py": KEPT, "shop/a.py": "from shop.env import URL as base\ncall(base)\n"}, ["shop/a.py:2"]),
        ({"shop/env.py": KEPT, "shop/a.py": "from shop import env\ncall(env.URL)\n"}, ["shop/a.py:2"]),
        ({"shop/env.py": KEPT, "shop/__init__.py": "", "shop/a.py": "import shop.env\ncall(shop.env.URL)\n"}, ["shop/a.py:2"]),
        ({"shop/env.py": KEPT, "shop/__init__.py": "from .env import URL\n", "shop/a.py": "from shop import URL\ncall(URL)\n"}, ["shop/a.py:2"]),
        ({"shop/env.py": KEPT, "shop/a.py": "from other import URL\ncall(URL)\n"}, []),
        ({"shop/env.py": KEPT, "shop/other.py": KEPT, "shop/a.py": "from shop.other import URL\ncall(URL)\n"}, []),
        ({"shop/env.py": KEPT, "shop/a.py": "def f(env):\n    call(env.URL)\n"}, []),
    ],
    ids=["by another name", "by its module", "by the whole path", "by way of the package", "of a package from outside", "of another module", "of a parameter"],
)
def test_a_name_of_python(code_of, files: dict[str, str], used: list[str]) -> None:
    assert _used(code_of(files), "shop/env.py", "URL") == used


@pytest.mark.parametrize(
    ("files", "used"),
    [
        ({"env.ts": KEPT_JS, "a.ts": "import { url as base } from './env';\ncall(base);\n"}, ["a.ts:2"]),
        ({"env.ts": KEPT_JS, "a.ts": "import * as env from './env';\ncall(env.url);\n"}, ["a.ts:2"]),
        ({"env.ts": KEPT_JS, "index.ts": "export * from './env';\n", "a.ts": "import { url } from '.';\ncall(url);\n"}, ["a.ts:2"]),
        ({"env.ts": "const url = process.env.URL;\nmodule.exports = { url };\n", "a.ts": "const { url } = require('./env');\ncall(url);\n"}, ["a.ts:2"]),
        ({"env.ts": KEPT_JS, "a.ts": "const url = 1;\ncall(url);\n"}, []),
    ],
    ids=["by another name", "by its module", "by way of another file", "by require", "of the file's own"],
)
def test_a_name_of_javascript(code_of, files: dict[str, str], used: list[str]) -> None:
    assert _used(code_of(files), "env.ts", "url") == used


def _used(code, path: str, name: str) -> list[str]:
    return [f"{module_of(use).path}:{use.line}" for use in BroughtIn(code.origins).uses(code.project.module(path), name)]
