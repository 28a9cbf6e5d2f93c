"""Tables on an application object, and those that make their items on demand, are found by whoever uses them."""

from __future__ import annotations

import pytest

from callcheck.sources.code.kept import made_on_demand
from callcheck.sources.code.tree import Assign, Member, Subscript
from callcheck.sources.code.waiters import Waiters


@pytest.mark.parametrize(
    ("made", "used", "kept"),
    [
        ("app.state.pending = {}", "request.app.state.pending", True),
        ("app.state.pending = set()", "request.app.state.pending", True),
        ("app.state.pending = {}", "request.app.state.waiting", False),
        ("app.state.pending = 3", "request.app.state.pending", False),
        ("app['sockets'] = set()", "request.app['sockets']", True),
        ("app[SOCKETS] = set()", "request.app[SOCKETS]", True),
        ("app['sockets'] = set()", "request.app['rooms']", False),
    ],
)
def test_a_table_of_the_application(code_of, made: str, used: str, kept: bool) -> None:
    code = code_of({"main.py": f"{made}\n", "views.py": f"def view(request):\n    return {used}\n"})
    module = code.project.module("views.py")
    node = next(each for each in (*module.all(Subscript), *module.all(Member)) if isinstance(each, Subscript) or each.name in ("pending", "waiting", "sockets", "rooms"))
    assert (code.apps.table(node) is not None) is kept


@pytest.mark.parametrize(("factory", "held"), [("asyncio.Queue", "queue"), ("lambda: asyncio.Queue()", "queue"), ("list", ""), ("asyncio.Event", "future")])
def test_a_table_that_makes_its_items(code_of, factory: str, held: str) -> None:
    code = code_of({"main.py": f"import asyncio\nfrom collections import defaultdict\nqueues = defaultdict({factory})\n"})
    assign = code.project.module("main.py").all(Assign)[0]
    assert made_on_demand(code, Waiters(code.idioms), assign) == held
