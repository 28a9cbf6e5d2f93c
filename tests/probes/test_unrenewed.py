"""A subscription that ends with its connection is told where the handler of the loss connects again without it."""

from __future__ import annotations

import pytest

from callcheck.probes.unrenewed import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = """import stomp

class Heard(stomp.ConnectionListener):
    def __init__(self, conn):
        self.conn = conn

    def on_connected(self, frame):
        {opened}

    def on_message(self, frame):
        print(frame.body)

    def on_disconnected(self):
        {lost}

def connect(conn):
    conn.connect("a", "b", wait=True)

def subscribe(conn):
    conn.subscribe("/topic/tides", 1)

def main():
    conn = stomp.Connection12([("broker", 61613)])
    conn.set_listener("", Heard(conn))
    connect(conn)
    {first}
"""


def _told(folder, opened="pass", lost="connect(self.conn)", first="subscribe(conn)") -> list[str]:
    return [item.fact.event for item in look(folder, {"a.py": APP.format(opened=opened, lost=lost, first=first)})]


def test_a_subscription_that_nobody_makes_again(tmp_path) -> None:
    assert _told(tmp_path) == ["/topic/tides"]


@pytest.mark.parametrize(
    "changes",
    [{"lost": "connect(self.conn); subscribe(self.conn)"}, {"opened": "subscribe(self.conn)", "first": "pass"}, {"lost": "raise SystemExit(1)"}, {"first": "while True:\n        subscribe(conn)"}],
    ids=["after the loss", "at each connection", "who ends instead", "again and again"],
)
def test_it_is_made_again_or_nobody_connects(tmp_path, changes) -> None:
    assert _told(tmp_path, **changes) == []
