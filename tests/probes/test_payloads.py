"""Fields that a handler reads beside those that are sent, on an emitter in memory."""

from __future__ import annotations

import pytest

from callcheck.probes.payloads import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

QUAY = "import { EventEmitter } from 'node:events';\nexport const quay = new EventEmitter();\nexport const land = (ship) => quay.emit('landed', { ship });\nquay.on('landed', HANDLER);\n"


@pytest.mark.parametrize(
    ("handler", "fields"),
    [
        ("({ berth }) => moor(berth)", ["berth"]),
        ("(told) => moor(told.berth)", ["berth"]),
        ("(told) => { if (told.paid) moor(told.ship); }", ["paid"]),
        ("(told) => { if (told.kind === 'tug') moor(told.ship); }", ["kind"]),
        ("({ ship, note }) => { moor(ship); if (note) tell(note); }", []),
        ("({ ship, loud }) => moor(ship, loud ?? false)", []),
        ("(told) => { moor(told.ship); told.note && tell(told.note); }", []),
        ("(told) => { if (told.note !== undefined) tell(told.note); }", []),
    ],
)
def test_what_a_handler_can_do_without_is_not_missed(tmp_path, handler: str, fields: list[str]) -> None:
    assert [each.fact.field for each in look(tmp_path, {"quay.js": QUAY.replace("HANDLER", handler)})] == fields


def test_what_goes_out_by_a_computed_name_may_be_the_event(tmp_path) -> None:
    text = QUAY.replace("HANDLER", "({ berth }) => moor(berth)") + "export const tell = (ships) => { for (const each of ships) quay.emit(each.name(), each); };\n"
    assert not look(tmp_path, {"quay.js": text})
