"""How a hand-written bus calls its listeners shows in what is said of those that are registered with it."""

from __future__ import annotations

import pytest

BUS = """
import inspect, weakref
class Bus:
    def __init__(self):
        self.subs = {make}
    def on(self, fn):
        self.subs.{put}({given})
    def emit(self, *args, **kw):
        for fn in self.subs:
            {call}
bus = Bus()
def heard(a, b): ...
bus.on(heard)
bus.emit(1, b=2)
"""


def _registered(code_of, **parts: str):
    text = BUS
    for name, part in {"make": "[]", "put": "append", "given": "fn", "call": "fn(*args, **kw)", **parts}.items():
        text = text.replace("{" + name + "}", part)
    uses = list(code_of({"bus.py": text}).idioms.uses)
    return next(u.idiom for u in uses if u.idiom.does == "register"), next(u.idiom for u in uses if u.idiom.does == "emit")


@pytest.mark.parametrize(
    ("call", "plainly"),
    [
        ("fn(*args, **kw)", True),
        ("asyncio.create_task(fn(*args, **kw))", False),
        ("print(fn(*args, **kw))", False),
        ("fn(*args) if not inspect.iscoroutinefunction(fn) else run(fn(*args))", False),
    ],
)
def test_a_call_whose_result_is_dropped_awaits_no_coroutine(code_of, call: str, plainly: bool) -> None:
    assert ("calls-plainly" in _registered(code_of, call=call)[0].traits) is plainly


@pytest.mark.parametrize(("call", "whole"), [("fn(*args, **kw)", True), ("fn(*args)", True), ("fn(1, **kw)", False)])
def test_only_an_emission_that_passes_on_just_what_it_is_given_hands_on(code_of, call: str, whole: bool) -> None:
    assert ("hands-on" in _registered(code_of, call=call)[1].traits) is whole


@pytest.mark.parametrize(("call", "takes"), [("fn(self, 1)", "self argument1"), ("fn(args, kind=2)", "args | kind"), ("fn(*args)", "")])
def test_what_each_listener_is_called_with_is_what_it_must_take(code_of, call: str, takes: str) -> None:
    assert _registered(code_of, call=call)[0].takes == takes


@pytest.mark.parametrize(
    ("parts", "held"),
    [({}, ""), ({"given": "weakref.ref(fn)", "call": "fn()"}, "by-ref"), ({"given": "weakref.WeakMethod(fn)", "call": "fn()"}, "by-WeakMethod"), ({"make": "weakref.WeakSet()", "put": "add"}, "by-ref")],
)
def test_a_listener_that_is_held_weakly_is_known_to_be(code_of, parts: dict[str, str], held: str) -> None:
    idiom, _ = _registered(code_of, **parts)
    assert idiom.weak is bool(held)
    assert not held or held in idiom.traits
