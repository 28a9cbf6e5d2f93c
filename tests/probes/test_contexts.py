"""A context variable that is read in a thread which never set it is told."""

from __future__ import annotations

import pytest

from callcheck.probes.contexts import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "from contextvars import ContextVar\n"
            "user = ContextVar('user')\n"
            "pool = ThreadPoolExecutor()\n"
            "def report():\n"
            "    return user.get()\n"
            "def ask():\n"
            "    pool.submit(report)\n",
            "user",
        ),
    ],
)
def test_a_variable_that_does_not_come_along(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("code.function.name") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "from contextvars import ContextVar\n"
            "user = ContextVar('user')\n"
            "pool = ThreadPoolExecutor()\n"
            "def report():\n"
            "    user.set('x')\n"
            "    return user.get()\n"
            "def ask():\n"
            "    pool.submit(report)\n"
        ),
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "pool = ThreadPoolExecutor()\n"
            "def report():\n"
            "    return 1\n"
            "def ask():\n"
            "    pool.submit(report)\n"
        ),
    ],
    ids=["set in the thread", "no variable"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})
