"""Work in a pool whose errors nobody asks for is told."""

from __future__ import annotations

import pytest

from callcheck.probes.unasked import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "from multiprocessing import Pool\n"
            "pool = Pool(4)\n"
            "def run(tile):\n"
            "    pool.apply_async(classify, (tile,), callback=add)\n",
            "unasked",
        ),
    ],
)
def test_work_that_may_fail_unheard(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.error.form") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "from multiprocessing import Pool\n"
            "pool = Pool(4)\n"
            "def run(tile):\n"
            "    return pool.apply_async(classify, (tile,), callback=add).get()\n"
        ),
        (
            "from multiprocessing import Pool\n"
            "pool = Pool(4)\n"
            "def run(tile):\n"
            "    pool.apply_async(classify, (tile,), callback=add, error_callback=tell)\n"
        ),
    ],
    ids=["asked for", "errors have a callback"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})
