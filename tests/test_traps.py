"""Every trap finds its sample, leaves its counter-sample alone, and leads to a cause that exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import rulebooks
from callcheck.model.knowledge import Framework, Idiom, Knowledge
from callcheck.model.target import Target
from callcheck.probes.traps import PROBE
from callcheck.sources import Eyes
from tests.sources.code.test_idioms import _files, _fitting
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
TRAPS = [(f, i) for f in KNOWN.frameworks for i in f.idioms if i.does == "trap"]
IDS = [f"{f.name}-{i.effect}-{n}" for n, (f, i) in enumerate(TRAPS)]


def _stated(folder: Path, files: dict[str, str]) -> set[str]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    eyes = Eyes(Target(base=folder, folders=(folder,)), Knowledge(KNOWN.frameworks))
    return {item.fact.why for item in PROBE.look(eyes.target, eyes)}


@pytest.mark.parametrize(("framework", "trap"), TRAPS, ids=IDS)
def test_a_trap_finds_its_sample(tmp_path, framework: Framework, trap: Idiom) -> None:
    assert trap.says in _stated(tmp_path, {**_files(framework, trap.sample), **_fitting(framework, trap)})


@pytest.mark.parametrize(("framework", "trap"), TRAPS, ids=IDS)
def test_a_trap_leaves_its_counter_sample_alone(tmp_path, framework: Framework, trap: Idiom) -> None:
    assert trap.not_sample, "a trap shows how it is avoided"
    assert trap.says not in _stated(tmp_path, {**_files(framework, trap.not_sample), **_fitting(framework, trap)})


def test_every_trap_leads_to_a_cause() -> None:
    causes = {rule.cause for rule in rulebooks.load_rules()}
    assert {trap.effect for _, trap in TRAPS} <= causes
    assert all(len(trap.says) <= 160 for _, trap in TRAPS)


def test_what_a_handler_does_wrong_is_shown_at_its_own_line(tmp_path) -> None:
    lines = (
        "import express from 'express';",
        "const app = express();",
        "app.use(express.json());",
        "app.post('/run', (req, res) => {",
        "  start(req.body);",
        "  req.on('close', stop);",
        "});",
    )
    (tmp_path / "app.js").write_text("\n".join(lines), encoding="utf-8")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge(KNOWN.frameworks))
    traps = [item for item in PROBE.look(eyes.target, eyes) if "close of a request" in item.fact.why]
    assert [(item.where.line, [each.where.line for each in item.because]) for item in traps] == [(4, [6])]


def test_what_a_test_says_does_not_stand_beside_the_app(tmp_path) -> None:
    opens = "import amqp from 'amqplib';\nconst ch = await (await amqp.connect('u')).createChannel();\n"
    asks = {"worker.js": opens + "ch.assertQueue('labels', {durable: false});\n", "OTHER": opens + "ch.assertQueue('labels');\n"}
    told = {other: _stated(tmp_path / str(n), {other if name == "OTHER" else name: text for name, text in asks.items()}) for n, other in enumerate(("api.js", "api.test.js"))}
    assert any("asserted as durable elsewhere" in says for says in told["api.js"])
    assert not any("asserted as durable elsewhere" in says for says in told["api.test.js"])


def test_what_was_made_without_an_option_is_shown_where_it_was_made(tmp_path) -> None:
    lines = ("import mqtt from 'mqtt';", "const c = mqtt.connect('mqtt://b', {", "  username: 'a',", "});", "c.on('connect', () => {", "  c.subscribe('a', {qos: 1});", "});")
    (tmp_path / "app.js").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "mosquitto.conf").write_text("persistence true\npersistent_client_expiration 7d\n", encoding="utf-8")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge(KNOWN.frameworks))
    traps = [item for item in PROBE.look(eyes.target, eyes) if "keeps messages" in item.fact.why]
    assert [(item.where.line, item.because[0].where.line) for item in traps] == [(6, 2)]
