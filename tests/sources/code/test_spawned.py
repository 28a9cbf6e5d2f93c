"""What a call of Python sets going is told where nobody waits for it: thrown away, only listened to, given back to who throws it away."""

from __future__ import annotations

import pytest

from callcheck.sources.code.spawned import left_going
from callcheck.sources.code.tree import Call

POOL = "from concurrent.futures import ThreadPoolExecutor, wait\npool = ThreadPoolExecutor()\n\n\ndef work():\n    pass\n\n\n"
GIVES = "def begin(f):\n    return pool.submit(f)\n\n\n"
LEFT = {
    "a statement": POOL + "def run():\n    pool.submit(work)\n",
    "a callback": POOL + "def run():\n    pool.submit(work).add_done_callback(print)\n",
    "a name that is listened to": POOL + "def run():\n    job = pool.submit(work)\n    job.add_done_callback(print)\n",
    "a name that nobody asks": POOL + "def run():\n    job = pool.submit(work)\n    return 1\n",
    "given back, and dropped": POOL + "def begin():\n    return pool.submit(work)\n\n\ndef run():\n    begin()\n",
    "kept aside": "import asyncio\nkept = set()\n\n\nasync def run():\n    kept.add(asyncio.create_task(work()))\n",
    "of multiprocessing": "from multiprocessing.pool import ThreadPool\npool = ThreadPool()\n\n\ndef run():\n    pool.apply_async(work)\n",
    "greenlet": "import gevent\n\n\ndef run():\n    gevent.spawn(work)\n",
}
WAITED_FOR = {
    "its result": POOL + "def run():\n    return pool.submit(work).result()\n",
    "by name": POOL + "def run():\n    job = pool.submit(work)\n    wait([job])\n",
    "the whole pool": POOL + "def run():\n    with ThreadPoolExecutor() as mine:\n        mine.submit(work)\n",
    "shut down": POOL + "def run():\n    mine = ThreadPoolExecutor()\n    mine.submit(work)\n    mine.shutdown()\n",
    "joined": "import threading\n\n\ndef run():\n    t = threading.Thread(target=work)\n    t.start()\n    t.join()\n",
    "by one who is given it": POOL + GIVES + "def run():\n    begin(work).result()\n\n\ndef other():\n    begin(work)\n",
    "given back to nobody that is known": POOL + GIVES,
    "Celery's own": "from tasks import work\n\n\ndef run():\n    work.apply_async()\n",
}


def _left(code) -> list[str]:
    return [name for module in code.project.chosen.values() for call in module.all(Call) if (name := left_going(code, call))]


@pytest.mark.parametrize("case", LEFT)
def test_nobody_waits(code_of, case) -> None:
    assert _left(code_of({"a.py": LEFT[case]})) == ["work"]


@pytest.mark.parametrize("case", WAITED_FOR)
def test_somebody_waits_or_may(code_of, case) -> None:
    assert _left(code_of({"a.py": WAITED_FOR[case]})) == []


def test_a_decorator_gives_what_it_starts_to_those_who_call_what_it_wraps(code_of) -> None:
    text = POOL + "def aside(f):\n    def begin(*a):\n        return pool.submit(f, *a)\n\n    return begin\n\n\n@aside\ndef tell(n):\n    pass\n\n\ndef run():\n    {}\n"
    assert _left(code_of({"a.py": text.format("tell(1)")})) == ["f"]
    assert _left(code_of({"a.py": text.format("tell(1).result()")})) == []
