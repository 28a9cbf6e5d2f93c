"""A listener that a loop or a timer attaches anew to an object that stays is told, whatever library the object is of."""

from __future__ import annotations

import pytest

from callcheck.probes.piled_up import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

OPEN = "import { SerialPort } from 'serialport';\nconst port = new SerialPort({ path: '/dev/a' });\n"
LOOP = OPEN + "for (const one of names) {\n  port.on('data', (d) => note(one, d));\n  await ask(one);\n}\n"
TIMER = OPEN + "function weigh() {\n  port.on('data', show);\n  port.write('W');\n}\nfunction show(d) {}\n"
CLASS = (
    "import { SerialPort } from 'serialport';\nclass Scale {\n  constructor() { this.port = new SerialPort({}); }\n"
    "  start() { setInterval(this.weigh.bind(this), 500); }\n  weigh() { this.port.on('data', (d) => show(d)); }\n}\nnew Scale().start();\n"
)


@pytest.mark.parametrize(
    "source",
    [LOOP, TIMER + "setInterval(weigh, 500);\n", TIMER + "setInterval(() => weigh(), 500);\n", TIMER + "async function run() { weigh(); setTimeout(run, 500); }\nrun();\n", CLASS],
    ids=["loop", "timer", "timer of a call", "a function that comes again", "method"],
)
def test_attached_again_and_again(tmp_path, source) -> None:
    assert [item.fact.event for item in look(tmp_path, {"a.js": source})] == ["data"]


@pytest.mark.parametrize(
    "source",
    [
        LOOP.replace("  await ask(one);\n", "  await ask(one);\n  port.removeAllListeners('data');\n"),
        LOOP.replace("  await ask(one);\n", ""),
        LOOP.replace("  port.on", "  const port = new SerialPort({ path: one });\n  port.on"),
        LOOP.replace("port.on(", "port.once("),
        TIMER + "weigh();\n",
        TIMER.replace("  port.on", "  if (wired) return;\n  if (!wired) { wired = true; port.on").replace("show);\n", "show); }\n") + "setInterval(weigh, 500);\n",
        "import WebSocket from 'ws';\nlet ws;\nfunction open() {\n  ws = new WebSocket('u');\n  ws.on('close', () => setTimeout(open, 500));\n}\nopen();\n",
        "for (const bus of buses) {\n  bus.on('data', show);\n  await ready(bus);\n}\nfunction show() {}\n",
    ],
    ids=["taken off", "a list of listeners", "an object a turn", "once", "called once", "attached once", "reconnect", "other objects"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})


def test_an_element_that_a_component_holds_is_another_one_each_time(tmp_path) -> None:
    source = "<script setup>\nimport { onMounted, ref } from 'vue'\nconst audio = ref()\nconst wire = (player) => {\n  player.addEventListener('timeupdate', () => show(player.currentTime))\n}\nonMounted(() => wire(audio.value))\n</script>\n"
    assert not list(look(tmp_path, {"src/Player.vue": source, "package.json": '{"dependencies": {"vue": "3.5.13"}}'}))
