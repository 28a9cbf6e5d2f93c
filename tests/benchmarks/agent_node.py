"""What does the Node agent cost, as ratios of agent on to agent off, measured in turn?

    python tests/benchmarks/agent_node.py [--rounds 5] [--node BINARY] [--modules NODE_MODULES] [--requests] [--opentelemetry] [--with NAME=NODE_OPTIONS ...]

An emit in a loop (ns), the start of a process (CPU ms), and an Express app that answers at once, one that awaits and one that emits (CPU us a request, over
the first 2,000 requests and, after 8,000, over 40 times 500 in turn, and resident memory). NODE_MODULES is a folder with express, by default
tests/node/node_modules. `--opentelemetry` installs OpenTelemetry's automatic instrumentation with npm and measures it in the same rounds. CPU time is user and
system time of the server's process. The minimum of the rounds is taken, but for what the later requests cost: there each turn of one server is compared with
the turn of the bare one right beside it, and the ratio is the median of those of all turns of all rounds, since what else the machine does comes and goes
within a round. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.tools import telemetry  # noqa: E402

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
const http = require('http'); const { fork } = require('child_process'); const [, , server, path, given] = process.argv; const ways = JSON.parse(given);
const us = (a, b) => b.user + b.system - a.user - a.system;
async function start({ name, options, recording }) {
  const env = options ? { ...process.env, NODE_OPTIONS: options, CALLCHECK_RECORDING: recording } : process.env;
  const child = fork(server, [], { env }); const agent = new http.Agent({ keepAlive: true, maxSockets: 8 }); const port = await new Promise((f) => child.once('message', f));
  const get = (p) => new Promise((f, no) => http.get({ port, path: p, agent }, (a) => { let t = ''; a.on('data', (d) => { t += d; }); a.on('end', () => f(t)); }).on('error', no));
  const usage = async () => JSON.parse(await get('/usage')); const many = async (n) => { let left = n; await Promise.all(Array.from({ length: 8 }, async () => { while (left > 0) { left -= 1; await get(path); } })); };
  const cost = async (n) => { const a = await usage(); await many(n); const b = await usage(); return us(a, b) / n; };
  return { name, usage, many, cost, end: () => { child.send('end'); agent.destroy(); } };
}
// All servers stand side by side and get their requests in turn, so that what else the machine does weighs on all alike.
(async () => {
  const servers = []; const found = {}; for (const way of ways) servers.push(await start(way));
  for (const one of servers) found[one.name] = { [path + ' first 2,000 (us)']: [await one.cost(2000)] };
  for (const one of servers) await one.many(6000);
  await new Promise((f) => setTimeout(f, 1100));
  const turns = servers.map(() => []); const order = [...servers.entries()];
  for (let i = 0; i < 40; i += 1) { for (const [at, one] of order) turns[at].push(await one.cost(500)); order.reverse(); }
  for (const [at, one] of servers.entries()) {
    Object.assign(found[one.name], { [path + ' then (us)']: turns[at], [path + ' memory (MB)']: [(await one.usage()).rss / 2 ** 20] }); one.end();
  }
  console.log(JSON.stringify(found));
})();
"""


TURNS = "then (us)"  # how the name of what is measured in turns ends
Figures = dict[str, list[float]]  # what is measured -> a figure for each round or turn


def _bare() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in ("NODE_OPTIONS", "CALLCHECK_RECORDING")}


def _recording(folder: Path, way: str) -> Path:
    """A new folder to record in."""
    recording = folder / "recordings" / way
    shutil.rmtree(recording, ignore_errors=True)
    recording.mkdir(parents=True)
    return recording


def _alone(node: str, folder: Path, way: str, options: str) -> Figures:
    """What an emit and a start cost."""
    observed = {**_bare(), "NODE_OPTIONS": options, "CALLCHECK_RECORDING": str(_recording(folder, way))} if options else _bare()
    told: dict[str, float] = json.loads(subprocess.check_output([node, "emits.js"], cwd=folder, env=observed))
    before = os.times()
    for _ in range(5):
        subprocess.run([node, "-e", "0"], cwd=folder, env=observed, check=True)
    after = os.times()
    told["start (ms)"] = (after.children_user + after.children_system - before.children_user - before.children_system) * 200
    return {what: [figure] for what, figure in told.items()}


def _served(node: str, folder: Path, path: str, ways: dict[str, str]) -> dict[str, Figures]:
    """What requests cost, for each way."""
    given = [{"name": way, "options": options, "recording": str(_recording(folder, way))} for way, options in ways.items()]
    found: dict[str, Figures] = json.loads(subprocess.check_output([node, "driver.js", "server.js", path, json.dumps(given)], cwd=folder, env=_bare()))
    return found


def _cell(what: str, figures: list[float], off: list[float]) -> str:
    """The figure and its ratio: of all turns where they stand beside each other, otherwise of the least of the rounds."""
    if what.endswith(TURNS):
        return f"{statistics.median(figures):12.1f} {statistics.median(one / bare for one, bare in zip(figures, off, strict=True)):6.2f}x"
    return f"{min(figures):12.1f} {min(figures) / min(off):6.2f}x"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--node", default=shutil.which("node"))
    parser.add_argument("--modules", type=Path, default=ROOT / "tests" / "node" / "node_modules")
    parser.add_argument("--requests", action="store_true", help="measure requests alone")
    parser.add_argument("--with", dest="others", action="append", default=[], help="NAME=NODE_OPTIONS of something else to measure beside it")
    parser.add_argument("--opentelemetry", action="store_true", help="measure OpenTelemetry's automatic instrumentation beside it")
    given = parser.parse_args()
    ways = {"off": "", "on": f'--require "{AGENT}"', **dict(other.split("=", 1) for other in given.others)}
    measured: dict[str, Figures] = {way: {} for way in ways}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.opentelemetry:
            ways["opentelemetry"] = telemetry.for_node(folder / "telemetry")
            measured["opentelemetry"] = {}
        for file, code in {"emits.js": EMITS, "server.js": SERVER, "driver.js": DRIVER}.items():
            (folder / file).write_text(code)
        (folder / "node_modules").symlink_to(given.modules.resolve())
        for _ in range(given.rounds):
            figures = {} if given.requests else {way: _alone(given.node, folder, way, options) for way, options in ways.items()}
            for found in (figures, *(_served(given.node, folder, path, ways) for path in ("/", "/async", "/bus"))):
                for way, told in found.items():
                    for what, more in told.items():
                        measured[way].setdefault(what, []).extend(more)
            sys.stderr.write(".")
            sys.stderr.flush()
    sys.stderr.write("\n")
    print(f"{'':28}" + "".join(f"{way:>20}" for way in ways))
    for what, off in measured["off"].items():
        print(f"{what:28}" + "".join(_cell(what, measured[way][what], off) for way in ways))


if __name__ == "__main__":
    main()
