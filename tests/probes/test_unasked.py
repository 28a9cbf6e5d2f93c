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


TOLD = (
    "from concurrent.futures import ThreadPoolExecutor\n"
    "pool = ThreadPoolExecutor()\n"
    "def work(channel, tag, body):\n"
    "    try:\n"
    "        made = measure(body)\n"
    "    except Exception:\n"
    "        log.exception('not measured')\n"
    "        return\n"
    "    THEN\n"
    "def on_body(channel, tag, body):\n"
    "    pool.submit(work, channel, tag, body)\n"
)


@pytest.mark.parametrize(("then", "found"), [("channel.connection.add_callback_threadsafe(partial(finish, channel, tag, made))", 0), ("done.put(made)", 0), ("upload(made)", 1)])
def test_what_follows_the_try_may_hand_the_result_on(tmp_path, then: str, found: int) -> None:
    assert len(list(look(tmp_path, {"a.py": TOLD.replace("THEN", then)}))) == found
