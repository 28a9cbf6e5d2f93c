"""A receiver that only a signal holds, and holds weakly, is told."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.probes.receivers import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE, knowledge.load([knowledge.shipped()]))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "from blinker import signal\n"
            "paid = signal('paid')\n"
            "paid.connect(lambda s: print(s))\n",
            "lambda",
        ),
        (
            "from functools import partial\n"
            "from blinker import signal\n"
            "paid = signal('paid')\n"
            "paid.connect(partial(print, 'x'))\n",
            "partial",
        ),
        (
            "from blinker import signal\n"
            "paid = signal('paid')\n"
            "def setup():\n"
            "    def mail(sender):\n"
            "        print(sender)\n"
            "    paid.connect(mail)\n",
            "nested function",
        ),
    ],
)
def test_a_receiver_that_nothing_else_holds(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.receiver.form") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "from blinker import signal\n"
            "paid = signal('paid')\n"
            "def mail(sender):\n"
            "    print(sender)\n"
            "paid.connect(mail)\n"
        ),
        (
            "from blinker import signal\n"
            "paid = signal('paid')\n"
            "paid.connect(lambda s: print(s), weak=False)\n"
        ),
        (
            "from blinker import signal\n"
            "paid = signal('paid')\n"
            "def setup():\n"
            "    def mail(sender):\n"
            "        print(sender)\n"
            "    paid.connect(mail)\n"
            "    return mail\n"
        ),
    ],
    ids=["a function of the module", "held strongly", "a nested function that is returned"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})
