"""A task is unheld where its function lets go of it, and waits on weak references alone where no table, field or class holds on to what it waits for."""

from __future__ import annotations

import pytest

from callcheck.sources.code.unheld import unheld, waits_on_weak

HEAD = "import asyncio, weakref\nasync def work(x): ...\nkept = set()\nweak = weakref.WeakSet()\n"


@pytest.mark.parametrize(
    ("body", "let_go"),
    [
        ("asyncio.create_task(work(1))", True),
        ("task = asyncio.create_task(work(1))", True),
        ("task = asyncio.create_task(work(1))\n    task.set_name('a')\n    print(task)", True),
        ("weak.add(asyncio.create_task(work(1)))", True),
        ("task = asyncio.create_task(work(1))\n    weak.add(task)", True),
        ("task = asyncio.create_task(work(1))\n    kept.add(task)", False),
        ("kept.add(asyncio.create_task(work(1)))", False),
        ("task = asyncio.create_task(work(1))\n    await asyncio.sleep(9)", False),
        ("task = asyncio.create_task(work(1))\n    yield", False),
        ("task = asyncio.create_task(work(1))\n    async for x in kept:\n        print(x)\n    task.cancel()", False),
        ("async with kept:\n        task = asyncio.create_task(work(1))\n        print(task)", False),
        ("task = asyncio.create_task(work(1))\n    return task", False),
        ("return asyncio.create_task(work(1))", False),
        ("for x in (1, 2):\n        task = asyncio.create_task(work(x))", False),
    ],
)
def test_who_holds_a_task(code_of, body: str, let_go: bool) -> None:
    code = code_of({"a.py": f"{HEAD}async def begin():\n    {body}\n"})
    (call,) = code.project.calls("create_task")
    assert unheld(code, call) is let_go


TICKET = """import asyncio, weakref
class Ticket:
    def __init__(self, number):
        self.number = number
        self.filled = asyncio.Event()
{init}
class Index:
    def __init__(self):
        self.by_number = {table}
    def add(self, ticket):
        self.by_number[ticket.number] = ticket
index = Index()
events = {{}}
async def tell(ticket):
    {wait}
def begin(number):
    ticket = Ticket(number)
    index.add(ticket)
{more}
    asyncio.create_task(tell(ticket))
"""


@pytest.mark.parametrize(
    ("changes", "weakly"),
    [
        ({}, True),
        ({"more": "    print(ticket.number)"}, True),
        ({"table": "{}"}, False),
        ({"more": "    events[number] = ticket.filled"}, False),
        ({"more": "    events[number] = ticket"}, False),
        ({"more": "    store(ticket)"}, False),
        ({"init": "        everyone.append(self)"}, False),
        ({"wait": "await asyncio.wait_for(ticket.filled.wait(), 60)"}, False),
        ({"wait": "async with asyncio.timeout(60):\n        await ticket.filled.wait()"}, False),
        ({"wait": "await asyncio.sleep(60)"}, False),
        ({"wait": "await ask(ticket.number)"}, False),
    ],
)
def test_what_holds_that_which_a_task_waits_for(code_of, changes: dict[str, str], weakly: bool) -> None:
    text = TICKET.format(**{"init": "", "table": "weakref.WeakValueDictionary()", "wait": "await ticket.filled.wait()", "more": ""} | changes)
    code = code_of({"a.py": text})
    uses = [use for use in code.idioms.of("trap") if use.idiom.where.get("waits") == "weak"]
    assert uses
    assert any(waits_on_weak(code, use) for use in uses) is weakly
