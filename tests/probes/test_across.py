"""What a function uses that another process runs is not what this process has."""

from __future__ import annotations

import pytest

from callcheck.probes.across import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

SIGNALS = "from blinker import Namespace\ndone = Namespace().signal('done')\n"
WORK = "from signals import done\ndef work(n):\n    done.send('w', n=n)\n    return n\n"
JOBS = "import asyncio\nfrom concurrent.futures import {pool}\nfrom work import work\npool = {pool}()\nasync def build(n):\n    return await asyncio.get_running_loop().run_in_executor(pool, work, n)\n"
WEB = (
    "import asyncio\nfrom flask import Flask\nfrom signals import done\nfrom jobs import build\napp = Flask('a')\nwaiting = {}\n"
    "@done.connect\ndef on_done(sender, n):\n    waiting[n].put_nowait(n)\n"
    "@app.post('/jobs/<int:n>')\nasync def start(n):\n    waiting[n] = asyncio.Queue()\n    return str(await build(n))\n"
)


@pytest.mark.parametrize(("pool", "names"), [("ProcessPoolExecutor", ["waiting"]), ("ThreadPoolExecutor", [])])
def test_a_listener_that_a_pool_of_processes_calls_has_a_table_of_its_own(tmp_path, pool, names) -> None:
    files = {"signals.py": SIGNALS, "work.py": WORK, "jobs.py": JOBS.format(pool=pool), "web.py": WEB}
    assert [item.fact.event for item in look(tmp_path, files)] == names


POOL = "import multiprocessing\nfrom concurrent.futures import ProcessPoolExecutor\nfrom work import work\nimport signals\ndef run(n):\n    with ProcessPoolExecutor(mp_context=multiprocessing.get_context('%s')) as pool:\n        return pool.submit(work, n).result()\n"
HEARS = "import signals\nimport jobs\n@signals.done.connect\ndef on_done(sender, n):\n    print(n)\njobs.run(1)\n"


@pytest.mark.parametrize(("method", "names"), [("spawn", ["blinker"]), ("forkserver", ["blinker"]), ("fork", [])])
def test_a_process_that_is_started_anew_lacks_the_listeners_of_modules_that_it_does_not_load(tmp_path, method, names) -> None:
    files = {"signals.py": SIGNALS, "work.py": WORK, "jobs.py": POOL % method, "main.py": HEARS}
    assert [item.fact.event for item in look(tmp_path, files)] == names


def test_it_has_those_of_modules_that_it_loads(tmp_path) -> None:
    files = {"signals.py": SIGNALS, "work.py": f"import hears\n{WORK}", "jobs.py": POOL % "spawn", "hears.py": HEARS.replace("import jobs\n", "").replace("jobs.run(1)\n", "")}
    assert not look(tmp_path, files)


REGISTRY = "class Registry:\n    known = {}\n    @classmethod\n    def register(cls, name, f):\n        cls.known[name] = f\n    @classmethod\n    def of(cls, name):\n        return cls.known.get(name)\n"
RUNS = "from celery import Celery\nfrom registry import Registry\napp = Celery('a')\n@app.task\ndef execute(name):\n    Registry.of(name)()\n"
DECORATED = "from registry import Registry\ndef task(name):\n    def decorator(f):\n        Registry.register(name, f)\n        return f\n    return decorator\n"
SERVED = "from flask import Flask\nfrom registry import Registry\napp = Flask('a')\n@app.post('/jobs/<name>')\ndef start(name):\n    Registry.register(name, lambda: 1)\n    return name\n"


@pytest.mark.parametrize(
    ("module", "names"), [(DECORATED, []), ("from registry import Registry\nRegistry.register('a', print)\n", []), (SERVED, ["known"])], ids=["by a decorator", "by a module", "by a request"]
)
def test_a_table_that_modules_fill_while_they_are_loaded_is_full_in_each_process(tmp_path, module, names) -> None:
    assert [item.fact.event for item in look(tmp_path, {"registry.py": REGISTRY, "work.py": RUNS, "more.py": module})] == names
