"""A handler that takes nothing that a button carries is told, with the name that comes nearest."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.choices import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

KNOWN = Knowledge(shipped_knowledge().frameworks)
BOLT = "from slack_bolt import App\napp = App()\n@app.action('{}')\ndef f(ack): ...\n"
PTB = "from telegram.ext import CallbackQueryHandler\nh = CallbackQueryHandler(f, pattern='{}')\n"


def _told(folder: Path, *texts: str) -> list[tuple[str, str]]:
    for number, text in enumerate(texts):
        (folder / f"m{number}.py").write_text(text, encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    found = [item.fact for item in PROBE.look(target, Eyes(target, KNOWN)) if isinstance(item, Evidence)]
    return [(fact.event, fact.near) for fact in found]


@pytest.mark.parametrize(
    ("handler", "buttons", "told"),
    [
        (BOLT.format("request_approve"), "B = [{'action_id': 'approve_request'}]", [("request_approve", "approve_request")]),
        (PTB.format("^buy_"), "b = B('Buy', callback_data=f'buy:{n}')", [("^buy_", "buy:0")]),
        (BOLT.format("approve_request"), "B = [{'action_id': 'approve_request'}]", []),
        (PTB.format("^buy:"), "b = B('Buy', callback_data=f'buy:{n}')", []),
        (PTB.format(r"^buy:\\d+$"), "b = B('Buy', callback_data=f\"buy:{item['id']}\")", []),
        (PTB.format(r"^buy_\\d+$"), "b = B('Buy', callback_data=f\"buy:{item['id']}:{n}\")", [("^buy_\\d+$", "buy:0:0")]),
        (PTB.format("^buy_"), "b = B('Buy', callback_data=name)", []),
        (PTB.format("^buy_"), "b = B('Buy', callback_data=f'{kind}:1')", []),
        (BOLT.format("open_report"), "B = [{'action_id': 'approve_request'}]", []),
        (BOLT.format("request_approve"), "", []),
    ],
    ids=["another order", "another sign", "the same", "a pattern that fits", "quotes in what is put in", "quotes, and another sign", "computed", "computed from its beginning", "nothing alike", "no buttons"],
)
def test_what_buttons_carry(tmp_path: Path, handler: str, buttons: str, told: list[tuple[str, str]]) -> None:
    assert _told(tmp_path, handler, buttons) == told


def test_what_another_handler_takes_is_no_slip(tmp_path: Path) -> None:
    other = BOLT.format("approve_request").replace("def f", "def g")
    assert _told(tmp_path, BOLT.format("request_approve") + other.split("\n", 2)[2], "B = [{'action_id': 'approve_request'}]") == []
