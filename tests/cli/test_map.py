"""`callcheck map`: what it draws, and what it says that a change does to the deliveries, on real histories of git."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from callcheck.cli.app import main
from callcheck.report.map import as_json

BUS = 'const { EventEmitter } = require("node:events");\nexports.bus = new EventEmitter();\n'
FILES = {
    "package.json": '{"dependencies": {"express": "^5.1.0", "ioredis": "^5.4.0"}}',
    "docker-compose.yml": "services:\n  web: {build: ., command: node web.js}\n  worker: {build: ., command: node worker.js}\n",
    "bus.js": BUS,
    "mail.js": 'const { bus } = require("./bus");\n\nfunction send(order) {\n  console.log("mail", order.id);\n}\n\nbus.on("order.placed", send);\n',
    "web.js": """const express = require("express");
const { bus } = require("./bus");
require("./mail");
const app = express();
app.post("/orders", (req, res) => {
  bus.emit("order.placed", { id: req.body.id });
  res.sendStatus(202);
});
app.listen(3000);
""",
    "worker.js": """const { bus } = require("./bus");
bus.on("job.done", (job) => console.log(job));
setInterval(() => bus.emit("job.done", { id: 1 }), 1000);
""",
}


def git(*words: str, cwd: Path) -> None:
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *words], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A web program and a worker, committed once."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    git("init", "-q", cwd=tmp_path)
    git("add", "-A", cwd=tmp_path)
    git("commit", "-qm", "first", cwd=tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(project: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The status of `callcheck map`, and what it prints."""

    def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        return main(["map", *words]), capsys.readouterr().out

    return run


def changed(ask: Ask, *words: str) -> tuple[int, list[tuple[str, str]]]:
    status, text = ask("--diff", "HEAD", "--format", "json", *words)
    document = json.loads(text)
    jsonschema.validate(document, json.loads(as_json.schema()))
    assert document["lost"] == sum(each["lost"] for each in document["changes"])
    return status, [(each["how"], each["event"]) for each in document["changes"]]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(("format", "begins"), [("mermaid", "flowchart LR\n"), ("dot", "digraph deliveries {\n"), ("json", "{\n"), ("asyncapi", '{\n  "asyncapi": "3.0.0"')])
def test_each_format_is_drawn_with_status_0(ask: Ask, format: str, begins: str) -> None:
    status, text = ask("-f", format)
    assert (status, text[: len(begins)]) == (0, begins)
    assert "order.placed" in text


def test_a_broken_delivery_is_drawn_and_fails_nothing(ask: Ask, project: Path) -> None:
    replace(project / "web.js", '  bus.emit("order.placed"', '  bus.on("order.placed", (o) => res.write(o.id));\n  bus.emit("order.placed"')
    status, text = ask("--troubled")
    assert status == 0
    assert '"listener-leak' in text


def test_it_is_written_to_a_file(ask: Ask, project: Path) -> None:
    assert ask("-o", "map.mmd") == (0, "")
    assert (project / "map.mmd").read_text().startswith("flowchart LR\n")


def test_only_what_is_asked_for_is_drawn(ask: Ask) -> None:
    def events(*words: str) -> list[str]:
        return sorted(each["event"] for each in json.loads(ask("-f", "json", *words)[1])["channels"])

    assert events() == ["job.done", "order.placed"]
    assert events("--event", "order.*") == ["order.placed"]
    assert events("--program", "worker") == ["job.done"]
    assert events("--troubled") == []
    assert json.loads(ask("-f", "json", "--most", "1")[1])["left_out"]["channels"] == 1
    assert "2 channels, of which 1 are shown" in ask("--most", "1")[1]


@pytest.mark.parametrize("words", [("-f", "svg"), ("-f", "text"), ("--diff", "HEAD", "-f", "dot"), ("--diff", "no-such-revision"), ("--most", "-1")])
def test_a_wrong_call_ends_with_2(ask: Ask, words: tuple[str, ...]) -> None:
    from callcheck.__main__ import _explain

    try:
        status = ask(*words)[0]
    except Exception as error:  # noqa: BLE001  (as __main__ does)
        status = _explain(error, False)
    assert status == 2


def test_nothing_to_look_at_ends_with_3(ask: Ask, project: Path) -> None:
    (project / "empty").mkdir()
    assert ask("empty")[0] == 3


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "map"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "callcheck map --format json"


def test_nothing_has_changed(ask: Ask) -> None:
    assert ask("--diff", "HEAD") == (0, "no delivery has changed since HEAD\n")


