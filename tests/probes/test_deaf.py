"""A listener on an object that never emits its event is told."""

from __future__ import annotations

import pytest

from callcheck.probes.deaf import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "import { Queue } from 'bullmq';\n"
            "const mails = new Queue('mails');\n"
            "mails.on('completed', (job) => tell(job));\n",
            "completed",
        ),
    ],
)
def test_an_event_that_the_object_never_emits(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.event.name") for item in look(tmp_path, {"a.js": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "import { QueueEvents } from 'bullmq';\n"
            "const mails = new QueueEvents('mails');\n"
            "mails.on('completed', (job) => tell(job));\n"
        ),
        (
            "import { Queue } from 'bullmq';\n"
            "const mails = new Queue('mails');\n"
            "mails.on('error', (err) => tell(err));\n"
        ),
    ],
    ids=["the object that emits it", "an event of its own"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": source})
