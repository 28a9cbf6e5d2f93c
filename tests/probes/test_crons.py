"""Paths of Vercel's crons that no route answers, or not with GET, are stated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcheck.probes.crons import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
ROUTE = "export async function {method}() {{ return Response.json({{}}); }}\n"


def _project(path: str, files: dict[str, str], **more: object) -> dict[str, str]:
    return {"vercel.json": json.dumps({"crons": [{"path": path, "schedule": "0 6 * * *"}], **more}), **files}


@pytest.mark.parametrize(
    ("path", "file", "method", "line"),
    [
        ("/api/digest", "app/api/digest/route.ts", "POST", 1),
        ("/api/digest", "app/api/digest/route.ts", "run() {}\nexport { run as POST }; //", 2),
        ("/api/cron/digest", "app/api/digest/route.ts", "GET", 1),
        ("/api/reminder", "src/app/api/reminders/route.ts", "GET", 1),
    ],
)
def test_a_path_that_does_not_answer(tmp_path: Path, path: str, file: str, method: str, line: int) -> None:
    found = look(tmp_path, _project(path, {file: ROUTE.format(method=method)}))
    assert [(item.fact.effect, item.where.line) for item in found] == [("callback-rejected", line)]


@pytest.mark.parametrize(
    ("path", "files", "more"),
    [
        ("/api/digest", {"app/api/digest/route.ts": ROUTE.format(method="GET")}, {}),
        ("/api/digest?all=1", {"app/(jobs)/api/digest/route.ts": "export { GET } from './run';\n"}, {}),
        ("/api/digest", {"pages/api/digest.ts": "export default function handler(req, res) { res.end(); }\n"}, {}),
        ("/api/digest", {"api/digest.js": "export default function handler(req, res) { res.end(); }\n"}, {}),
        ("/cron/digest", {"app/api/digest/route.ts": ROUTE.format(method="GET")}, {"rewrites": []}),
        ("/api/jobs/digest", {"app/api/jobs/[job]/route.ts": ROUTE.format(method="GET")}, {}),
    ],
)
def test_a_path_that_answers(tmp_path: Path, path: str, files: dict[str, str], more: dict[str, object]) -> None:
    assert look(tmp_path, _project(path, files, **more)) == []
