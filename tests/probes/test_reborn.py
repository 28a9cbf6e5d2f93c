"""A listener on an object that the next request has anew is told."""

from __future__ import annotations

import pytest

from callcheck.probes.reborn import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "from fastapi import FastAPI, Depends\n"
            "from pyee import EventEmitter\n"
            "app = FastAPI()\n"
            "def events():\n"
            "    return EventEmitter()\n"
            "@app.post('/wait')\n"
            "def wait(bus=Depends(events)):\n"
            "    bus.on('freed', print)\n"
            "@app.post('/free')\n"
            "def free(bus=Depends(events)):\n"
            "    bus.emit('freed')\n",
            "freed",
        ),
    ],
)
def test_an_object_that_is_made_for_each_request(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("callcheck.event.name") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "from fastapi import FastAPI, Depends\n"
            "from pyee import EventEmitter\n"
            "app = FastAPI()\n"
            "bus = EventEmitter()\n"
            "@app.post('/wait')\n"
            "def wait():\n"
            "    bus.on('freed', print)\n"
            "@app.post('/free')\n"
            "def free():\n"
            "    bus.emit('freed')\n"
        ),
        (
            "from fastapi import FastAPI, Depends\n"
            "from pyee import EventEmitter\n"
            "app = FastAPI()\n"
            "def events():\n"
            "    return EventEmitter()\n"
            "@app.post('/wait')\n"
            "def wait(bus=Depends(events)):\n"
            "    bus.on('freed', print)\n"
            "    bus.emit('freed')\n"
        ),
    ],
    ids=["one object", "the same request"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})
