"""A receiver that only a signal holds, and holds weakly, is told."""

from __future__ import annotations

import pytest

from callcheck.probes.receivers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


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
        (
            "from blinker import signal\n"
            "paid = signal('paid')\n"
            "async def wait(event):\n"
            "    def mail(sender):\n"
            "        event.set()\n"
            "    paid.connect(mail)\n"
            "    await event.wait()\n"
        ),
    ],
    ids=["a function of the module", "held strongly", "a nested function that is returned", "a function that goes on until the event has come"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})


WEAK_BUS = "export class Bus {\n  subs = new Set();\n  subscribe(fn) { this.subs.add(new WeakRef(fn)); }\n}\nexport const bus = new Bus();\n"


@pytest.mark.parametrize(("use", "forms"), [("bus.subscribe((x) => f(x));\n", ["lambda"]), ("const g = (x) => f(x);\nbus.subscribe(g);\n", [])])
def test_a_function_that_nothing_but_a_weak_reference_holds(tmp_path, use, forms) -> None:
    found = look(tmp_path, {"bus.js": WEAK_BUS, "main.js": "import { bus } from './bus.js';\n" + use})
    assert [item.fact.holder for item in found] == forms


@pytest.mark.parametrize(("given", "weak"), [("self.show", True), ("self.kept", False)])
def test_a_bound_method_in_a_weak_set_is_dead_unless_the_object_keeps_it(tmp_path, given, weak) -> None:
    bus = "import weakref\nclass Bus:\n    def __init__(self):\n        self.heard = weakref.WeakSet()\n    def on(self, f):\n        self.heard.add(f)\n    def emit(self):\n        for f in list(self.heard):\n            f()\nbus = Bus()\n"
    panel = f"from bus import bus\nclass Panel:\n    def __init__(self):\n        self.kept = self.show\n        bus.on({given})\n    def show(self): ...\npanel = Panel()\nbus.emit()\n"
    assert bool(look(tmp_path, {"bus.py": bus, "panel.py": panel})) is weak


@pytest.mark.parametrize(
    ("given", "forms"),
    [("Panel().show", ["temporary object's method"]), ("lambda text: print(text)", []), ("partial(print, 'x')", []), ("panel.show", [])],
    ids=["a method of a temporary object", "a lambda", "a partial", "a method of one that stays"],
)
def test_where_only_the_objects_of_methods_are_held_weakly_functions_stay(tmp_path, given, forms) -> None:
    source = f"from functools import partial\nfrom psygnal import SignalInstance\nclass Panel:\n    def show(self, text):\n        print(text)\npanel = Panel()\nchanged = SignalInstance()\nchanged.connect({given})\n"
    assert [item.fact.attributes()["callcheck.receiver.form"] for item in look(tmp_path, {"a.py": source})] == forms


KEPT = "import threading\nfrom django.db.models.signals import post_save\nclass Only(type):\n    pass\nclass Desk{0}:\n    def __init__(self):\n        {1}\n    def __call__(self, **kwargs):\n        print(1)\n    def work(self):\n        pass\ndef ready():\n    desk = Desk()\n    post_save.connect(desk)\n"


@pytest.mark.parametrize(
    ("cls", "made", "weak"),
    [
        ("", "self.rows = []", ["temporary object"]),
        ("", "self.rows = []\n        self.work()", ["temporary object"]),
        ("", "threading.Thread(target=self.work, daemon=True).start()", []),
        ("(metaclass=OnlySingleton)", "self.rows = []", []),
    ],
    ids=["nobody has it", "its own method is called", "its thread has it", "its class keeps it"],
)
def test_an_object_that_something_keeps_is_no_weak_receiver(tmp_path, cls, made, weak) -> None:
    assert [item.fact.holder for item in look(tmp_path, {"a.py": KEPT.format(cls, made)})] == weak
