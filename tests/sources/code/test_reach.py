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


def test_a_unit_of_another_image_that_tells_no_command_does_not_run_the_program_of_one_that_does(code_of) -> None:
    entries = [("jobs", "dist/worker.js"), ("shop", ""), ("more-jobs", "")]
    units = code_of(NODE).reach.by_unit(entries, images={"jobs": "acme/jobs", "shop": "acme/shop", "more-jobs": "acme/jobs"})
    assert units["src/worker.ts"] == {"jobs", "more-jobs"}
    assert units["src/lib/log.ts"] == {"jobs", "shop", "more-jobs"}, "what it imports may be shared"


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

JS_ROLES = {
    "table": "const roles = { web: () => import('./web.js'), jobs: async () => (await import('./jobs.js')).start };\nroles[process.argv[2]]();\n",
    "switch": "switch (process.argv[2]) {\n  case 'web':\n    await import('./web.js');\n    break;\n  case 'jobs':\n    require('./jobs.js').start();\n    break;\n}\n",
    "if": "const role = process.env.ROLE;\nif (role === 'jobs') {\n  const { start } = await import('./jobs.js');\n  start();\n} else {\n  await import('./web.js');\n}\n",
    "ternary": "await (process.env.ROLE === 'jobs' ? import('./jobs.js') : import('./web.js'));\n",
    "else if": "const role = process.argv[2];\nif (role === 'web') require('./web.js');\nelse if (role === 'jobs') require('./jobs.js');\n",
}


@pytest.mark.parametrize("form", JS_ROLES)
def test_a_process_of_one_role_does_not_load_the_files_of_the_others(code_of, form: str) -> None:
    reach = code_of({"cli.js": JS_ROLES[form], "web.js": "", "jobs.js": ""}).reach
    assert reach.loads("cli.js", lambda: frozenset({"node", "cli.js", "jobs"})) == {"cli.js", "jobs.js"}
    assert reach.loads("cli.js", lambda: frozenset({"node", "cli.js"})) == {"cli.js", "jobs.js", "web.js"}


PYTHON_ROLES = {
    "if": "import os\nif os.environ['ROLE'] == 'jobs':\n    from app.jobs import start\n    start()\nelse:\n    import app.web\n",
    "elif": "import sys\nif sys.argv[1] == 'web':\n    from app import web\nelif sys.argv[1] == 'jobs':\n    from app import jobs\n",
    "match": "import sys\nmatch sys.argv[1]:\n    case 'web':\n        from app import web\n        web.run()\n    case 'jobs':\n        from app import jobs\n        jobs.run()\n",
    "table": "import sys\ndef web():\n    from app import web\ndef work():\n    from app import jobs\n{'web': web, 'jobs': work}[sys.argv[1]]()\n",
    "click": "import click\ncli = click.Group()\n@cli.command()\ndef web():\n    from app import web\n@cli.command('jobs')\n@click.option('--many')\ndef work(many):\n    from app import jobs\ncli()\n",
}


@pytest.mark.parametrize("form", PYTHON_ROLES)
def test_a_role_of_a_python_program_leaves_the_other_roles_out(code_of, form: str) -> None:
    reach = code_of({"run.py": PYTHON_ROLES[form], "app/__init__.py": "", "app/web.py": "", "app/jobs.py": ""}).reach
    assert reach.loads("run.py", lambda: frozenset({"python", "jobs"})) == {"run.py", "app/__init__.py", "app/jobs.py"}
    assert reach.loads("run.py", lambda: frozenset()) == {"run.py", "app/__init__.py", "app/jobs.py", "app/web.py"}


@pytest.mark.parametrize(
    ("command", "loaded"),
    [("node cli.js web", {"cli.js", "web.js"}), ("node cli.js jobs", {"cli.js", "jobs.js"}), ("node cli.js", {"cli.js", "web.js", "jobs.js"}), ("node cli.js --port 1", {"cli.js", "web.js", "jobs.js"})],
)
def test_a_program_that_is_given_another_argument_takes_the_other_branch(code_of, command: str, loaded: set[str]) -> None:
    from callcheck.sources.code.roles import words

    text = "const role = process.argv[2];\nif (role === 'jobs') {\n  require('./jobs.js');\n} else {\n  require('./web.js');\n}\n"
    reach = code_of({"cli.js": text, "web.js": "", "jobs.js": ""}).reach
    assert reach.loads("cli.js", lambda: words(command, "cli.js")) == loaded
