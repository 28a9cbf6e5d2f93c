"""What does the Node agent cost, as ratios of agent on to agent off, measured in turn?

    python tests/benchmarks/agent_node.py [--rounds 5] [--node BINARY] [--modules NODE_MODULES] [--with otel=--require=@opentelemetry/auto-instrumentations-node/register ...]

An emit in a loop (ns), the start of a process (CPU ms), and an Express app that answers at once and one that awaits (CPU us a request, over the first 2,000
requests and over 20,000 more, and resident memory). NODE_MODULES is a folder with express, by default tests/node/node_modules. CPU time is user and
system time of the server's process; the minimum of the rounds is taken. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AGENT = ROOT / "callcheck" / "observers" / "node" / "agent.cjs"

EMITS = """
const EventEmitter = require('events'); const { PassThrough } = require('stream');
const e = new EventEmitter(); let n = 0; e.on('x', () => { n += 1; }); const s = new PassThrough(); s.on('pause', () => { n += 1; });
const time = (f, times) => { for (let i = 0; i < 300000; i += 1) f(); const from = process.cpuUsage(); for (let i = 0; i < times; i += 1) f(); const d = process.cpuUsage(from); return ((d.user + d.system) * 1000) / times; };
const out = { 'emit, app (ns)': time(() => e.emit('x', 1), 5e6), 'emit, stream (ns)': time(() => s.emit('pause', 1), 5e6) };
let k = 0; const t = process.cpuUsage(); for (; k < 1000; k += 1) { const o = new EventEmitter(); o.once('done', () => {}); o.emit('done'); } const d = process.cpuUsage(t); out['new, once and emit (us)'] = (d.user + d.system) / k;
console.log(JSON.stringify(out));
"""

SERVER = """
const express = require('express'); const app = express(); const EventEmitter = require('events'); const bus = new EventEmitter(); bus.on('seen', () => {});
app.get('/', (q, r) => r.send('hello')); app.get('/async', async (q, r) => { await null; await new Promise(setImmediate); r.send('hello'); });
app.get('/bus', (q, r) => { bus.emit('seen', 1); r.send('hello'); });
app.get('/usage', (q, r) => r.json({ ...process.cpuUsage(), rss: process.memoryUsage().rss }));
const s = app.listen(0, '127.0.0.1', () => process.send(s.address().port)); process.on('message', () => process.exit(0));
"""

DRIVER = """
const http = require('http'); const { fork } = require('child_process'); const [, , server, path, options, recording] = process.argv;
const env = { ...process.env }; if (options) { env.NODE_OPTIONS = options; env.CALLCHECK_RECORDING = recording; }
const child = fork(server, [], { env }); const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
child.once('message', async (port) => {
  const get = (p) => new Promise((f, no) => http.get({ port, path: p, agent }, (a) => { let t = ''; a.on('data', (d) => { t += d; }); a.on('end', () => f(t)); }).on('error', no));
  const many = async (n) => { let left = n; await Promise.all(Array.from({ length: 8 }, async () => { while (left > 0) { left -= 1; await get(path); } })); };
  const usage = async () => JSON.parse(await get('/usage')); const us = (a, b) => b.user + b.system - a.user - a.system;
  const a = await usage(); await many(2000); const b = await usage(); await many(4000); await new Promise((f) => setTimeout(f, 1100)); const c = await usage(); await many(20000); const d = await usage();
  console.log(JSON.stringify({ [path + ' first 2,000 (us)']: us(a, b) / 2000, [path + ' after 6,000 (us)']: us(c, d) / 20000, [path + ' memory (MB)']: d.rss / 2 ** 20 })); child.send('end'); agent.destroy();
});
"""


def _measure(node: str, folder: Path, options: str) -> dict[str, float]:
    recording = folder / "recording"
    shutil.rmtree(recording, ignore_errors=True)
    recording.mkdir()
    bare = {key: value for key, value in os.environ.items() if key not in ("NODE_OPTIONS", "CALLCHECK_RECORDING")}
    observed = {**bare, "NODE_OPTIONS": options, "CALLCHECK_RECORDING": str(recording)} if options else bare
    found: dict[str, float] = json.loads(subprocess.check_output([node, "emits.js"], cwd=folder, env=observed))
    before = os.times()
    for _ in range(5):
        subprocess.run([node, "-e", "0"], cwd=folder, env=observed, check=True)
    after = os.times()
    found["start (ms)"] = (after.children_user + after.children_system - before.children_user - before.children_system) * 200
    for path in ("/", "/async", "/bus"):
        found |= json.loads(subprocess.check_output([node, "driver.js", "server.js", path, options, str(recording)], cwd=folder, env=bare))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--node", default=shutil.which("node"))
    parser.add_argument("--modules", type=Path, default=ROOT / "tests" / "node" / "node_modules")
    parser.add_argument("--with", dest="others", action="append", default=[], help="NAME=NODE_OPTIONS of something else to measure beside it")
    given = parser.parse_args()
    ways = {"off": "", "on": f'--require "{AGENT}"', **dict(other.split("=", 1) for other in given.others)}
    best: dict[str, dict[str, float]] = {way: {} for way in ways}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, code in {"emits.js": EMITS, "server.js": SERVER, "driver.js": DRIVER}.items():
            (folder / file).write_text(code)
        (folder / "node_modules").symlink_to(given.modules.resolve())
        for _ in range(given.rounds):
            for way, options in ways.items():
                for what, figure in _measure(given.node, folder, options).items():
                    best[way][what] = min(figure, best[way].get(what, figure))
            sys.stderr.write(".")
            sys.stderr.flush()
    sys.stderr.write("\n")
    print(f"{'':28}" + "".join(f"{way:>20}" for way in ways))
    for what, off in best["off"].items():
        print(f"{what:28}" + "".join(f"{best[way][what]:12.1f} {best[way][what] / off:6.2f}x" for way in ways))


if __name__ == "__main__":
    main()
