"""A unit that is stopped at times, and subscribes to what nobody keeps."""

from __future__ import annotations

import pytest

from callcheck import pipeline
from callcheck.model.target import Target

SUBSCRIBER = "import { connect } from 'nats';\nconst nc = await connect();\nconst sub = nc.subscribe('rent.booked', { queue: 'mailers' });\nfor await (const m of sub) send(m);\n"
PUBLISHER = "import { connect } from 'nats';\nconst nc = await connect();\nexport const booked = (b) => nc.publish('rent.booked', b);\nbooked({});\n"
UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\nspec: {template: {spec: {containers: [{name: a, image: rent, command: [node, %s/dist/main.js]}]}}}\n---\n"
SCALER = "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: s}\nspec:\n  scaleTargetRef: {name: %s}\n  minReplicaCount: %d\n  triggers: [{type: cron, metadata: {start: 0 7 * * *}}]\n"


def _report(tmp_path, subscriber: str = SUBSCRIBER, scaled: str = "mailer", low: int = 0) -> list[str]:
    files = {
        "mailer/src/main.ts": subscriber,
        "api/src/main.ts": PUBLISHER,
        "package.json": '{"name": "rent", "type": "module", "dependencies": {"nats": "2.28.2"}}',
        "k8s.yaml": UNIT % ("mailer", "mailer") + UNIT % ("api", "api") + SCALER % (scaled, low),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    report = pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report
    return [f"{d.rule.cause} {d.grounds[0].fact.kind}" for d in report.diagnoses if d.confidence >= 0.5]


def test_the_subscriber_sleeps(tmp_path) -> None:
    assert _report(tmp_path) == ["lossy-pubsub subscriber.asleep"]


@pytest.mark.parametrize(
    "other",
    [
        {"low": 1},
        {"scaled": "api"},
        {"subscriber": SUBSCRIBER.replace("nc.subscribe('rent.booked', { queue: 'mailers' })", "await nc.jetstream().consumers.get('RENT', 'mailers')")},
    ],
)
def test_it_stays_awake_or_its_messages_are_kept(tmp_path, other) -> None:
    assert "lossy-pubsub subscriber.asleep" not in _report(tmp_path, **other)


CRON = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: mailer}\nspec: {schedule: 0 7 * * *, jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: rent, command: [node, mailer/dist/main.js]}]}}}}}\n---\n"


@pytest.mark.parametrize(("publisher", "lost"), [("api", True), ("mailer", False), ("api, of another subject", False)], ids=["another unit publishes", "it asks and hears the answer itself", "the other one publishes something else"])
def test_the_subscriber_runs_at_its_time_alone(tmp_path, publisher: str, lost: bool) -> None:
    sent = PUBLISHER.replace("rent.booked", "rent.paid") if "another" in publisher else PUBLISHER
    files = {
        "mailer/src/main.ts": SUBSCRIBER if publisher != "mailer" else SUBSCRIBER + "nc.publish('rent.booked', 'x');\n",
        "api/src/main.ts": sent if publisher != "mailer" else "import express from 'express';\nexpress().listen(80);\n",
        "package.json": '{"name": "rent", "type": "module", "dependencies": {"nats": "2.28.2", "express": "4"}}',
        "k8s.yaml": CRON + UNIT % ("api", "api"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    report = pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report
    assert [(item.fact.event, item.fact.service) for item in report.ledger.of("subscriber.asleep")] == ([("rent.booked", "mailer")] if lost else [])


def test_the_only_unit_of_the_app_sleeps(tmp_path) -> None:
    files = {
        "listen.py": "import redis\np = redis.Redis().pubsub()\np.subscribe('orders')\nfor m in p.listen():\n    print(m)\n",
        "publish.py": "import redis\nredis.Redis().publish('orders', '1')\n",
        "requirements.txt": "redis==5.2.1\n",
        "k8s.yaml": UNIT.replace("node, %s/dist/main.js", "python, listen.py") % "listen" + SCALER % ("listen", 0),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    report = pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report
    assert [item.fact.service for item in report.ledger.of("subscriber.asleep")] == ["listen"]


REPLACED = UNIT.replace("spec: {template", "spec: {strategy: {type: Recreate}, template")
STORES = SUBSCRIBER.replace("send(m)", "await db.collection('rents').insertOne(m.json())")


@pytest.mark.parametrize(
    ("subscriber", "publisher", "unit", "lost"),
    [(STORES, PUBLISHER, REPLACED, True), (SUBSCRIBER.replace("send(m)", "cache.delete(m.json())"), PUBLISHER, REPLACED, False), (STORES, "console.log('nothing')\n", REPLACED, False), (STORES, PUBLISHER, UNIT, False)],
    ids=["what comes is stored", "what comes only empties a cache", "nobody else publishes", "the next one is there first"],
)
def test_the_subscriber_is_away_at_each_rollout(tmp_path, subscriber: str, publisher: str, unit: str, lost: bool) -> None:
    files = {
        "mailer/src/main.ts": subscriber if "publish" in publisher else subscriber + "nc.publish('rent.booked', 'x');\n",
        "api/src/main.ts": publisher,
        "package.json": '{"name": "rent", "type": "module", "dependencies": {"nats": "2.28.2", "mongodb": "6"}}',
        "k8s.yaml": unit % ("mailer", "mailer") + UNIT % ("api", "api"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    report = pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report
    assert any(d.rule.cause == "lossy-pubsub" and d.confidence >= 0.5 for d in report.diagnoses) is lost
