"""A unit that takes what another hands off, and is stopped until a request comes."""

from __future__ import annotations

import pytest

from callcheck import pipeline
from callcheck.model.facts.work import TakerAsleep
from callcheck.model.target import Target

SITE = "import PgBoss from 'pg-boss';\nconst boss = new PgBoss(process.env.DATABASE_URL);\nawait boss.start();\nexport const print = (id) => boss.send('print', { id });\nprint(1);\n"
PRINTER = "import PgBoss from 'pg-boss';\nconst boss = new PgBoss(process.env.DATABASE_URL);\nawait boss.start();\nawait boss.work('print', async ([job]) => console.log(job.id));\n"
FLY = '[processes]\nsite = "node site.js"\n%s = "node printer.js"\n[http_service]\ninternal_port = 80\nauto_stop_machines = "suspend"\nprocesses = [%s]\n'


def _asleep(tmp_path, *, site: str = SITE, printer: str = PRINTER, name: str = "printer", attached: str = '"site", "printer"') -> list[TakerAsleep]:
    files = {"site.js": site, "printer.js": printer, "package.json": '{"type": "module", "dependencies": {"pg-boss": "10.1.5"}}', "fly.toml": FLY % (name, attached)}
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    report = pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report
    return [e.fact for e in report.ledger.of(TakerAsleep) if isinstance(e.fact, TakerAsleep)]


def test_the_unit_the_queue_and_who_sends_are_stated(tmp_path) -> None:
    assert _asleep(tmp_path) == [TakerAsleep("print", "pg-boss", "printer", "site", "fly", "javascript")]


def test_whoever_sends_may_be_of_another_project(tmp_path) -> None:
    assert _asleep(tmp_path, site="console.log(1);\n") == [TakerAsleep("print", "pg-boss", "printer", "somebody outside", "fly", "javascript")]


@pytest.mark.parametrize(
    "other",
    [
        {"attached": '"site"'},
        {"name": "web", "attached": '"site", "web"'},
        {"site": SITE.replace("'print'", "'mail'")},
        {"site": "console.log(1)", "printer": PRINTER + "boss.send('print', {});\n"},
    ],
    ids=["it is not stopped", "requests come to it", "another queue", "it hands its work to itself"],
)
def test_nothing_is_stated_otherwise(tmp_path, other) -> None:
    assert _asleep(tmp_path, **other) == []
