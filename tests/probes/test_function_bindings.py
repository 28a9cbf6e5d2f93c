"""Names in function.json that are much alike and never meet are told, and not those that meet, or may."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcheck.probes.function_bindings import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

CLIENT = "from azure.storage.queue import QueueClient\nq = QueueClient(URL, '%s')\nq.send_message('m')\n"


def binding(kind: str, **names: str) -> str:
    return json.dumps({"bindings": [{"type": kind, "name": "m", **names}]}, indent=1)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a/function.json": binding("queueTrigger", queueName="photo-resize"), "b/function.json": binding("queue", queueName="photos-resize")}, ["photo-resize photos-resize @a/function.json:6"]),
        ({"a/function.json": binding("queueTrigger", queueName="photo-resize"), "b/send.py": CLIENT % "photos-resize"}, ["photo-resize photos-resize @a/function.json:6"]),
        ({"a/function.json": binding("queueTrigger", queueName="photos"), "b/function.json": binding("queue", queueName="Photos")}, []),
        ({"a/function.json": binding("queueTrigger", queueName="%QUEUE%"), "b/function.json": binding("queue", queueName="photos")}, []),
        ({"a/function.json": binding("queueTrigger", queueName="photo-resize"), "b/function.json": binding("serviceBus", queueName="photos-resize")}, []),
        ({"a/function.json": binding("queueTrigger", queueName="mails"), "b/function.json": binding("queue", queueName="photos")}, []),
        ({"a/function.json": binding("queueTrigger", queueName="photo-resize"), "b/send.py": CLIENT.replace("'%s'", "NAME")}, []),
    ],
    ids=["two bindings", "a client", "case", "a setting", "another broker", "nothing alike", "computed"],
)
def test_names_of_bindings(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    found = look(tmp_path, {"requirements.txt": "azure-storage-queue==12.11.0\n", **files})
    assert [f"{item.fact.event} {item.fact.near} @{item.where}" for item in found] == told
