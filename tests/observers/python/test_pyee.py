"""What the Python agent writes of pyee: who listens, who emits, and how each handler ended."""

from __future__ import annotations

from pathlib import Path

from tests.observers.python.observed import needs, observe

pytestmark = needs("pyee")

BUS = "from pyee.base import EventEmitter\nbus = EventEmitter()\n"
ASYNC = """import asyncio
from pyee.asyncio import AsyncIOEventEmitter
bus = AsyncIOEventEmitter()
"""


def test_a_heard_event_is_told_from_registration_to_delivery(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "def on_done(x):\n    return x\nbus.on('done', on_done)\nbus.emit('done', 1)\n")
    assert run.story("done") == ["listener.added", "event.emitted", "handler.entered", "handler.returned", "event.delivered"]
    (added,), (emitted,), (seen,) = run.of("listener.added"), run.of("event.emitted"), run.of("emitter.seen")
    assert (added["listener.name"], added["listener.at"], added["count"]) == ("on_done", f"{tmp_path / 'app.py'}:3", 1)
    assert (seen["code.line.number"], added["code.line.number"], emitted["code.line.number"]) == (2, 5, 6)
    assert seen["emitter.module"] == emitted["code.file.path"] == str(tmp_path / "app.py")
    assert (emitted["listener.count"], emitted["messaging.system"]) == (1, "pyee")
    assert run.of("handler.entered")[0]["listener.id"] == added["listener.id"]
    assert run.stderr == ""


def test_an_event_that_nobody_hears_has_no_listener(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "bus.emit('done')\nbus.on('done', lambda: 1)\n")
    assert run.story("done") == ["event.emitted", "listener.added"]
    assert run.of("event.emitted")[0]["listener.count"] == 0


def test_once_is_told_and_its_end_has_no_place(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "bus.once('done', lambda: print('heard'))\nbus.emit('done')\nbus.emit('done')\n")
    assert run.stdout == "heard\n"
    (added,), (removed,) = run.of("listener.added"), run.of("listener.removed")
    assert added["listener.once"] is True and removed["listener.once"] is True
    assert removed["listener.id"] == added["listener.id"] and "code.line.number" not in removed
    assert [fact["listener.count"] for fact in run.of("event.emitted")] == [1, 0]
    assert len(run.of("handler.returned")) == 1


def test_removals_name_the_listener_that_went_or_what_was_not_there(tmp_path: Path) -> None:
    code = """
class A:
    def f(self): pass
a = A()
bus.on('a', a.f); bus.remove_listener('a', a.f)
bus.on('b', a.f); bus.on('b', print); bus.remove_all_listeners('b')
bus.on('c', a.f); bus.remove_all_listeners()
bus.on('d', a.f)
try:
    bus.remove_listener('d', A().f)
except KeyError:
    pass  # until pyee 15
"""
    run = observe(tmp_path, BUS + code)
    assert run.stderr == ""
    ids = {fact["messaging.destination.name"]: fact["listener.id"] for fact in run.of("listener.added")}
    assert [(fact["listener.id"], fact["count"], fact["code.line.number"]) for fact in run.of("listener.removed")] == [(ids["a"], 0, 7)]
    assert [(fact.get("messaging.destination.name"), fact["count"]) for fact in run.of("listener.removed_all")] == [("b", 2), (None, 1)]
    (missed,) = run.of("listener.remove_missed")
    assert (missed["listener.name"], missed["count"], missed["code.line.number"]) == ("A.f", 1, 12)


def test_a_handler_that_throws_stops_the_emit(tmp_path: Path) -> None:
    code = BUS + "bus.on('done', lambda x: 1)\nbus.on('done', lambda x: x['text'])\nbus.on('done', print)\ntry:\n    bus.emit('done', {})\nexcept KeyError:\n    pass\n"
    run = observe(tmp_path, code)
    assert run.story("done")[3:] == ["event.emitted", "handler.entered", "handler.returned", "handler.entered", "handler.threw", "event.threw"]
    (threw,) = run.of("handler.threw")
    assert (threw["error.type"], threw["exception.message"], threw["code.line.number"]) == ("KeyError", "'text'", 4)
    assert run.of("process.uncaught") == []


def test_an_error_that_ends_the_process_gives_its_status(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "bus.on('done', lambda: 1 / 0)\nbus.emit('done')\n")
    assert (run.status, run.of("process.exit")[0]["exit.code"]) == (1, 1)
    assert run.of("process.uncaught")[0]["code.line.number"] == 3


def test_asynchronous_handlers_that_fail_are_told_although_pyee_keeps_it(tmp_path: Path) -> None:
    code = """
async def late(): await asyncio.sleep(0); raise ValueError('late')
def soon(): raise ValueError('soon')
async def fine(): await asyncio.sleep(0)
async def main():
    bus.on('error', lambda error: print('error:', error))
    for f in (late, soon, fine): bus.on(f.__name__, f)
    for f in ('late', 'soon', 'fine'): bus.emit(f)
    await bus.wait_for_complete()
asyncio.run(main())
"""
    run = observe(tmp_path, ASYNC + code)
    assert run.stdout == "error: soon\nerror: late\n"
    ids = {fact["messaging.message.id"]: fact["messaging.destination.name"] for fact in run.of("event.emitted")}
    failed = [(fact["fact"], ids[fact["messaging.message.id"]], fact["exception.message"]) for fact in run.of("handler.rejected", "handler.threw")]
    assert failed == [("handler.threw", "soon", "soon"), ("handler.rejected", "late", "late")]
    assert run.of("handler.rejected")[0]["code.line.number"] == 5
    returned = [(ids[fact["messaging.message.id"]], fact.get("async")) for fact in run.of("handler.returned")]
    assert returned == [("late", True), ("error", None), ("fine", True), ("error", None)]
    assert {fact["messaging.destination.name"] for fact in run.of("listener.added") if fact.get("listener.async")} == {"late", "fine"}


