"""What a handler reads is told where each image that the code is in lacks it, and not where it may come another way."""

from __future__ import annotations

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.absent_files import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
READS = "import { readFile } from 'node:fs/promises';\nimport path from 'node:path';\nexport async function mail(job) {\n  return readFile(path.join(__dirname, '..', 'texts', 'a.txt'), 'utf8');\n}\n"
STAGES = "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\nFROM node:20-alpine\nWORKDIR /app\nCOPY --from=build /app/dist ./dist\n"
PLAIN = "FROM node:20\nWORKDIR /app\nCOPY src ./src\nCMD node src/a.js\n"


def _app(dockerfile: str, **more: str) -> dict[str, str]:
    files = {"Dockerfile": dockerfile, "src/a.ts": READS, "texts/a.txt": "Dear", "texts/b.txt": "Yours"}
    return files | {name.replace("__", "/").replace("_", "."): text for name, text in more.items()}


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (_app(STAGES), 7),
        (_app(PLAIN), 3),
        (_app("FROM node:20\nWORKDIR /app\nCOPY . .\n", _dockerignore="texts/*.txt\n"), 3),
    ],
    ids=["left in a stage", "never copied", "ignored"],
)  # fmt: skip
def test_absent(tmp_path, files: dict[str, str], line: int) -> None:
    (found,) = [item for item in look(tmp_path, files) if isinstance(item, Evidence)]
    assert found.where is not None and (found.where.path, found.where.line) == ("src/a.ts", 4)
    assert found.because[0].where is not None and found.because[0].where.line == line
    assert "texts/" in str(found.fact.attributes()["callcheck.trap.why"])


def test_an_error_that_is_thrown_on_is_not_allowed_for(tmp_path) -> None:
    source = READS.replace("  return", "  try { return").replace("'utf8');", "'utf8'); } catch (e) { console.error(e); throw e; }")
    assert [item for item in look(tmp_path, _app(STAGES) | {"src/a.ts": source}) if isinstance(item, Evidence)]


@pytest.mark.parametrize(
    "files",
    [
        _app(STAGES + "COPY --from=build /app/texts ./texts\n"),
        _app(PLAIN.replace("COPY src ./src", "COPY . .")),
        _app(STAGES, compose_yml="services:\n  a:\n    build: .\n    volumes: ['./texts:/app/texts:ro']\n"),
        _app(STAGES.replace("/app/dist ./dist", "/app ./")),
        _app(STAGES + "RUN curl -O https://example.com/texts.tgz\n"),
        _app(STAGES.replace("node:20-alpine", "registry.example.com/base")),
        _app(STAGES) | {"src/a.ts": READS.replace("  return", "  if (existsSync('x')) return")},
        _app(STAGES) | {"src/a.ts": READS.replace("  return", "  try { return").replace("'utf8');", "'utf8'); } catch { return ''; }")},
        _app(STAGES) | {"src/a.ts": READS.replace("'texts'", "'made'")},
        _app(STAGES) | {"worker/Dockerfile": "FROM $BASE\nCOPY $ALL ./\n"},
    ],
    ids=["copied", "all of it", "mounted", "the whole stage", "fetched", "a base of one's own", "asked for", "caught", "not the project's", "another image"],
)  # fmt: skip
def test_there_or_not_to_be_told(tmp_path, files: dict[str, str]) -> None:
    assert look(tmp_path, files) == []
