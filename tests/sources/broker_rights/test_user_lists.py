"""What users may hear is read off the lists of Redis, NATS and RabbitMQ; a user who may hear all is not listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.broker_rights.user_lists import listed


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"users.acl": "user app on >x ~app:* &app:* &all +@all\n"}, [("app", "redis", ["app:*", "all"], "users.acl:1")]),
        ({"users.acl": "user default off\nuser app on >x ~* +@all\n"}, [("app", "redis", [], "users.acl:2")]),
        ({"users.acl": "user app on >x ~* allchannels +@all\n"}, []),
        ({"redis.conf": "acl-pubsub-default allchannels\nuser app on >x ~* +@all\n"}, []),
        ({"users.acl": "user app on >x ~* +@all\n", "compose.yaml": "services: {r: {image: redis:6.2}}\n"}, []),
        ({"nats.conf": "users = [\n  {user: a, permissions: {subscribe: \"x.>\"}}\n  {user: b, permissions: {\n    subscribe: {allow: [\"y\", \"z.*\"]}\n  }}\n]\n"}, [("a", "nats", ["x.>"], "nats.conf:2"), ("b", "nats", ["y", "z.*"], "nats.conf:4")]),
        ({"nats.conf": "users = [{user: a, permissions: {publish: [\"x\"]}}, {user: b, permissions: {subscribe: {deny: [\"y\"]}}}]\n"}, []),
        ({"definitions.json": '{"permissions": [\n  {"user": "app", "vhost": "/", "read": "^app"}\n]}'}, [("app", "amqp-queue", ["^app"], "definitions.json:2")]),
        ({"definitions.json": '{"permissions": [{"user": "app", "vhost": "/", "read": "^app"}, {"user": "app", "vhost": "two", "read": ".*"}]}'}, []),
    ],
)
def test_the_lists(tmp_path: Path, files: dict[str, str], told: list[tuple[str, str, list[str], str]]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = listed(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()))
    assert [(each.user, each.kind, each.reads, str(each.where)) for each in found] == told
