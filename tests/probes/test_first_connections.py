"""What ends with its connection is told where only the first connection asks for it, and a library opens the next one."""

from __future__ import annotations

import pytest

from callcheck.probes.first_connections import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = """import {{ Client }} from "@stomp/stompjs";

const client = new Client({{ brokerURL: process.env.URL, {options} }});

function opened() {{
  return new Promise((resolve) => {{
    client.onConnect = () => {{ {connected}; resolve(); }};
    client.activate();
  }});
}}

function ask() {{
  client.subscribe("/topic/tides", (frame) => {{ {told} }});
}}

async function main() {{
  await opened();
  {then}
}}
main();
"""


def _told(folder, options="", connected="console.log('up')", then="ask();", told="show(frame.body);") -> list[str]:
    app = APP.format(options=options, connected=connected, then=then, told=told)
    return [item.fact.event for item in look(folder, {"package.json": '{"dependencies": {"@stomp/stompjs": "7.0.0"}}', "a.js": app})]


def test_what_the_first_connection_alone_asks_for(tmp_path) -> None:
    (found,) = look(tmp_path, {"a.js": APP.format(options="", connected="console.log('up')", then="ask();", told="")})
    assert (found.fact.event, found.where.line, [each.where.line for each in found.because]) == ("/topic/tides", 13, [7])


@pytest.mark.parametrize(
    "changes",
    [
        {"connected": "ask()"},
        {"connected": "lines.emit('up')"},
        {"connected": "up.value = true"},
        {"options": "reconnectDelay: 0"},
        {"options": "onWebSocketClose: () => process.exit(1)"},
        {"then": "setInterval(() => ask(), 60_000);"},
        {"told": "show(frame.body); client.deactivate();"},
    ],
    ids=["each time", "who hears of it may", "what is watched may", "no other connection", "who ends with the loss", "again and again", "short"],
)
def test_it_is_asked_for_again_or_nobody_connects_again(tmp_path, changes) -> None:
    assert _told(tmp_path, **changes) == []


def test_a_loss_that_is_only_written_down_changes_nothing(tmp_path) -> None:
    assert _told(tmp_path, options="onWebSocketClose: () => console.warn('lost')") == ["/topic/tides"]


MARKED = """import {{ Client }} from "@stomp/stompjs";
let asked = false;
const client = new Client({{
  brokerURL: process.env.URL,
  onConnect: () => {{ {connected} }},
  onWebSocketClose: () => {{ {lost} }},
}});
client.activate();
"""
ASK = "client.subscribe('/topic/tides', show);"


@pytest.mark.parametrize("connected", [f"if (!asked) {{ asked = true; {ASK} }}", f"if (asked) return; asked = true; {ASK}"])
@pytest.mark.parametrize(("lost", "told"), [("console.warn('lost');", True), ("asked = false;", False)])
def test_a_mark_is_for_good_unless_it_is_taken_off(tmp_path, connected: str, lost: str, told: bool) -> None:
    assert bool(look(tmp_path, {"a.js": MARKED.format(connected=connected, lost=lost)})) is told
