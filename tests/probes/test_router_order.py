"""A router without filters takes the updates of those that are included after it."""

from __future__ import annotations

import pytest

from callcheck.probes.router_order import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "from aiogram import Dispatcher, F, Router\na = Router()\nb = Router()\ndp = Dispatcher()\n"
ALL = "@a.message()\nasync def echo(m): ...\n"
SOME = "@b.message(F.text == 'x')\nasync def x(m): ...\n"


@pytest.mark.parametrize("include", ["dp.include_routers(a, b)\n", "dp.include_router(a)\ndp.include_router(b)\n"])
def test_a_router_that_takes_everything_stands_first(tmp_path, include: str) -> None:
    assert [item.fact.effect for item in look(tmp_path, {"a.py": HEAD + ALL + SOME + include})] == ["emission-bypassed"]


@pytest.mark.parametrize(
    "text",
    [
        ALL + SOME + "dp.include_routers(b, a)\n",
        ALL + "a.message.filter(F.chat.id == 1)\n" + SOME + "dp.include_routers(a, b)\n",
        ALL.replace("message", "callback_query") + SOME + "dp.include_routers(a, b)\n",
        ALL + SOME + "from aiogram.dispatcher.event.bases import SkipHandler\ndp.include_routers(a, b)\n",
    ],
)
def test_it_stands_last_or_leaves_the_others_something(tmp_path, text: str) -> None:
    assert not look(tmp_path, {"a.py": HEAD + text})
