"""LISTEN through a pooler that gives the connection away is told, and not where the address is the database's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.poolers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

WATCH = {
    "package.json": '{"dependencies": {"pg": "8.13.0"}}',
    "watch.js": 'const { Client } = require("pg");\nconst db = new Client({ connectionString: process.env.EVENTS_DB });\ndb.connect();\ndb.on("notification", (m) => run(m));\ndb.query("LISTEN parcels");\n',
}
SERVICES = 'services:\n  watch: {build: ., command: node watch.js, environment: {EVENTS_DB: "%s"}}\n'
BOUNCER = "  pgbouncer: {image: edoburu/pgbouncer, environment: {POOL_MODE: %s}}\n"
MOUNTED = '  front:\n    image: edoburu/pgbouncer\n    volumes: ["./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini"]\n'
INI = "[databases]\napp = host=db\nlive = host=db pool_mode = session\n[pgbouncer]\nlisten_port = 6000\npool_mode = transaction\n"


POOLER = "apiVersion: postgresql.cnpg.io/v1\nkind: Pooler\nmetadata: {name: hall-rw}\nspec:\n  type: rw\n  pgbouncer:\n    poolMode: %s\n"
ZALANDO = "apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: {name: hall}\nspec:\n  enableConnectionPooler: true\n%s"
PGCAT = "[general]\nhost = \"0.0.0.0\"\nport = 6433\n\n[pools.app]\npool_mode = \"%s\"\n"
ODYSSEY = "listen {\n  host \"*\"\n  port 6544\n}\ndatabase default {\n  user default {\n    pool \"%s\"\n  }\n}\n"


def said(tmp_path: Path, address: str, more: str = "", ini: str = "") -> list[str]:
    files = {**WATCH, "compose.yaml": SERVICES % address + more, **({"pgbouncer.ini": ini} if ini else {})}
    return [" ".join(map(str, (item.where, item.fact.method, *(each.where for each in item.because)))) for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("address", "more", "ini", "told"),
    [
        ("postgres://app@pgbouncer:6432/app", BOUNCER % "transaction", "", "compose.yaml:2 compose.yaml:3"),
        ("postgres://app@pgbouncer:6432/app", BOUNCER % "statement", "", "compose.yaml:2 compose.yaml:3"),
        ("postgres://app@front:6000/app", MOUNTED, INI, "compose.yaml:2 pgbouncer.ini:6"),
        ("postgres://app@ep-calm-sea-pooler.eu-central-1.aws.neon.tech/app", "", "", "compose.yaml:2"),
        ("postgres://app@aws-0-eu.pooler.supabase.com:6543/postgres", "", "", "compose.yaml:2"),
    ],
    ids=["by its variable", "each statement", "by a mounted file", "Neon", "Supabase"],
)
def test_the_address_leads_to_a_pooler(tmp_path: Path, address: str, more: str, ini: str, told: str) -> None:
    assert said(tmp_path, address, more, ini) == [f"watch.js:5 EVENTS_DB {told}"]


@pytest.mark.parametrize(
    ("address", "more", "ini"),
    [
        ("postgres://app@db:5432/app", BOUNCER % "transaction", ""),
        ("postgres://app@pgbouncer:6432/app", BOUNCER % "session", ""),
        ("postgres://app@front:6000/live", MOUNTED, INI),
        ("postgres://app@ep-calm-sea.eu-central-1.aws.neon.tech/app", "", ""),
        ("postgres://app@aws-0-eu.pooler.supabase.com:5432/postgres", "", ""),
        ("${EVENTS_DB}", BOUNCER % "transaction", ""),
    ],
    ids=["the database itself", "sessions are kept", "kept for this database", "Neon itself", "Supabase, for sessions", "not written out"],
)
def test_the_connection_is_kept_or_it_cannot_be_told(tmp_path: Path, address: str, more: str, ini: str) -> None:
    assert said(tmp_path, address, more, ini) == []


def test_who_only_asks_may_go_through_a_pooler(tmp_path: Path) -> None:
    asks = {**WATCH, "watch.js": WATCH["watch.js"].replace("LISTEN parcels", "SELECT 1"), "compose.yaml": SERVICES % "postgres://app@pgbouncer:6432/app" + BOUNCER % "transaction"}
    assert look(tmp_path, asks) == []


@pytest.mark.parametrize(
    ("address", "name", "text", "line"),
    [
        ("postgres://app@hall-rw:5432/app", "db.yaml", POOLER % "transaction", "db.yaml:7"),
        ("postgres://app@hall-rw.data.svc:5432/app", "db.yaml", POOLER % "transaction", "db.yaml:7"),
        ("postgres://app@hall-pooler/app", "db.yaml", ZALANDO % "", "db.yaml:5"),
        ("postgres://app@front:6433/app", "pgcat.toml", PGCAT % "transaction", "pgcat.toml:6"),
        ("postgres://app@front:6544/app", "odyssey.conf", ODYSSEY % "transaction", "odyssey.conf:7"),
        ("postgres://app@hall.postgres.database.azure.com:6432/app", "main.tf", "# nothing of it\n", ""),
    ],
    ids=["CloudNativePG", "by its full name", "Zalando's operator", "PgCat", "Odyssey", "Azure"],
)
def test_other_poolers(tmp_path: Path, address: str, name: str, text: str, line: str) -> None:
    found = look(tmp_path, {**WATCH, "compose.yaml": SERVICES % address, name: text})
    assert [str(each.where) for item in found for each in item.because] == [*(["compose.yaml:2"]), *([line] if line else [])]


@pytest.mark.parametrize(
    ("address", "name", "text"),
    [
        ("postgres://app@hall-rw:5432/app", "db.yaml", POOLER % "session"),
        ("postgres://app@hall-pooler/app", "db.yaml", ZALANDO % "  connectionPooler: {mode: session}\n"),
        ("postgres://app@front:6433/app", "pgcat.toml", PGCAT % "session"),
        ("postgres://app@front:6544/app", "odyssey.conf", ODYSSEY % "session"),
        ("postgres://app@hall.postgres.database.azure.com:5432/app", "main.tf", "# nothing of it\n"),
        ("postgres://app@hall.postgres.database.azure.com:6432/app", "main.tf", 'name = "pgbouncer.pool_mode"\nvalue = "session"\n'),
    ],
    ids=["CloudNativePG", "Zalando's operator", "PgCat", "Odyssey", "Azure's own port", "Azure, for sessions"],
)
def test_other_poolers_that_keep_it(tmp_path: Path, address: str, name: str, text: str) -> None:
    assert look(tmp_path, {**WATCH, "compose.yaml": SERVICES % address, name: text}) == []


def test_what_the_pooler_itself_is_told_is_no_address_of_the_app(tmp_path: Path) -> None:
    own = '  pgbouncer: {image: edoburu/pgbouncer, environment: {POOL_MODE: transaction, EVENTS_DB: "postgres://db:5432/app"}}\n'
    assert [str(item.where) for item in look(tmp_path, {**WATCH, "compose.yaml": SERVICES % "postgres://pgbouncer:6432/app" + own})] == ["watch.js:5"]
