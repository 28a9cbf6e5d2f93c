"""A channel of key events is told of where no client keeps keys in its database, and not where one does, or where that is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.probes.key_events import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

NODE = "import {{ createClient }} from 'redis';\nconst client = createClient({made});\nclient.set('a', 1);\nconst sub = client.duplicate();\nsub.subscribe({channel}, f);\n"
PY = "import redis\nclient = redis.Redis({made})\nclient.set('a', 1)\nsub = client.pubsub()\nsub.psubscribe({channel})\n"


def places(folder: Path, files: dict[str, str]) -> list[str]:
    return [f"{each.where} {each.because[0].where}" for each in look(folder, files) if not isinstance(each, Lost)]


@pytest.mark.parametrize(
    ("made", "channel", "told"),
    [
        ("{ database: 3 }", "'__keyevent@0__:expired'", True),
        ("{ database: 3 }", "'__keyspace@0__:hold:*'", True),
        ("", "'__keyevent@1__:expired'", True),
        ("{ database: 3 }", "'__keyevent@3__:expired'", False),
        ("{ database: 3 }", "'__keyevent@*__:expired'", False),
        ("{ database: 3 }", "`__keyevent@${n}__:expired`", False),
        ("{ database: 3 }", "'orders'", False),
        ("{ database: n }", "'__keyevent@0__:expired'", False),
        ("", "'__keyevent@0__:expired'", False),
    ],
)
def test_a_channel_of_another_database(tmp_path: Path, made: str, channel: str, told: bool) -> None:
    assert places(tmp_path, {"a.mjs": NODE.format(made=made, channel=channel), "package.json": '{"type": "module"}'}) == (["a.mjs:5 a.mjs:2"] if told else [])


@pytest.mark.parametrize(("made", "channel", "told"), [("db=2", "'__keyevent@0__:expired'", True), ("db=2", "'__keyevent@2__:*'", False), ("", "'__keyevent@0__:expired'", False)])
def test_the_same_of_python(tmp_path: Path, made: str, channel: str, told: bool) -> None:
    assert places(tmp_path, {"a.py": PY.format(made=made, channel=channel)}) == (["a.py:5 a.py:2"] if told else [])


def test_one_of_several_databases_that_keys_are_kept_in(tmp_path: Path) -> None:
    more = "const other = createClient();\nother.set('b', 1);\n"
    assert places(tmp_path, {"a.mjs": NODE.format(made="{ database: 3 }", channel="'__keyevent@0__:expired'") + more, "package.json": '{"type": "module"}'}) == []


@pytest.mark.parametrize(
    ("commands", "told"),
    [(["Kx"], ["emission-bypassed"]), (["Ex"], []), (["Kx", "Ex"], []), (["Kx", "${KINDS}"], [])],
)
def test_a_server_that_is_told_to_send_other_events(tmp_path: Path, commands: list[str], told: list[str]) -> None:
    services = "".join(f"  r{n}: {{image: redis, command: 'redis-server --notify-keyspace-events {each}'}}\n" for n, each in enumerate(commands))
    code = NODE.format(made="", channel="'__keyevent@0__:expired'")
    found = look(tmp_path, {"a.mjs": code, "package.json": '{"type": "module"}', "compose.yaml": f"services:\n{services}"})
    assert [each.fact.effect for each in found] == told
