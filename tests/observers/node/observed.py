"""Runs JavaScript under the Node agent and gives back the facts that it wrote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.observers import contract

AGENT = Path(__file__).parents[3] / "callcheck" / "observers" / "node" / "agent.cjs"
NODE = os.environ.get("CALLCHECK_TEST_NODE") or shutil.which("node")
"""Another Node than the installed one can be given, to run these tests on it."""

needs_node = pytest.mark.skipif(NODE is None, reason="needs node, which .ci/run installs")

Fact = dict[str, object]


@dataclass(frozen=True)
class Run:
    """How the app ended, and what was written down: the facts of all its processes, each file in its order."""

    status: int
    stdout: str
    stderr: str
    facts: tuple[Fact, ...]

    def of(self, *names: str, **keys: object) -> list[Fact]:
        """The facts of these names whose keys have these values (`__` for a dot in a key)."""
        wanted = {key.replace("__", "."): value for key, value in keys.items()}
        return [fact for fact in self.facts if fact["fact"] in names and all(fact.get(key) == value for key, value in wanted.items())]

    def story(self, event: str) -> list[str]:
        """What happened to one event, as names of facts, its handlers' included."""
        ids = {fact["messaging.message.id"] for fact in self.of("event.emitted") if fact["messaging.destination.name"] == event}
        mine = [fact for fact in self.facts if fact.get("messaging.destination.name") == event or fact.get("messaging.message.id") in ids]
        return [str(fact["fact"]) for fact in mine]


def environ(recording: Path) -> dict[str, str]:
    """The environment that the launcher sets."""
    mine = {key: value for key, value in os.environ.items() if key not in ("NODE_OPTIONS", "CALLCHECK_RECORDING")}
    return {**mine, "CALLCHECK_RECORDING": str(recording), "NODE_OPTIONS": f'--require "{AGENT}"'}


def facts_in(recording: Path) -> tuple[Fact, ...]:
    """The facts of every file of a recording; each is held to the contract."""
    facts: list[Fact] = []
    for path in sorted(recording.glob("*.jsonl")):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert [line["seq"] for line in lines] == list(range(len(lines)))
        assert lines[0]["fact"] == "process.started"
        for line in lines:
            if line["fact"] == "error.located":
                place = {key: value for key, value in line.items() if key.startswith("code.") or key == "via"}
                lines[line["of"]].update(place)
        facts += lines
    assert [(fact["fact"], contract.unknown_keys(fact)) for fact in facts if contract.unknown_keys(fact)] == []
    assert [fact for fact in facts if None in fact.values() or "" in fact.values()] == []
    return tuple(facts)


def observe(folder: Path, code: str, *arguments: str, name: str = "app.js", observed: bool = True, timeout_s: float = 30) -> Run:
    """Writes `code` to a file in `folder` and runs it, under the agent unless `observed` is false."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, encoding="utf-8")
    recording = folder / "recording"
    recording.mkdir(exist_ok=True)
    env = environ(recording)
    if not observed:
        del env["CALLCHECK_RECORDING"], env["NODE_OPTIONS"]
    assert NODE is not None
    command = [NODE, *arguments, str(path)]
    ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=timeout_s)
    return Run(ended.returncode, ended.stdout, ended.stderr, facts_in(recording))
