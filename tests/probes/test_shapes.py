"""A handler that takes a field by itself where its library hands over one object with it."""

from __future__ import annotations

import pytest

from callcheck.probes.shapes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

EVENTS = "import { QueueEvents } from 'bullmq';\nconst events = new QueueEvents('q');\n"
BULL = "const Queue = require('bull');\nconst q = new Queue('q');\n"
KAFKA = "import { Kafka } from 'kafkajs';\nconst consumer = new Kafka({}).consumer({ groupId: 'g' });\n"

WRONG = {
    "the id alone": (EVENTS + "events.on('failed', (jobId, err) => note(jobId, err));\n", "jobId"),
    "the id as a key": (EVENTS + "events.on('completed', (jobId) => { waiting[jobId](); });\n", "jobId"),
    "an id where the job comes": (BULL + "q.on('completed', (jobId, result) => store.set(jobId, result));\n", "jobId"),
    "several of its fields one after another": (KAFKA + "consumer.run({ eachMessage: async (message, topic) => take(message, topic) });\n", "message"),
}
RIGHT = {
    "it is taken apart": EVENTS + "events.on('completed', ({ jobId, returnvalue }) => note(jobId, returnvalue));\n",
    "it is taken apart under its name": EVENTS + "events.on('completed', (jobId) => note(jobId.jobId));\n",
    "it is looked at first": EVENTS + "events.on('completed', (jobId) => note(typeof jobId === 'object' ? read(jobId) : jobId));\n",
    "it is not used": EVENTS + "events.on('completed', (jobId) => tick());\n",
    "an object by a name of its own": EVENTS + "events.on('progress', (data) => note(data));\n",
    "the id of a global event": BULL + "q.on('global:completed', (jobId, result) => note(jobId, result));\n",
    "the job": BULL + "q.on('completed', (job, result) => note(job.id, result));\n",
    "the id of a stalled job": BULL + "q.on('stalled', (jobId) => note(jobId));\n",
}


@pytest.mark.parametrize("case", WRONG)
def test_a_field_taken_for_the_object_is_told(tmp_path, case: str) -> None:
    text, field = WRONG[case]
    assert [item.fact.field for item in look(tmp_path, {"a.js": text})] == [field]


@pytest.mark.parametrize("case", RIGHT)
def test_what_is_handed_over_is_taken_as_it_is(tmp_path, case: str) -> None:
    assert look(tmp_path, {"a.js": RIGHT[case]}) == []
