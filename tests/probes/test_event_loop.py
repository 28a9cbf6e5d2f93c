"""Blocking calls are told with the role of the async function on whose loop they run."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.model.target import Target
from callcheck.probes.event_loop import PROBE
from callcheck.sources import Eyes

HELPER = "import time\ndef slow():\n    time.sleep(9)\n"


def _roles(folder, text: str) -> list[str]:
    (folder / "a.py").write_text(HELPER + text)
    eyes = Eyes(Target(base=folder, folders=(folder,)), knowledge.load([knowledge.shipped()]))
    return [item.fact.role for item in PROBE.look(eyes.target, eyes)]


def test_a_helper_in_the_body_of_a_stream_runs_for_each_message(tmp_path) -> None:
    assert _roles(tmp_path, "async def consume(stream):\n    async for message in stream:\n        slow()\n") == ["message"]


@pytest.mark.parametrize(
    "text",
    [
        "async def consume(stream):\n    slow()\n    async for message in stream:\n        pass\n",
        "async def main():\n    slow()\n",
    ],
    ids=["before the stream", "no stream"],
)
def test_a_helper_that_runs_once_is_no_message(tmp_path, text) -> None:
    assert "message" not in _roles(tmp_path, text)


def test_what_runs_in_a_thread_is_not_told(tmp_path) -> None:
    text = "import asyncio\nasync def consume(stream):\n    async for message in stream:\n        await asyncio.to_thread(slow)\n"
    assert _roles(tmp_path, text) == []


@pytest.mark.parametrize(("call", "roles"), [("execFileSync('convert', [])", ["request"]), ("execFile('convert', [], done)", [])])
def test_a_plain_function_that_answers_a_request_runs_on_the_loop_of_node(tmp_path, call, roles) -> None:
    head = "import express from 'express';\nimport { execFile, execFileSync } from 'node:child_process';\nconst app = express();\n"
    text = head + f"execFileSync('git', ['describe']);\nconst draw = () => {call};\napp.post('/draw', (req, res) => {{ draw(); res.end(); }});\n"
    (tmp_path / "a.js").write_text(text)
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), knowledge.load([knowledge.shipped()]))
    assert [item.fact.role for item in PROBE.look(eyes.target, eyes)] == roles
