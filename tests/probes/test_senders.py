"""Receivers that wait for a sender with which the signal is never sent."""

from __future__ import annotations

import pytest

from callcheck.probes.senders import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

BLINKER = "from blinker import signal\npoured = signal('poured')\nTAP = 'tap'\n@poured.connect_via(WANTED)\ndef count(sender): ...\ndef pour(tap):\n    poured.send(SENT)\n"
DJANGO = "from django.dispatch import Signal, receiver\npoured = Signal()\nclass Tap: ...\nclass Barrel: ...\n@receiver(poured, sender=WANTED)\ndef count(sender, **kw): ...\ndef pour():\n    poured.send(SENT)\n"


@pytest.mark.parametrize(
    ("code", "wanted", "sent", "near"),
    [
        (BLINKER, "'taps'", "TAP", ["poured from tap"]),
        (BLINKER, "TAP", "'tap'", []),
        (BLINKER, "'taps'", "tap", []),
        (DJANGO, "Tap", "sender=Barrel", ["poured from Barrel"]),
        (DJANGO, "Tap", "sender=Tap", []),
        (DJANGO, "Tap", "sender=type(tap)", []),
    ],
)
def test_the_sender_that_a_receiver_waits_for(tmp_path, code: str, wanted: str, sent: str, near: list[str]) -> None:
    assert [item.fact.near for item in look(tmp_path, {"a.py": code.replace("WANTED", wanted).replace("SENT", sent)})] == near
