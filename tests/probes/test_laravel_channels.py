"""Channels that Laravel sends under a prefix are stated where somebody listens to them without it, and are not where the prefix is known there or is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.probes.laravel_channels import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
DATABASE = "<?php\nreturn ['redis' => [\n    'options' => [\n        'cluster' => 'redis',\n        'prefix' => {},\n    ],\n]];\n"
BY_VARIABLE = "env('REDIS_PREFIX', Str::slug(env('APP_NAME', 'laravel'), '_').'_database_')"
PUBLISHES = "<?php\nclass A { function b() { Redis::publish('orders', $text); } }\n"
LISTENS = "import Redis from 'ioredis';\nconst sub = new Redis();\nsub.subscribe('orders');\n"


def _stated(folder: Path, prefix: str, **more: str) -> list[tuple[str, str]]:
    files = {"config/database.php": DATABASE.format(prefix), "app/A.php": PUBLISHES, "live.js": LISTENS, "package.json": '{"dependencies": {"ioredis": "5.4.1"}}', **more}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    eyes = Eyes(Target(base=folder, folders=(folder,)), KNOWN)
    return [(item.fact.event, item.fact.near) for item in PROBE.look(eyes.target, eyes)]


@pytest.mark.parametrize(
    ("prefix", "environment", "sent"),
    [
        (BY_VARIABLE, "", "laravel_database_orders"),
        (BY_VARIABLE, "APP_NAME='Tea Shop'\n", "tea_shop_database_orders"),
        (BY_VARIABLE, "REDIS_PREFIX=tea:\n", "tea:orders"),
        ("'tea.'", "", "tea.orders"),
        ("Str::slug((string) env('APP_NAME', 'laravel')).'-database-'", "APP_NAME=Tea Shop\n", "tea-shop-database-orders"),
    ],
)
def test_the_prefix_is_worked_out_as_laravel_does(tmp_path: Path, prefix: str, environment: str, sent: str) -> None:
    assert _stated(tmp_path, prefix, **{".env": environment}) == [("orders", sent)]


@pytest.mark.parametrize(("prefix", "environment"), [("''", ""), (BY_VARIABLE, "REDIS_PREFIX=\n"), (BY_VARIABLE, "REDIS_PREFIX=${STAGE}_\n"), ("$prefix", "")])
def test_no_prefix_and_one_that_is_computed_are_left_alone(tmp_path: Path, prefix: str, environment: str) -> None:
    assert _stated(tmp_path, prefix, **{".env": environment}) == []


def test_who_listens_under_another_name_or_knows_of_a_prefix_is_left_alone(tmp_path: Path) -> None:
    assert _stated(tmp_path / "other", "'tea.'", **{"live.js": LISTENS.replace("orders", "prices")}) == []
    assert _stated(tmp_path / "knows", "'tea.'", **{"live.js": LISTENS.replace("new Redis()", "new Redis({ keyPrefix: 'tea.' })")}) == []


def test_an_event_is_sent_by_redis_only_if_it_is_broadcast_there(tmp_path: Path) -> None:
    event = "<?php\nclass Told implements ShouldBroadcast { function broadcastOn() { return new PrivateChannel('orders.'.$this->id); } }\n"
    page = LISTENS.replace("subscribe('orders')", "psubscribe('private-orders.*')")
    said = {driver: _stated(tmp_path / driver, "'tea.'", **{"app/A.php": event, "live.js": page, ".env": f"BROADCAST_CONNECTION={driver}\n"}) for driver in ("redis", "pusher")}
    assert said == {"redis": [("private-orders.*", "tea.private-orders.*")], "pusher": []}
