"""A program is known to end after a call only where nothing that runs later may wait, and no lasting thread was begun."""

from __future__ import annotations

import pytest

from callcheck.sources.code.run_dry import runs_dry
from tests.sources.code.conftest import CodeOf

_HEAD = "import asyncio, signal, threading, time\nfrom watchdog.observers import Observer\n"
_BEGUN = f"{_HEAD}o = Observer()\no.start()\n"


def _dry(code_of: CodeOf, files: dict[str, str]) -> bool:
    code = code_of(files)
    use = next(use for use in code.idioms.of("trap") if "runs-dry" in use.idiom.where)
    return runs_dry(code, use)


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": f"{_BEGUN}print('up')\n"},
        {"a.py": f"{_BEGUN}time.sleep(0.5)\n"},
        {"a.py": f"{_BEGUN}def wait():\n    while True:\n        time.sleep(1)\n"},
        {"a.py": _BEGUN, "b.py": "import time\nwhile True:\n    time.sleep(1)\n"},
        {"a.py": f"{_HEAD}def begin():\n    o = Observer()\n    o.start()\ndef main():\n    begin()\nif __name__ == '__main__':\n    main()\n"},
        {"a.py": f"{_HEAD}async def main():\n    o = Observer()\n    o.start()\n    await prepare()\nasync def prepare():\n    await asyncio.sleep(1)\nasyncio.run(main())\n"},
        {"a.py": f"{_HEAD}threading.Thread(target=f, daemon=True).start()\no = Observer()\no.start()\n"},
        {"a.py": f"{_HEAD}class W:\n    def __init__(self):\n        self.o = Observer()\n    def begin(self):\n        self.o.start()\n", "b.py": "from a import W\nw = W()\nw.begin()\n"},
    ],
)
def test_a_program_that_has_nothing_left_to_do_ends(code_of: CodeOf, files: dict[str, str]) -> None:
    assert _dry(code_of, files)


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": f"{_BEGUN}o.join()\n"},
        {"a.py": f"{_BEGUN}signal.pause()\n"},
        {"a.py": f"{_BEGUN}for line in stream:\n    print(line)\n"},
        {"a.py": f"{_BEGUN}from b import stay\nstay()\n", "b.py": "import time\ndef stay():\n    while True:\n        time.sleep(1)\n"},
        {"a.py": f"{_HEAD}def work():\n    q.get()\nthreading.Thread(target=work).start()\no = Observer()\no.start()\n"},
        {"a.py": f"{_HEAD}def begin():\n    o = Observer()\n    o.start()\n"},
        {"a.py": f"{_HEAD}def begin():\n    o = Observer()\n    o.start()\n", "b.py": "from flask import Flask\nfrom a import begin\napp = Flask('b')\nbegin()\n"},
        {"a.py": f"{_HEAD}def begin():\n    o = Observer()\n    o.start()\n    yield o\nfor each in begin():\n    print(each)\n"},
        {"a.py": f"{_HEAD}async def main():\n    o = Observer()\n    o.start()\n    await done\nasyncio.run(main())\n"},
    ],
)
def test_what_waits_or_cannot_be_followed_may_keep_it_going(code_of: CodeOf, files: dict[str, str]) -> None:
    assert not _dry(code_of, files)
