"""A test on a variable chooses one process, unless it lets in whatever serves requests: by the role of that, or by what its own module sets."""

from __future__ import annotations

import pytest

from callcheck.sources.code.for_one import for_one_process

SERVED = "import os\nfrom flask import Flask\nos.environ['RUN_CRON'] = 'yes'\napp = Flask(__name__)\nimport jobs\njobs.begin()\n"
HEAD = "import os\n\n\ndef begin():\n"


def _chosen(code) -> bool:
    return for_one_process(code, next(iter(code.project.calls("start"))))


@pytest.mark.parametrize(
    "body",
    [
        "    if os.environ.get('ROLE') == 'scheduler':\n        clock.start()\n",
        "    if os.environ['ROLE'] != 'scheduler':\n        return\n    clock.start()\n",
        "    if os.environ.get('ROLE') == 'web':\n        return\n    clock.start()\n",
        "    if os.environ.get('INSTANCE_ID') != '0':\n        return\n    clock.start()\n",
        "    if os.environ.get('ENABLE_CRON') != 'false':\n        clock.start()\n",
        "    if os.environ.get('RUN_CRON') == 'no':\n        cron.start()\n",
    ],
)
def test_one_process_is_chosen(code_of, body) -> None:
    assert _chosen(code_of({"jobs.py": HEAD + body, "wsgi.py": SERVED}))


@pytest.mark.parametrize(
    "body",
    [
        "    if os.environ.get('ROLE') == 'web':\n        clock.start()\n",
        "    if os.environ.get('APP_ROLE') != 'api':\n        return\n    clock.start()\n",
        "    role = os.environ.get('ROLE')\n    if role in ('web', 'all'):\n        clock.start()\n",
    ],
)
def test_all_that_serve_are_let_in_by_their_role(code_of, body) -> None:
    assert not _chosen(code_of({"jobs.py": HEAD + body}))


@pytest.mark.parametrize(("served", "chosen"), [(SERVED, False), (SERVED.replace("app = Flask(__name__)\n", ""), True), (SERVED.replace("'yes'", "'no'"), True)], ids=["set", "set by a script", "set to something else"])
def test_all_are_let_in_by_what_the_module_of_the_server_sets(code_of, served, chosen) -> None:
    body = "    if os.environ.get('RUN_CRON') == 'yes':\n        clock.start()\n"
    assert _chosen(code_of({"jobs.py": HEAD + body, "wsgi.py": served})) is chosen
