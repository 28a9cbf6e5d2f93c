"""From an entry point on, the files that a process loads are known, and what cannot be known is left open."""

from __future__ import annotations

import pytest

PYTHON = {
    "api/__init__.py": "",
    "api/main.py": "from fastapi import FastAPI\nfrom core import bus, jobs as work\nfrom .routes import router\n",
    "api/routes.py": "def late():\n    import core.late\n",
    "core/__init__.py": "",
    "core/bus.py": "",
    "core/jobs.py": "",
    "core/late.py": "",
    "worker/tasks.py": "from celery import Celery\napp = Celery(include=['core.jobs'])\n",
}
NODE = {
    "src/server.ts": 'import { bus } from "./lib/bus.js";\nimport("./lazy");\n',
    "src/lazy.ts": "",
    "src/lib/bus.ts": "",
    "src/worker.ts": 'const { run } = require("./run");\n',
    "src/run.ts": 'export * from "./lib/log";\n',
    "src/lib/log.ts": "",
}


@pytest.mark.parametrize(
    ("files", "written", "expected"),
    [
        (PYTHON, "api.main:app", {"api/__init__.py", "api/main.py", "api/routes.py", "core/__init__.py", "core/bus.py", "core/jobs.py", "core/late.py"}),
        (PYTHON, "worker.tasks", {"worker/tasks.py", "core/__init__.py", "core/jobs.py"}),
        (NODE, "dist/server.js", {"src/server.ts", "src/lib/bus.ts", "src/lazy.ts"}),
        (NODE, "./src/worker.ts", {"src/worker.ts", "src/run.ts", "src/lib/log.ts"}),
    ],
    ids=["asgi", "celery", "built", "source"],
)  # fmt: skip
def test_a_process_loads_what_its_entry_imports(code_of, files, written, expected) -> None:
    reach = code_of(files).reach
    entry = reach.entry(written)
    assert entry is not None
    assert reach.loads(entry) == expected


def test_an_entry_that_is_not_there_is_not_guessed(code_of) -> None:
    reach = code_of(NODE).reach
    assert reach.entry("dist/scheduler.js") is None
    assert reach.entry("") is None


def test_a_unit_of_unknown_entry_may_load_any_file(code_of) -> None:
    units = code_of(NODE).reach.by_unit([("web", "dist/server.js"), ("jobs", "/opt/bin/start")])
    assert units["src/lib/bus.ts"] == {"web", "jobs"}


def test_a_unit_that_finds_files_by_a_pattern_may_load_any_file(code_of) -> None:
    files = {**NODE, "src/worker.ts": 'const files = globSync("src/handlers/**/*.js");'}
    units = code_of(files).reach.by_unit([("web", "dist/server.js"), ("jobs", "dist/worker.js")])
    assert units["src/lib/bus.ts"] == {"web", "jobs"}


def test_units_of_known_entries_are_told_apart(code_of) -> None:
    units = code_of(NODE).reach.by_unit([("web", "dist/server.js"), ("jobs", "dist/worker.js")])
    assert (units["src/lib/bus.ts"], units["src/lib/log.ts"]) == ({"web"}, {"jobs"})
    assert "src/unused.ts" not in units


def test_django_loads_the_known_modules_of_each_app_and_no_others(code_of) -> None:
    files = {
        "manage.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')",
        "site/__init__.py": "",
        "site/settings.py": "INSTALLED_APPS = ['orders']",
        "orders/__init__.py": "",
        "orders/models.py": "",
        "orders/receivers.py": "",
    }
    loaded = code_of(files).reach.loads("manage.py")
    assert "orders/models.py" in loaded
    assert "orders/receivers.py" not in loaded


SHAPES = "export interface Shape {}\nexport declare type Size = number;\nexport class Box {}\n"


@pytest.mark.parametrize(
    ("clause", "loaded"),
    [
        ("import type { Box } from './shapes'", False),
        ("import type * as shapes from './shapes'", False),
        ("import type Box from './shapes'", False),
        ("import { type Box, Shape } from './shapes'", False),
        ("import { Shape, Size } from './shapes'", False),
        ("import { Shape, Box } from './shapes'", True),
        ("import { Other } from './shapes'", True),
        ("import typed from './shapes'", True),
        ("import type from './shapes'", True),
        ("import './shapes'", True),
    ],
)
def test_an_import_of_types_alone_loads_nothing(code_of, clause: str, loaded: bool) -> None:
    reach = code_of({"main.ts": f"{clause};\n", "shapes.ts": SHAPES}).reach
    assert ("shapes.ts" in reach.loads("main.ts")) is loaded
