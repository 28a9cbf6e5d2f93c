"""What the Node agent writes of mqtt.js: topics that are subscribed to and published, and the messages that come."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observers.node.observed import needs_node, observe
from tests.tools import node, observed

pytestmark = needs_node

_CODE = """
const mqtt = require('mqtt');
const url = 'mqtt://127.0.0.1:PORT';
const heard = mqtt.connect(url), other = mqtt.connect(url);
let came = 0;
heard.on('message', function onMessage(topic) {
  console.log(topic); came += 1;
  if (came === 2) heard.unsubscribe('alarm/#', () => { heard.end(); other.end(); });
});
heard.on('connect', async () => {
  await heard.subscribeAsync(['TOPIC', 'alarm/#']);
  await other.publishAsync('sensors/7/heat', 'secret');
  other.publish('alarm/door', 'secret');
});
setTimeout(() => process.exit(0), WAIT).unref();
"""


def _app(folder: Path) -> Path:
    """A folder whose manifest names the library."""
    (folder / "package.json").write_text('{"dependencies": {"mqtt": "5"}}')
    return node.linked(folder)


@pytest.mark.parametrize("name", ["app.cjs", "app.mjs"])
def test_topics_are_told_with_who_subscribes_and_what_comes(mqtt: int, tmp_path: Path, name: str) -> None:
    app = _app(tmp_path)
    code = _CODE.replace("PORT", str(mqtt)).replace("TOPIC", "sensors/+/heat").replace("WAIT", "20000")
    if name == "app.mjs":
        code = code.replace("const mqtt = require('mqtt')", "import mqtt from 'mqtt'")
    bare, run = observe(app, code, name=name, observed=False), observe(app, code, name=name)
    assert (run.status, run.stdout, run.stderr) == (bare.status, bare.stdout, bare.stderr)
    assert run.stdout == "sensors/7/heat\nalarm/door\n"
    added = run.of("listener.added", messaging__system="mqtt")
    assert [(fact["messaging.destination.name"], fact["listener.name"], fact["code.line.number"]) for fact in added] == [("sensors/+/heat", "onMessage", 11), ("alarm/#", "onMessage", 11)]
    published = run.of("event.emitted", messaging__system="mqtt")
    assert [(fact["messaging.destination.name"], fact["code.line.number"], "listener.count" in fact) for fact in published] == [("sensors/7/heat", 12, False), ("alarm/door", 13, False)]
    came = run.of("event.emitted", messaging__destination__name="message")
    assert [(fact["messaging.message.type"], fact["listener.count"]) for fact in came] == [("sensors/7/heat", 1), ("alarm/door", 1)]
    assert [fact["listener.id"] for fact in run.of("listener.removed", messaging__system="mqtt")] == [added[1]["listener.id"]]
    assert "secret" not in str(run.facts)


def test_a_topic_in_other_letters_is_named_and_what_a_filter_takes_is_not(mqtt: int, tmp_path: Path) -> None:
    app = _app(tmp_path)
    for topic, causes in (("Sensors/+/heat", ["event-name-mismatch"]), ("sensors/+/heat", [])):
        (app / "app.js").write_text(_CODE.replace("PORT", str(mqtt)).replace("TOPIC", topic).replace("WAIT", "2500"))
        found, said = observed.run(app, ["node", "app.js"])
        assert ("sensors/7/heat" in said) == (not causes)
        assert [each["cause"] for each in found] == causes