def test_an_asynchronous_handler_that_never_ends_is_pending(tmp_path: Path) -> None:
    code = """
async def stuck(): await asyncio.sleep(60)
async def main():
    bus.on('done', stuck); bus.emit('done')
    await asyncio.sleep(5.4); bus.cancel()
asyncio.run(main())
"""
    run = observe(tmp_path, ASYNC + code)
    (pending,) = run.of("handler.pending")
    assert isinstance(pending["ms"], float) and pending["ms"] >= 5000
    assert pending["listener.id"] == run.of("listener.added")[0]["listener.id"]


def test_a_coroutine_that_a_plain_emitter_drops_is_told(tmp_path: Path) -> None:
    run = observe(tmp_path, BUS + "async def on_done(): print('never')\nbus.on('done', on_done)\nbus.emit('done')\n")
    assert run.of("listener.added")[0]["listener.async"] is True
    (warned,) = run.of("process.warning")
    assert (warned["exception.message"], warned["code.line.number"]) == ("coroutine 'on_done' was never awaited", 3)
    assert "never awaited" in run.stderr


def test_handlers_in_a_pool_are_told_when_they_fail(tmp_path: Path) -> None:
    code = """
from pyee.executor import ExecutorEventEmitter
def fail(): raise ValueError('in the pool')
with ExecutorEventEmitter() as bus:
    bus.on('error', lambda error: None)
    bus.on('done', fail); bus.on('done', int)
    bus.emit('done')
"""
    run = observe(tmp_path, code)
    (rejected,) = run.of("handler.rejected")
    emitted = run.of("event.emitted", messaging__destination__name="done")[0]
    assert (rejected["messaging.message.id"], rejected["code.line.number"]) == (emitted["messaging.message.id"], 3)
    assert [fact["async"] for fact in run.of("handler.returned", messaging__message__id=emitted["messaging.message.id"])] == [True, True]


@needs("trio")
def test_handlers_in_a_nursery_are_told_when_they_fail(tmp_path: Path) -> None:
    code = """
import trio
from pyee.trio import TrioEventEmitter
async def fail(): await trio.sleep(0); raise ValueError('in the nursery')
async def main():
    async with TrioEventEmitter() as bus:
        async def ignore(error): pass
        bus.on('error', ignore); bus.on('done', fail)
        bus.emit('done')
        await trio.sleep(0.05)
trio.run(main)
"""
    run = observe(tmp_path, code)
    emitted = run.of("event.emitted", messaging__destination__name="done")[0]
    (rejected,) = run.of("handler.rejected")
    assert (rejected["messaging.message.id"], rejected["code.line.number"]) == (emitted["messaging.message.id"], 4)


def test_many_emits_are_counted_and_names_with_ids_fall_together(tmp_path: Path) -> None:
    code = BUS + "bus.on('tick', lambda: 1)\nfor n in range(1000): bus.emit('tick')\nfor n in range(1500): bus.emit(f'job:{n}')\n"
    run = observe(tmp_path, code)
    assert len(run.of("event.emitted", messaging__destination__name="tick")) == 200
    assert sum(int(str(fact["count"])) for fact in run.of("event.count", messaging__destination__name="tick")) == 800
    others = [fact for fact in run.of("event.count") if fact["messaging.destination.name"] == "job:*"]
    assert [(fact["count"], fact["unheard"]) for fact in others] == [(501, 501)]


def test_two_objects_of_one_class_have_two_ids_and_one_place(tmp_path: Path) -> None:
    code = BUS + "class Agent(EventEmitter): pass\ndef make(): return Agent()\nmake().on('done', print)\nmake().emit('done')\n"
    run = observe(tmp_path, code)
    assert [(fact["emitter.class"], fact["code.line.number"]) for fact in run.of("emitter.seen")] == [("Agent", 4), ("Agent", 4)]
    assert run.of("listener.added")[0]["emitter.id"] != run.of("event.emitted")[0]["emitter.id"]


def test_hostile_objects_change_nothing(tmp_path: Path) -> None:
    code = """
import enum
class Kind(enum.Enum): DONE = 1
class Text(str):
    def __str__(self): raise RuntimeError('str')
    def __repr__(self): raise RuntimeError('repr')
class Bad(Exception):
    def __str__(self): raise RuntimeError('str')
    @property
    def __traceback__(self): raise RuntimeError('traceback')
class Handler:
    def __call__(self, *args): print('called', len(args))
    def __getattr__(self, name): raise RuntimeError(name)
class Fails(Handler):
    def __call__(self, *args): raise Bad()
class Odd(EventEmitter):
    __slots__ = ()
    def __eq__(self, other): raise RuntimeError('eq')
    __hash__ = None
for bus in (EventEmitter(), Odd()):
    for event in (Kind.DONE, Text('text'), 7, b'raw', ('a', 1), Kind, None, 'x' * 5000, 'sch\\u00f6n \\ud800'):
        bus.on(event, Handler())
        print(bus.emit(event, 1))
    bus.on('bad', Fails())
    try: bus.emit('bad')
    except Bad: print('raised')
"""
    bare, seen = (observe(tmp_path, BUS + code, observed=observed) for observed in (False, True))
    assert (bare.status, bare.stdout, bare.stderr) == (seen.status, seen.stdout, seen.stderr) == (0, bare.stdout, "")
    names = [fact["messaging.destination.name"] for fact in seen.of("event.emitted")]
    assert names[:4] == ["Kind.DONE", "text", "7", "b'raw'"] and len(names) == 20
    assert max(len(str(name)) for name in names) == 200
