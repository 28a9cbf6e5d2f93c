"""What a consumer does for one message is laid beside how long the other side waits for a sign of life."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.outlasted import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

RABBIT = "import pika\nfrom work import dig\ndef on_field(ch, method, props, body):\n    dig(body)\n    ch.basic_ack(method.delivery_tag)\nch = pika.BlockingConnection(GIVEN).channel()\nch.basic_consume('fields', on_field)\nch.start_consuming()\n"
SAID = 'def dig(field):\n    """Takes ten to forty minutes."""\n    print(field)\n'
LOOP = "from kafka import KafkaConsumer\nfrom work import dig\nfor message in KafkaConsumer('fields', group_id='dig'GIVEN):\n    dig(message)\n"
POLL = "from confluent_kafka import Consumer\nfrom work import dig\nc = Consumer({'group.id': 'dig'GIVEN})\nwhile True:\n    m = c.poll(1.0)\n    dig(m)\n"
MQTT = "import paho.mqtt.client as mqtt\nfrom work import dig\ndef on_message(client, userdata, message):\n    dig(message)\nc = mqtt.Client()\nc.on_message = on_message\nc.connect('h', 1883, GIVEN)\nc.loop_forever()\n"


def told(folder: Path, main: str, given: str, work: str = SAID) -> list[tuple[str, str, str]]:
    found = look(folder, {"main.py": main.replace("GIVEN", given), "work.py": work})
    return [(str(each.where), each.fact.effect, each.fact.strength) for each in found]


@pytest.mark.parametrize(
    ("main", "given", "work", "says"),
    [
        (RABBIT, "", SAID, [("main.py:4", "blocked-event-loop", "strong")]),
        (RABBIT, "pika.ConnectionParameters('h', heartbeat=60)", SAID, [("main.py:4", "blocked-event-loop", "strong")]),
        (RABBIT, "pika.URLParameters('amqp://h?heartbeat=30')", SAID, [("main.py:4", "blocked-event-loop", "strong")]),
        (RABBIT, "", "import time\ndef dig(f):\n    for _ in range(60):\n        time.sleep(10)\n", [("work.py:4", "blocked-event-loop", "fair")]),
        (RABBIT, "", "import time\ndef dig(f):\n    time.sleep(300)\n", [("work.py:3", "blocked-event-loop", "strong")]),
        (RABBIT, "", "import subprocess\ndef dig(f):\n    subprocess.run(['dig', f], timeout=900)\n", [("work.py:3", "blocked-event-loop", "fair")]),
        (RABBIT, "", "import subprocess\ndef dig(f):\n    subprocess.run(['ffmpeg', '-i', f, 'out.mp4'], check=True)\n", [("work.py:3", "blocked-event-loop", "fair")]),
        (RABBIT, "", "import whisper\nmodel = whisper.load_model('base')\ndef dig(f):\n    return model.transcribe(f)\n", [("work.py:4", "blocked-event-loop", "fair")]),
        (LOOP, "", SAID, [("main.py:4", "blocked-event-loop", "strong")]),
        (POLL, "", SAID, [("main.py:6", "blocked-event-loop", "strong")]),
        (POLL, ", 'max.poll.interval.ms': 300000", SAID, [("main.py:6", "blocked-event-loop", "strong")]),
        (MQTT, "60", SAID, [("main.py:4", "blocked-event-loop", "strong")]),
    ],
)
def test_a_step_that_lasts_too_long(tmp_path: Path, main: str, given: str, work: str, says: list[tuple[str, str, str]]) -> None:
    assert told(tmp_path, main, given, work) == says


@pytest.mark.parametrize(
    ("main", "given", "work"),
    [
        (RABBIT, "pika.ConnectionParameters('h', heartbeat=0)", SAID),
        (RABBIT, "pika.ConnectionParameters('h', heartbeat=3600)", SAID),
        (RABBIT, "pika.ConnectionParameters('h', heartbeat=int(BEAT))", SAID),
        (RABBIT, "pika.URLParameters('amqp://h?heartbeat=900')", SAID),
        (RABBIT, "", "import time\ndef dig(f):\n    time.sleep(1)\n"),
        (RABBIT, "", "import subprocess\ndef dig(f):\n    subprocess.run(['git', 'pull'])\n"),
        (RABBIT, "", "import subprocess\ndef dig(f):\n    subprocess.run(['ffmpeg', '-i', f, 'out.jpg'], timeout=30)\n"),
        (RABBIT, "", "def dig(f):\n    scaler.fit(f)\n"),
        (LOOP, "", "import subprocess\ndef dig(f):\n    subprocess.run(['ffmpeg', '-i', f, 'out.mp4'])\n"),
        (RABBIT, "", "import requests\ndef dig(f):\n    requests.post('u', timeout=120)\n"),
        (RABBIT, "", 'def dig(f):\n    """Those of the last 20 minutes."""\n'),
        (RABBIT, "", 'import jobs\ndef dig(f):\n    """Takes ten minutes."""\n    jobs.dig.delay(f)\n'),
        (RABBIT.replace("dig(body)", "threading.Thread(target=dig, args=(body,)).start()"), "", SAID),
        (RABBIT.replace("dig(body)", "pool.submit(dig, body)"), "", SAID),
        (RABBIT, "", "import time\ndef dig(f):\n    time.sleep(300)\n    ch.connection.process_data_events()\n"),
        (LOOP, ", max_poll_interval_ms=3_600_000", SAID),
        (LOOP, ", max_poll_interval_ms=POLL", SAID),
        (LOOP.replace(", group_id='dig'", ""), "", SAID),
        (LOOP, "", SAID.replace("ten to forty", "two to three")),
        (POLL, ", 'max.poll.interval.ms': 7200000", SAID),
        (POLL.replace("    dig(m)", "    c.pause(p)\n    dig(m)"), "", SAID),
        (MQTT, "3600", SAID),
        (MQTT, "0", SAID),
    ],
)
def test_silent_where_the_other_side_waits_longer_or_somebody_else_works(tmp_path: Path, main: str, given: str, work: str) -> None:
    assert told(tmp_path, main, given, work) == []


MANY = "import numpy as np\nfrom scipy.spatial import cKDTree\ndef dig(f):\n    points = np.load(f)\n    tree = cKDTree(points)\n    # a field is about six million points\n    return tree.query(points, k=8)\n"


@pytest.mark.parametrize(
    ("work", "beat", "places"),
    [
        (MANY, "heartbeat = 15", ["work.py:7"]),
        (MANY, "heartbeat = 120", []),
        (MANY, "heartbeat = 0", []),
        (MANY, "# heartbeat = 15", []),
        (MANY.replace("million", "hundred"), "heartbeat = 15", []),
        (MANY.replace("return tree.query(points, k=8)", "return len(points)"), "heartbeat = 15", []),
    ],
    ids=["millions", "a patient broker", "none", "not set", "hundreds", "nothing heavy"],
)
def test_the_brokers_own_file_says_how_long_it_waits_and_a_remark_how_much_there_is(tmp_path: Path, work: str, beat: str, places: list[str]) -> None:
    found = look(tmp_path, {"main.py": RABBIT.replace("GIVEN", ""), "work.py": work, "mq/rabbitmq.conf": f"{beat}\n"})
    assert [str(each.where) for each in found] == places


FILMS = "import { Kafka } from 'kafkajs';\nconst c = new Kafka({}).consumer({ groupId: 'films'GIVEN });\nawait c.run({ eachMessage: async ({ message, heartbeat }) => {\n  await cut(message);\n} });\n// takes a few minutes\nasync function cut(film) { await film; }\n"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (FILMS.replace("GIVEN", ""), ["duplicate-delivery"]),
        (FILMS.replace("GIVEN", ", sessionTimeout: 600_000"), []),
        (FILMS.replace("GIVEN", "").replace("  await cut", "  const beat = setInterval(heartbeat, 3000);\n  await cut"), []),
        (FILMS.replace("GIVEN", "").replace("a few minutes", "a few seconds"), []),
    ],
)
def test_a_group_of_kafkajs_waits_for_a_heartbeat(tmp_path: Path, source: str, says: list[str]) -> None:
    assert [each.fact.effect for each in look(tmp_path, {"a.mjs": source, "package.json": '{"dependencies": {"kafkajs": "2.2.4"}}'})] == says
