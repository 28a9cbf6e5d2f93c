"""Is the Node agent the same under every Node.js that is here, and the app as without it?"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.observers.node.observed import NODE, environ, facts_in, needs_node

pytestmark = needs_node

NODES = [*filter(None, [NODE, *os.environ.get("CALLCHECK_TEST_NODES", "").split(os.pathsep)])]
"""The installed Node, and those that CALLCHECK_TEST_NODES names, as .ci/run does."""

_APP = """
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { fork } from 'node:child_process';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
const here = fileURLToPath(import.meta.url);
const bus = new EventEmitter();
const heard = (value) => console.log('heard', value);
if (!isMainThread) {
  bus.on('worker', heard); bus.emit('worker', 'w'); parentPort.postMessage('over');
} else if (process.argv[2] === 'child') {
  bus.emit('child'); process.exit(0);
} else {
  bus.on('done', heard); bus.once('done', heard); bus.emit('done', 1); bus.emit('done', 2); bus.off('done', heard); bus.emit('nobody');
  bus.on('bad', () => { throw new RangeError('boom'); });
  try { bus.emit('bad'); } catch (error) { console.log(error.message); }
  const target = new EventTarget(); target.addEventListener('told', () => console.log('told')); target.dispatchEvent(new Event('told'));
  const server = http.createServer((request, response) => { bus.emit('asked'); response.end('ok'); });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/x?secret`;
  console.log(await (await fetch(url, { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } })).text());
  await new Promise((resolve) => http.get(url, (answer) => answer.resume().on('end', resolve)));
  server.close(); server.closeAllConnections();
  await once(fork(here, ['child']), 'exit');
  const worker = new Worker(here); await once(worker, 'exit');
  bus.on('later', async () => { throw new TypeError('late'); });
  process.on('unhandledRejection', (error) => { console.log('unhandled', error.message); process.exitCode = 3; });
  bus.emit('later');
}
"""


@pytest.mark.parametrize("program", NODES)
def test_the_same_is_told_and_the_app_ends_alike(tmp_path: Path, program: str) -> None:
    (tmp_path / "app.mjs").write_text(_APP)
    recording = tmp_path / "recording"
    recording.mkdir()
    observed = environ(recording)
    bare = {key: value for key, value in observed.items() if key not in ("NODE_OPTIONS", "CALLCHECK_RECORDING")}
    without, seen = (subprocess.run([program, "app.mjs"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60) for env in (bare, observed))
    assert (seen.returncode, seen.stdout, seen.stderr) == (without.returncode, without.stdout, without.stderr)
    assert (seen.returncode, sorted(seen.stdout.splitlines())) == (3, sorted(["heard 1", "heard 1", "heard 2", "boom", "told", "ok", "heard w", "unhandled late"]))
    facts = facts_in(recording)
    told: dict[str, list[object]] = {}
    for fact in facts:
        told.setdefault(str(fact["fact"]), []).append(fact.get("messaging.destination.name") or fact.get("error.type") or fact.get("client") or fact.get("url.path"))
    assert {(fact["process.parent_pid"] == fact["process.pid"], fact["thread.id"] > 0) for fact in facts if fact["fact"] == "process.started"} == {(False, False), (False, True)}
    assert len(told["process.started"]) == 3
    mine = [fact["messaging.destination.name"] for fact in facts if fact["fact"] == "event.emitted" and str(fact.get("code.file.path", "")).endswith("app.mjs")]
    assert sorted(map(str, mine)) == ["asked", "asked", "bad", "child", "done", "done", "later", "nobody", "told", "worker"]
    assert (told["handler.threw"], told["handler.rejected"], told["process.unhandled_rejection"]) == (["RangeError"], ["TypeError"], ["TypeError"])
    assert (told["request.started"], sorted(map(str, told["upstream.started"]))) == (["/x", "/x"], ["fetch", "http"])
    assert [fact.get("trace_id") for fact in facts if fact.get("messaging.destination.name") == "asked" and fact["fact"] == "event.emitted"] == ["a" * 32, None]