def test_a_listener_that_is_taken_away_is_a_loss(ask: Ask, project: Path) -> None:
    replace(project / "mail.js", 'bus.on("order.placed", send);\n', "")
    status, text = ask("--diff", "HEAD")
    assert status == 1
    assert text.splitlines()[0] == "lost   order.placed: is emitted at web.js:6, and nobody listens any more; it was heard at mail.js:7"
    assert text.splitlines()[-1] == "1 delivery is lost since HEAD"
    assert ask("--diff", "HEAD", "--exit-zero")[0] == 0


def test_an_event_that_is_renamed_on_one_side_loses_its_emission(ask: Ask, project: Path) -> None:
    replace(project / "web.js", "order.placed", "order.created")
    status, found = changed(ask)
    assert status == 1
    assert ("emitter-lost", "order.placed") in found
    assert ("unheard", "order.created") in found


def test_a_listener_that_moves_to_another_program_is_out_of_reach(ask: Ask, project: Path) -> None:
    replace(project / "web.js", 'require("./mail");\n', "")
    replace(project / "worker.js", 'require("./bus");\n', 'require("./bus");\nrequire("./mail");\n')
    status, found = changed(ask)
    assert status == 1
    assert ("apart", "order.placed") in found


def test_a_new_listener_of_an_event_that_had_none_is_told(ask: Ask, project: Path) -> None:
    replace(project / "web.js", "  res.sendStatus", '  bus.emit("order.seen");\n  res.sendStatus')
    git("commit", "-qam", "second", cwd=project)
    replace(project / "mail.js", 'bus.on("order.placed", send);\n', 'bus.on("order.placed", send);\nbus.on("order.seen", send);\n')
    assert changed(ask) == (0, [("listener-gained", "order.seen")])


def test_an_event_that_goes_over_a_broker_now_is_no_loss(ask: Ask, project: Path) -> None:
    for name, old, new in (("mail.js", 'bus.on("order.placed", send)', 'redis.subscribe("order.placed")'), ("web.js", 'bus.emit("order.placed", { id: req.body.id })', 'redis.publish("order.placed", "x")')):
        replace(project / name, old, new)
        replace(project / name, 'const { bus } = require("./bus");', 'const Redis = require("ioredis");\nconst redis = new Redis();')
    replace(project / "mail.js", "function send", 'redis.on("message", (channel, text) => send(JSON.parse(text)));\nfunction send')
    status, text = ask("--diff", "HEAD", "--event", "order.placed")
    assert "order.placed: goes over redis, and went in memory, bus.js:2" in text
    assert "nobody" not in text


@pytest.mark.parametrize("seed", (0, 3, 6))
def test_moved_lines_renamed_files_and_edited_handlers_are_no_loss(ask: Ask, project: Path, seed: int) -> None:
    new = {"bus.js": "events/bus.js", "mail.js": "handlers/mail.js", "worker.js": "jobs/worker.js"}
    moved = {old: new[old] for number, old in enumerate(new) if (seed + 1) >> number & 1}
    for old, name in moved.items():
        (project / name).parent.mkdir(exist_ok=True)
        git("mv", old, name, cwd=project)
    there = {old: moved.get(old, old) for old in FILES}
    for name in ("mail.js", "web.js", "worker.js", "bus.js"):
        path = project / there[name]
        text = path.read_text().replace("send(order)", "send(it)").replace("order.id", "it.id")
        for other in ("bus", "mail"):
            target = there[f"{other}.js"].removesuffix(".js")
            above = "../" if "/" in there[name] else "./"
            text = text.replace(f'"./{other}"', f'"{above}{target}"')
        path.write_text("// written anew\n" * (seed + 1) + text)
    if "worker.js" in moved:
        replace(project / "docker-compose.yml", "node worker.js", f"node {moved['worker.js']}")
    assert changed(ask) == (0, [])


def test_a_listener_that_is_lost_in_a_renamed_file_is_still_a_loss(ask: Ask, project: Path) -> None:
    git("mv", "mail.js", "letters.js", cwd=project)
    replace(project / "web.js", "./mail", "./letters")
    replace(project / "letters.js", 'bus.on("order.placed", send);\n', "")
    assert changed(ask) == (1, [("listener-lost", "order.placed")])


def test_the_map_in_the_readme_is_what_is_drawn(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], refresh: bool) -> None:
    monkeypatch.chdir(root / "fixtures" / "guide" / "report-callback" / "broken")
    assert main(["map"]) == 0
    text, path = capsys.readouterr().out, root / "README.md"
    before, _, rest = path.read_text(encoding="utf-8").partition("```mermaid\n")
    held, _, after = rest.partition("```")
    if refresh:
        path.write_text(f"{before}```mermaid\n{text}```{after}", encoding="utf-8")
        return
    assert held == text
