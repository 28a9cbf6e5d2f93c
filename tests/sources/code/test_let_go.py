"""What a function makes is let go when it returns, unless something has it: a store, a closure, a caller, or the function itself while it waits."""

from __future__ import annotations

import pytest

from callcheck.sources.code.let_go import let_go, loses, lost_after
from callcheck.sources.code.tree import Function


def _let_go(code, heard=()) -> bool:
    return let_go(code, next(iter(code.project.calls("Desk"))), heard)


def _source(body: str, name: str = "create_app") -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"class Desk:\n    def open(self):\n        pass\n\n    def note(self):\n        pass\n\n\ndef send():\n    pass\n\n\ndef {name}(app):\n{lines}    return app\n"


@pytest.mark.parametrize("body", ["desk = Desk()\ndesk.open()", "desk = Desk()", "Desk().open()", "desk = Desk()\ndesk.app = app\ndesk.open()"])
def test_nothing_holds_what_is_asked_for_its_methods_alone(code_of, body) -> None:
    assert _let_go(code_of({"a.py": _source(body)}))


@pytest.mark.parametrize(
    "body",
    [
        "desk = Desk()\napp.desk = desk",
        "desk = Desk()\napp.at_exit(desk.note)",
        "desk = Desk()\ndef show():\n    return desk.seen",
        "global desk\ndesk = Desk()\ndesk.open()",
        "desk = Desk()\ndesk.open()\napp.serve_forever()",
        "desk = Desk()\nnote = desk.note\nnote()",
        "app.desk = Desk()",
    ],
    ids=["stored", "its method handed on", "in a closure", "of the module", "the function goes on", "its method under a name", "put away as it is made"],
)
def test_something_holds_it(code_of, body) -> None:
    assert not _let_go(code_of({"a.py": _source(body)}))


def test_a_function_that_sends_before_it_returns_has_it_meanwhile(code_of) -> None:
    code = code_of({"a.py": _source("desk = Desk()\ndesk.open()\nsend()")})
    functions = {each.name: each for module in code.project.chosen.values() for each in module.all(Function)}
    assert not _let_go(code, (functions["send"],))
    assert not _let_go(code, (functions["create_app"],))
    assert _let_go(code, (functions["note"],))


@pytest.mark.parametrize(
    ("method", "lets_go"),
    [("def open(self):\n        self.seen = 1", True), ("def open(self):\n        self.loop.run_forever()", False), ("def run(self):\n        self.seen = 1", False)],
    ids=["a method that returns", "one that waits for the end", "one that is called so"],
)
def test_the_method_that_runs_holds_its_object_meanwhile(code_of, method, lets_go) -> None:
    name = method.partition("(")[0].removeprefix("def ")
    assert _let_go(code_of({"a.py": f"class Desk:\n    {method}\n\n\nDesk().{name}()\n"})) is lets_go


@pytest.mark.parametrize(("caller", "lets_go"), [("desk = desk_for(app)\ndesk.open()", True), ("app.desk = desk_for(app)", False)])
def test_what_a_factory_gives_is_as_its_callers_treat_it(code_of, caller, lets_go) -> None:
    factory = "def desk_for(app):\n    return Desk()\n"
    assert _let_go(code_of({"a.py": f"{factory}\n\n{_source(caller)}"})) is lets_go


def test_what_keeps_weakly_may_be_given_it(code_of) -> None:
    code = code_of({"a.py": _source("desk = Desk()\nkept.connect(desk.note)")})
    made, connect = next(iter(code.project.calls("Desk"))), next(iter(code.project.calls("connect")))
    assert loses(code, made, (connect,)) and not loses(code, made)


def test_who_is_handed_the_value_of_a_field_holds_no_more(code_of) -> None:
    cls = "class Desk:\n    def __init__(self):\n        self.clerk = 'c'\n\n    def note(self):\n        pass\n\n\n"
    code = code_of({"a.py": cls + "def set_up(app):\n    desk = Desk()\n    app.log(desk.clerk)\n"})
    other = code_of({"a.py": cls + "def set_up(app):\n    desk = Desk()\n    app.log(desk.note)\n"})
    assert [loses(each, next(iter(each.project.calls("Desk")))) for each in (code, other)] == [True, False]


def _lost(code_of, body: str, name: str = "listen") -> bool:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    code = code_of({"a.py": f"async def {name}(channel, store):\n{lines}"})
    return lost_after(code, next(iter(code.project.calls("declare_queue"))), "consume")


@pytest.mark.parametrize(
    "body",
    [
        "queue = await channel.declare_queue('q')\nawait queue.consume(store.add)",
        "queue = await channel.declare_queue('q')\nawait queue.bind('x')\ntag = await queue.consume(store.add)\nprint(queue.name)\nreturn tag",
        "queue = await channel.declare_queue('q')\nasync def add(message):\n    async with message.process():\n        await store.add(message)\nawait queue.consume(add)",
        "for name in ('a', 'b'):\n    queue = await channel.declare_queue(name)\n    await queue.consume(store.add)",
        "await (await channel.declare_queue('q')).consume(store.add)\nawait store.closed()",
        "queue = await channel.declare_queue('q')\nawait queue.consume(store.add)\nreturn channel",
    ],
    ids=["asked", "its tag is given back", "a handler that waits", "in a loop", "without a name", "its channel is given back"],
)
def test_what_has_been_asked_for_good_is_lost(code_of, body) -> None:
    assert _lost(code_of, body)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("queue = await channel.declare_queue('q')\nawait queue.consume(store.add)\nreturn channel, queue", "listen"),
        ("queue = await channel.declare_queue('q')\nawait queue.consume(store.add)\nstore.queue = queue", "listen"),
        ("queue = await channel.declare_queue('q')\nawait queue.consume(store.add)\nstore.open.append(queue)", "listen"),
        ("queue = await channel.declare_queue('q')\nawait queue.consume(store.add)\nawait store.closed()", "listen"),
        ("queue = await channel.declare_queue('q')\nasync def add(message):\n    await queue.purge()\nawait queue.consume(add)", "listen"),
        ("async with channel:\n    queue = await channel.declare_queue('q')\n    await queue.consume(store.add)", "listen"),
        ("store.queue = await channel.declare_queue('q')\nawait store.queue.consume(store.add)", "listen"),
        ("queue = await channel.declare_queue('q')\nasync with queue.iterator() as found:\n    async for each in found:\n        store.add(each)", "listen"),
        ("queue = await channel.declare_queue('q')\nawait queue.bind('x')", "listen"),
        ("queue = await channel.declare_queue('q')\nawait queue.consume(store.add)", "main"),
    ],
    ids=["given back", "stored", "in a list", "the function waits", "its handler names it", "closed at the end", "a field", "read here", "nobody is to hear", "the program ends with it"],
)
def test_what_is_held_or_was_not_asked(code_of, body, name) -> None:
    assert not _lost(code_of, body, name)
