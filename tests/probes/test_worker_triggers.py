"""Is it told which handlers of a Worker its platform never calls, in which environment?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.starting import TriggerOff
from callcheck.probes.worker_triggers import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
TOP = 'name = "w"\nmain = "src/index.ts"\n'
TIMED = "export default {\n  async fetch(r) { return new Response(); },\n  async scheduled(event, env, ctx) { ctx.waitUntil(go()); },\n};\n"
QUEUE = "export default {\n  async queue(batch, env) { for (const m of batch.messages) m.ack(); },\n};\n"
ENDS = '[[queues.producers]]\nqueue = "u-dev"\nbinding = "U"\n[[queues.consumers]]\nqueue = "u-dev"\n'
PRODUCTION = '[env.production]\nroutes = []\n[[env.production.queues.producers]]\nqueue = "u"\nbinding = "U"\n'
TAKES = '[[env.production.queues.consumers]]\nqueue = "u"\n'
JSON = '{"main": "src/index.ts",\n "queues": {"consumers": [{"queue": "u-dev"}]},\n "env": {\n  "production": {"queues": {"producers": [{"queue": "u", "binding": "U"}]}}}}\n'


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.name} {item.fact.trigger} @{item.where}" for item in look(tmp_path, files) if isinstance(item.fact, TriggerOff)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"wrangler.toml": TOP, "src/index.ts": TIMED}, "scheduled timer @src/index.ts:3"),
        ({"wrangler.toml": TOP + '[[queues.producers]]\nqueue = "u"\n', "src/index.ts": QUEUE}, "queue pubsub @src/index.ts:2"),
        ({"wrangler.toml": TOP, "src/index.ts": "export default { fetch: app.fetch, queue: take };\n"}, "queue pubsub @src/index.ts:1"),
        ({"wrangler.toml": TOP, "src/index.ts": "const worker = {\n  fetch,\n  queue,\n};\nexport default worker;\n"}, "queue pubsub @src/index.ts:3"),
        ({"wrangler.toml": TOP, "src/index.ts": "export default class extends WorkerEntrypoint {\n  async queue(batch) {}\n}\n"}, "queue pubsub @src/index.ts:2"),
        ({"wrangler.toml": TOP + ENDS + PRODUCTION, "src/index.ts": QUEUE}, "queue pubsub @wrangler.toml:11"),
        ({"wrangler.toml": TOP + ENDS + "[env.production]\nroutes = []\n", "src/index.ts": QUEUE}, "queue pubsub @wrangler.toml:8"),
        ({"wrangler.jsonc": JSON, "src/index.ts": QUEUE}, "queue pubsub @wrangler.jsonc:4"),
    ],
)
def test_it_is_never_called(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"wrangler.toml": TOP + '[triggers]\ncrons = ["0 6 * * *"]\n[env.production]\nroutes = []\n', "src/index.ts": TIMED},
        {"wrangler.toml": TOP + '[[queues.consumers]]\nqueue = "u"\n', "src/index.ts": QUEUE},
        {"wrangler.toml": TOP + ENDS + PRODUCTION + TAKES, "src/index.ts": QUEUE},
        {"wrangler.toml": TOP + ENDS + PRODUCTION.replace("production", "dev"), "src/index.ts": QUEUE},
        {"wrangler.toml": TOP + ENDS + PRODUCTION.replace("production", "edge"), "src/index.ts": QUEUE},
        {"wrangler.toml": TOP + ENDS + PRODUCTION, "src/index.ts": QUEUE, "worker/wrangler.toml": 'main = "i.ts"\n[[queues.consumers]]\nqueue = "u"\n'},
        {"wrangler.toml": TOP + ENDS + "[env.staging]\nroutes = []\n", "src/index.ts": QUEUE},
        {"wrangler.toml": TOP, "src/index.ts": "export default {\n  async fetch(r, env) { await env.U.send({ queue: 'x' }); return go({ queue }); },\n};\n"},
    ],
)
def test_it_is_called_or_is_not_to_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
