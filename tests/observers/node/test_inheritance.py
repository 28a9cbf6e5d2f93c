"""Which processes and threads of an app are reached, and in which module systems."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.observers.node.observed import AGENT, NODE, Run, environ, needs_node, observe

pytestmark = needs_node

EMIT = "new (require('events'))().emit(EVENT);"


def _heard_of(run: Run) -> dict[str, set[tuple[object, object]]]:
    """Each event with the processes and threads that emitted it, taken from the ids."""
    found: dict[str, set[tuple[object, object]]] = {}
    for fact in run.of("event.emitted"):
        pid, thread, _ = str(fact["messaging.message.id"]).split(".")
        found.setdefault(str(fact["messaging.destination.name"]), set()).add((pid, thread))
    return found


def test_forked_spawned_and_executed_children_each_write_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "child.js").write_text(EMIT.replace("EVENT", "process.argv[2]"))
    code = """
const { fork, spawn, execFile } = require('child_process');
fork(__dirname + '/child.js', ['forked']);
spawn(process.execPath, [__dirname + '/child.js', 'spawned'], { shell: false });
execFile(process.execPath, [__dirname + '/child.js', 'executed']);
new (require('events'))().emit('parent');
"""
    run = observe(tmp_path, code)
    found = _heard_of(run)
    assert set(found) == {"parent", "forked", "spawned", "executed"}
    assert len(set.union(*found.values())) == 4
    (parent,) = {fact["process.pid"] for fact in run.of("process.started") if str(fact["process.pid"]) == next(iter(found["parent"]))[0]}
    assert sum(fact["process.parent_pid"] == parent for fact in run.of("process.started")) == 3


def test_a_child_under_the_permission_model_comes_up_as_without_the_agent(tmp_path: Path) -> None:
    known = subprocess.run([str(NODE), "--help"], capture_output=True, text=True, check=False).stdout
    flag = next((flag for flag in ("--permission", "--experimental-permission") if f" {flag}" in known), "")
    if not flag:
        pytest.skip("this Node has no permission model")
    code = f"""
const {{ spawn, fork }} = require('child_process');
const show = (name) => (child) => {{ let text = ''; child.stdout.on('data', (data) => {{ text += data; }}); child.on('exit', (code) => console.log(name, code, text)); }};
const kept = {{ env: {{ ...process.env, NODE_OPTIONS: `${{process.env.NODE_OPTIONS || ''}} --no-warnings` }} }};
show('spawn')(spawn(process.execPath, ['{flag}', '-p', '1 + 1'], kept));
setTimeout(() => show('plain')(spawn(process.execPath, ['-p', '2 + 2'], kept)), 700);
"""
    bare, seen = observe(tmp_path, code, observed=False), observe(tmp_path, code)
    assert (seen.status, seen.stdout) == (bare.status, bare.stdout) == (0, "spawn 0 2\n\nplain 0 4\n\n")
    assert len(seen.of("process.started")) == 2


def test_cluster_workers_say_which_they_are(tmp_path: Path) -> None:
    code = """
const cluster = require('cluster');
const bus = new (require('events'))();
if (cluster.isPrimary) { cluster.fork(); cluster.fork(); let n = 0; cluster.on('online', () => { n += 1; if (n === 2) bus.emit('up'); }); }
else { bus.emit('worker'); setTimeout(() => process.exit(0), 50); }
"""
    run = observe(tmp_path, code)
    assert len(_heard_of(run)["worker"]) == 2
    assert {fact.get("cluster.worker.id") for fact in run.of("process.started", "process.identified")} - {None} == {"1", "2"}
    assert [fact["cluster.primary"] for fact in run.of("process.identified") if "cluster.primary" in fact] == [True]


def test_worker_threads_write_files_of_their_own(tmp_path: Path) -> None:
    code = """
const { Worker, isMainThread } = require('worker_threads');
const bus = new (require('events'))();
if (isMainThread) { new Worker(__filename); bus.emit('main'); } else { bus.emit('thread'); }
"""
    run = observe(tmp_path, code)
    ((pid, thread),) = _heard_of(run)["thread"]
    assert _heard_of(run)["main"] == {(pid, "0")}
    assert thread != "0"
    assert len(list((tmp_path / "recording").glob(f"{pid}-*.jsonl"))) == 2


def test_ecmascript_modules_are_seen_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "bus.mjs").write_text("import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\n")
    run = observe(tmp_path, "import { bus } from './bus.mjs';\n\nbus.on('done', () => {});\nbus.emit('done');\n", name="app.mjs")
    (added,), (seen,) = run.of("listener.added"), run.of("emitter.seen")
    assert (added["code.file.path"], added["code.line.number"]) == (str(tmp_path / "app.mjs"), 3)
    assert (seen["code.file.path"], seen["code.line.number"]) == (str(tmp_path / "bus.mjs"), 2)
    assert len(run.of("handler.returned")) == 1


def test_paths_with_blanks_and_brackets_are_places_too(tmp_path: Path) -> None:
    folder = tmp_path / "my app (copy) ü"
    for name in ("app.cjs", "app.mjs"):
        code = "import { EventEmitter } from 'events';\n" if name == "app.mjs" else "const { EventEmitter } = require('events');\n"
        run = observe(folder / name[-3:], code + "function go() { new EventEmitter().emit('x'); }\ngo(); new EventEmitter().emit('x');\n", name=name)
        assert {fact["code.file.path"] for fact in run.of("event.emitted")} == {str(folder / name[-3:] / name)}


def test_places_are_of_the_typescript_where_node_is_told_of_source_maps(tmp_path: Path) -> None:
    # Two lines of JavaScript that stand for lines 11 and 12 of app.ts.
    source_map = '{"version":3,"sources":["app.ts"],"names":[],"mappings":"AAUA;AACA"}'
    (tmp_path / "app.js.map").write_text(source_map)
    (tmp_path / "app.ts").write_text("\n" * 20)
    code = "const b = new (require('events'))();\nb.emit('x');\n//# sourceMappingURL=app.js.map\n"
    mapped = observe(tmp_path, code, "--enable-source-maps").of("event.emitted")[0]
    assert (str(mapped["code.file.path"]).rsplit("/", 1)[-1], mapped["code.line.number"]) == ("app.ts", 12)


def test_without_a_recording_the_agent_does_nothing(tmp_path: Path) -> None:
    code = "console.log(require('events').prototype.emit.toString().includes('ofCore'), Object.keys(require.cache).length);\n"
    bare = observe(tmp_path / "bare", code, f"--require={AGENT}", observed=False)
    assert bare.stdout.startswith("false")


@pytest.mark.parametrize("kind", ["missing", "a file", "unwritable"])
def test_a_folder_that_cannot_be_written_leaves_the_app_alone(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "recording"
    if kind == "a file":
        folder.write_text("")
    app = "const b = new (require('events'))(); b.on('x', () => console.log('ran')); b.emit('x');"
    (tmp_path / "app.js").write_text(app)
    given = {"missing": folder, "a file": folder, "unwritable": Path("/proc/1")}[kind]
    assert NODE
    ended = subprocess.run([NODE, "app.js"], cwd=tmp_path, env=environ(given), capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ran\n", "")
