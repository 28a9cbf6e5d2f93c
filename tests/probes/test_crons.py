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


ADDS = {"next.config.mjs": "export default { trailingSlash: true };\n"}
APP = {"app/api/digest/route.ts": ROUTE.format(method="GET")}
FUNCTION = {"api/digest.js": "export default function handler(req, res) { res.end(); }\n"}


@pytest.mark.parametrize(
    ("path", "files", "more", "instead"),
    [
        ("/api/digest", {**APP, **ADDS}, {}, "/api/digest/"),
        ("/api/digest/?all=1", APP, {}, "/api/digest"),
        ("/desk/api/digest", {**APP, "next.config.js": "module.exports = { basePath: '/desk', trailingSlash: true };\n"}, {}, "/desk/api/digest/"),
        ("/api/digest", FUNCTION, {"trailingSlash": True}, "/api/digest/"),
        ("/api/digest/", FUNCTION, {"trailingSlash": False}, "/api/digest"),
    ],
    ids=["adds a slash", "takes it away", "below a base", "functions, added", "functions, taken away"],
)
def test_a_redirect_ends_the_job(tmp_path: Path, path: str, files: dict[str, str], more: dict[str, object], instead: str) -> None:
    found = look(tmp_path, _project(path, files, **more))
    assert [(item.fact.why, item.fact.instead, str(item.where)) for item in found] == [("redirected", instead, "vercel.json:1")]


@pytest.mark.parametrize(
    ("path", "files", "more"),
    [
        ("/api/digest/", {**APP, **ADDS}, {}),
        ("/api/digest", APP, {}),
        ("/desk/api/digest", {**APP, "next.config.js": "module.exports = { basePath: '/desk' };\n"}, {}),
        ("/api/digest", {**APP, "next.config.js": "module.exports = { trailingSlash: true, skipTrailingSlashRedirect: true };\n"}, {}),
        ("/api/digest", {**APP, "next.config.js": "module.exports = { trailingSlash: !process.env.BARE };\n"}, {}),
        ("/api/digest/", FUNCTION, {}),
        ("/api/digest/", FUNCTION, {"trailingSlash": True}),
    ],
    ids=["with the slash", "without", "below a base", "both are answered", "it cannot be told", "functions mind none", "functions, with the slash"],
)
def test_the_path_is_answered_as_it_is_called(tmp_path: Path, path: str, files: dict[str, str], more: dict[str, object]) -> None:
    assert look(tmp_path, _project(path, files, **more)) == []


def test_settings_of_another_app_of_the_repository_do_not_count(tmp_path: Path) -> None:
    files = {f"apps/{app}/{name}": text for app in ("web", "docs") for name, text in (ADDS if app == "docs" else APP).items()}
    web = {"apps/web/next.config.js": "module.exports = {};\n", "apps/web/vercel.json": '{"crons": [{"path": "/api/digest", "schedule": "0 6 * * *"}]}'}
    assert look(tmp_path, {**files, **web}) == []
