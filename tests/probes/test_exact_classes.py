"""Handlers of a class of which only heirs are made, where the very class decides."""

from __future__ import annotations

import pytest

from callcheck.probes.exact_classes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

AUTOGEN = """from dataclasses import dataclass
from autogen_core import DefaultTopicId, MessageContext, RoutedAgent, default_subscription, message_handler
@dataclass
class Order: ...
@dataclass
class Rush(Order): ...
@dataclass
class Gift(Rush): ...
@default_subscription
class Kitchen(RoutedAgent):
    @message_handler
    async def cook(self, message: WANTED, ctx: MessageContext) -> None: ...
async def tell(runtime, row):
    order = MADE
    await runtime.publish_message(order, DefaultTopicId())
"""
STEPS = """from workflows import Workflow, step
from workflows.events import Event, StartEvent, StopEvent
class Found(Event): ...
class FoundMany(Found): ...
class Search(Workflow):
    @step
    async def begin(self, ctx, ev: StartEvent) -> Found:
        ctx.send_event(MADE)
    @stepOPTION
    async def show(self, ev: Found) -> StopEvent: ...
"""


@pytest.mark.parametrize(
    ("wanted", "made", "lost"),
    [
        ("Order", "Rush() if row else Gift()", ["Rush"]),
        ("Order", "Gift()", ["Gift"]),
        ("Order", "Rush() if row else Order()", ["Rush"]),
        ("Order | Rush", "Rush() if row else Order()", []),
        ("Rush", "Order()", []),
        ("Order | Gift", "Gift()", []),
        ("Gift", "Gift()", []),
    ],
)
def test_a_routed_agent_goes_by_the_very_class(tmp_path, wanted: str, made: str, lost: list[str]) -> None:
    found = look(tmp_path, {"a.py": AUTOGEN.replace("WANTED", wanted).replace("MADE", made)})
    assert [item.fact.event for item in found] == lost


@pytest.mark.parametrize(
    ("also", "made", "lost"),
    [
        ("Order | Rush", "Rush() if row else Order()", ["Rush"]),
        ("Rush", "Rush() if row else Order()", []),
        ("Order | Rush", "Order()", []),
    ],
)
def test_an_agent_beside_one_that_takes_the_heir_as_well(tmp_path, also: str, made: str, lost: list[str]) -> None:
    courier = f"class Courier(RoutedAgent):\n    @message_handler\n    async def bring(self, message: {also}, ctx: MessageContext) -> None: ...\nasync def tell("
    code = AUTOGEN.replace("WANTED", "Order").replace("MADE", made).replace("async def tell(", courier)
    assert [item.fact.event for item in look(tmp_path, {"a.py": code})] == lost


def test_an_heir_that_is_made_elsewhere_is_not_meant_for_all(tmp_path) -> None:
    code = AUTOGEN.replace("WANTED", "Order").replace("MADE", "Order()") + "async def hurry(runtime):\n    rush = Rush()\n    await runtime.publish_message(rush, DefaultTopicId())\n"
    assert not list(look(tmp_path, {"a.py": code}))


def test_an_agent_that_hears_what_is_left_over(tmp_path) -> None:
    other = "    async def on_unhandled_message(self, message, ctx): ...\nasync def tell("
    code = AUTOGEN.replace("WANTED", "Order").replace("MADE", "Rush()").replace("async def tell(", other)
    assert not list(look(tmp_path, {"a.py": code}))


@pytest.mark.parametrize(
    ("made", "option", "lost"),
    [("FoundMany()", "", ["FoundMany"]), ("Found()", "", []), ("FoundMany()", "(accept_event_subclasses=True)", [])],
)
def test_a_step_of_a_workflow_does_so_too(tmp_path, made: str, option: str, lost: list[str]) -> None:
    found = look(tmp_path, {"a.py": STEPS.replace("MADE", made).replace("OPTION", option)})
    assert [item.fact.event for item in found] == lost
