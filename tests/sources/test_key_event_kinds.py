"""What a Redis is told to send is read of commands, configurations and programs, and laid beside a channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Location
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.key_event_kinds import Told, told


@pytest.mark.parametrize(
    ("name", "text", "letters"),
    [
        ("compose.yaml", "services:\n  r: {command: redis-server --notify-keyspace-events Kx --appendonly yes}\n", ["Kx"]),
        ("compose.yaml", 'services:\n  r: {command: ["redis-server", "--notify-keyspace-events", "Eg$"]}\n', ["Eg$"]),
        ("compose.yaml", "services:\n  r:\n    command:\n      - --notify-keyspace-events\n      - KEA\n", ["KEA"]),
        ("compose.yaml", "services:\n  r:\n    # command: redis-server --notify-keyspace-events Kx\n    image: redis\n", []),
        ("compose.yaml", "services:\n  r: {command: 'redis-server --notify-keyspace-events ${KINDS}'}\n", []),
        ("redis.conf", '#  notify-keyspace-events Elg\nnotify-keyspace-events ""\n', []),
        ("redis.conf", "notify-keyspace-events Ex\n", ["Ex"]),
        ("cache.tf", 'parameter {\n  name  = "notify-keyspace-events"\n  value = "Ex"\n}\n', ["Ex"]),
        ("cache.tf", 'redis_configuration {\n  notify_keyspace_events = "Kx"\n}\n', ["Kx"]),
        ("a.js", "client.config('SET', 'notify-keyspace-events', 'Ex');\n", ["Ex"]),
        ("a.js", "// client.config('SET', 'notify-keyspace-events', 'Ex');\nf();\n", []),
        ("a.js", "client.config('SET', 'notify-keyspace-events', wanted);\n", []),
        ("a.py", "r.config_set('notify-keyspace-events', 'KEA')\n", ["KEA"]),
    ],
)
def test_what_is_said(tmp_path: Path, name: str, text: str, letters: list[str]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [each.letters for each in told(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()))] == letters


@pytest.mark.parametrize(
    ("letters", "channel", "event", "lack"),
    [
        ("Kx", "keyevent", "expired", "E"),
        ("Ex", "keyspace", "cart:*", "K"),
        ("Eg$", "keyevent", "expired", "x"),
        ("Ex", "keyevent", "del", "g"),
        ("EA", "keyevent", "keymiss", "m"),
        ("E", "keyevent", "*", "A"),
        ("Ex", "keyevent", "expired", ""),
        ("KEA", "keyevent", "hset", ""),
        ("Ex", "keyevent", "*", ""),
        ("Ex", "keyevent", "of-a-module", ""),
        ("Kg", "keyspace", "expired", ""),
    ],
)
def test_what_a_channel_lacks(letters: str, channel: str, event: str, lack: str) -> None:
    assert Told(letters, Location("a", 1)).lacks(channel, event) == lack
