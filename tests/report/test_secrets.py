"""Credentials that stand beside what a report shows, in source, configuration and logs, are in no output of any format."""

from __future__ import annotations

import base64
import importlib.util
import io
import urllib.parse
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from callcheck.cli.settings import FORMATS
from callcheck.model.target import Target
from callcheck.pipeline import Run, diagnose
from callcheck.report import baseline, capture, terminal

APP = """import express from "express";
import {{ EventEmitter }} from "node:events";

const bus = new EventEmitter();
const app = express();

app.get("/jobs/:id/progress", (req, res) => {{
  // {0}
  bus.on("job.progress", (step) => res.write(step)); // {1}
}});

app.post("/jobs/:id/steps", (req, res) => {{
  bus.emit("job.progress", req.body.step); // {2}
  res.sendStatus(204);
}});
"""
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  replicas: 4 # {3}\n"
LOG = "2026-03-09T08:00:{n:02}Z ERROR openai.AuthenticationError: Error code: 401 - Incorrect API key provided {{4}}\n"
TOGETHER = 5


def _planted() -> ModuleType:
    import sys

    spec = importlib.util.spec_from_file_location("callcheck_planted", Path(__file__).parent.parent / "tools" / "planted.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PLANTS = _planted().PLANTS
BEDS = [PLANTS[number : number + TOGETHER] for number in range(0, len(PLANTS), TOGETHER)]


def looked(bed: Any, folder: Path) -> Run:
    # Each stands at another place in another bed; the last bed may have fewer.
    lines = [plant.written if plant.line.startswith(("password:", "PGPASSWORD", "DB_", "SESSION_")) else f"plant {plant.kind} {plant.written}" for plant in bed]
    lines += ["nothing"] * (TOGETHER - len(lines))
    (folder / "src").mkdir()
    (folder / "src" / "server.ts").write_text(APP.format(*lines))
    (folder / "deployment.yaml").write_text(DEPLOYMENT.format(*lines))
    (folder / "web.log").write_text("".join(LOG.format(n=n).format(*lines) for n in range(12)))
    return diagnose(Target(folder, folders=(folder,)))


def outputs(done: Run) -> dict[str, str]:
    """All that a run can be made into."""
    told = {format: importlib.import_module(f"callcheck.report.{'json_v1' if format == 'json' else format}").render(done.report, done.eyes.lines) for format in FORMATS if format != "terminal"}
    for name, style in (("terminal", terminal.Style()), ("verbose", terminal.Style(width=300, verbose=True)), ("brief", terminal.Style(brief=True))):
        told[name] = terminal.render(done.report, done.eyes.lines, style)
    told["baseline"] = baseline.render(done.report, done.eyes.lines)
    written = capture.write(done.report, done.eyes.lines, True, 5_000_000)
    assert written is not None
    with zipfile.ZipFile(io.BytesIO(written.data)) as archive:
        told["capture"] = "\n".join(archive.read(name).decode() for name in archive.namelist())
    return told


def spellings(secret: str) -> set[str]:
    """As it may stand in a format of its own."""
    raw = secret.encode()
    return {secret, base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode(), urllib.parse.quote(secret), urllib.parse.quote(secret, safe=""), secret.replace("/", "\\/"), secret.replace("+", "\\u002b"), secret.replace("&", "&amp;")}


@pytest.mark.parametrize("bed", BEDS, ids=lambda bed: bed[0].kind)
@pytest.mark.parametrize("turn", [0, 2])
def test_none_is_in_any_output(bed: Any, turn: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bed = [*bed[turn:], *bed[:turn]]
    told = outputs(looked(bed, tmp_path))
    assert {"sarif", "json", "junit", "capture", "verbose"} <= set(told)
    everything = "\n".join(told.values())
    for plant in bed:
        # The place was shown, so that what is not there is not there because it was masked.
        assert plant.written[:4] in everything or f"plant {plant.kind}" in everything, plant.kind
        for name, text in told.items():
            for spelt in spellings(plant.secret):
                assert spelt not in text, (name, plant.kind)


def test_a_cure_on_the_own_line_shows_no_secret_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "server.ts").write_text(APP.format("", "", ""))
    (tmp_path / "deployment.yaml").write_text(DEPLOYMENT.format("", "", "", "DB_PASSWORD=hunter2horse"))
    told = outputs(diagnose(Target(tmp_path, folders=(tmp_path,))))
    assert "replicas: 1" in told["json"]
    assert not any("hunter2horse" in text for text in told.values())


def test_a_value_under_its_name_is_masked_where_it_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "server.ts").write_text(APP.format('const sessionToken =\n  "horse-battery-7";', "", "").replace("// const", "const"))
    told = outputs(diagnose(Target(tmp_path, folders=(tmp_path,))))
    assert '"[redacted]";' in told["verbose"]
    assert not any("horse-battery-7" in text for text in told.values())


def test_none_is_in_any_output_where_they_are_the_values_of_an_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    names = [f"{plant.kind.upper().replace('-', '_')}_SECRET" for plant in PLANTS]
    reads = "".join(f"const v{n} = new OpenAI({{ apiKey: process.env.{name}, baseURL: process.env.{name}_URL }});\n" for n, name in enumerate(names[:20]))
    (tmp_path / "src" / "server.ts").write_text('import OpenAI from "openai";\n' + APP.format("", "", "").replace("app.get", reads + "app.get", 1))
    (tmp_path / ".env").write_text("".join(f"{name}={plant.secret}\n{name}_URL=https://u:{urllib.parse.quote(plant.secret, safe='')}@127.0.0.1:8080/v1\n" for name, plant in zip(names, PLANTS, strict=True)))
    compose = "".join(f"      {name}: {plant.secret}\n      {name}_URL: http://u:{urllib.parse.quote(plant.secret, safe='')}@localhost:8080/v1\n" for name, plant in zip(names, PLANTS, strict=True))
    (tmp_path / "docker-compose.yml").write_text(f"services:\n  web:\n    build: .\n    command: node src/server.ts\n    deploy: {{replicas: 4}}\n    environment:\n{compose}")
    pods = "".join(f"        - name: {name}\n          value: {plant.secret!r}\n" for name, plant in zip(names, PLANTS, strict=True))
    (tmp_path / "deployment.yaml").write_text(f"{DEPLOYMENT.format('', '', '', '')}  template:\n    spec:\n      containers:\n      - name: web\n        image: web\n        env:\n{pods}")
    told = outputs(diagnose(Target(tmp_path, folders=(tmp_path,))))
    assert "_SECRET" in told["json"]
    for plant in PLANTS:
        for name, text in told.items():
            for spelt in spellings(plant.secret):
                assert spelt not in text, (name, plant.kind)
