"""A program that cannot but fail is told where its script drops the failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.probes.dropped_exits import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

COMPOSE = "services:\n  a:\n    build: .\n    command: sh -c \"%s; uvicorn app:app\"\n    environment:\n      SITE_HOST: x.example\n%s"
RUNS = COMPOSE % ("python hooks.py || true", "")
PY = "import os\nimport httpx\ndef subscribe():\n    httpx.post('https://api.example.com/webhooks', json={'url': os.environ['SITE_URL'] + '/hook'})\nif __name__ == '__main__':\n    subscribe()\n"
NODE = "import { need } from './need.js';\nconst site = need('SITE_URL');\nawait fetch('https://api.example.com/webhooks', { method: 'POST', body: site });\n"
NEED = "export function need(name) {\n  const value = process.env[name];\n  if (!value) throw new Error(name);\n  return value;\n}\n"


def places(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{each.where} {each.because[0].where}" for each in look(tmp_path, files) if not isinstance(each, Lost)]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"hooks.py": PY, "compose.yaml": RUNS}, "compose.yaml:4 hooks.py:4"),
        ({"hooks.py": "from site_settings import SITE\nregister(SITE)\n", "site_settings.py": "import os\nSITE = os.environ['SITE_URL']\n", "compose.yaml": RUNS}, "compose.yaml:4 site_settings.py:2"),
        ({"hooks.js": NODE, "need.js": NEED, "compose.yaml": COMPOSE % ("node hooks.js || true", "")}, "compose.yaml:4 hooks.js:2"),
    ],
)
def test_a_failure_that_is_sure_is_dropped(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert places(tmp_path, files) == [place]


@pytest.mark.parametrize(
    "files",
    [
        {"hooks.py": PY, "compose.yaml": COMPOSE % ("python hooks.py || true", "      SITE_URL: https://x.example\n")},
        {"hooks.py": PY, "compose.yaml": COMPOSE % ("python hooks.py", "")},
        {"hooks.py": PY, "compose.yaml": RUNS, ".env": "SITE_URL=https://x.example\n"},
        {"hooks.py": PY, "compose.yaml": COMPOSE % ("python hooks.py || true", "    env_file: [secrets.env]\n")},
        {"hooks.py": PY.replace("os.environ['SITE_URL']", "os.environ.get('SITE_URL', '')"), "compose.yaml": RUNS},
        {"hooks.py": PY.replace("import os\n", "import os\nfrom dotenv import load_dotenv\nload_dotenv()\n"), "compose.yaml": RUNS},
        {"hooks.py": PY.replace("    subscribe()\n", "    print('subscribe')\n"), "compose.yaml": RUNS},
        {"hooks.py": "import os\nwarm(os.environ['CACHE'])\n", "compose.yaml": RUNS},
        {"hooks.py": PY, "app.py": "import hooks\n", "compose.yaml": COMPOSE % ("python app.py || true", "")},
    ],
    ids=["set", "not dropped", "in a file", "perhaps in a file", "not needed", "read by itself", "never called", "of something else", "not below this guard"],
)
def test_what_is_set_or_may_be_is_left_alone(tmp_path: Path, files: dict[str, str]) -> None:
    assert not places(tmp_path, files)
