"""`callcheck observe` around apps that behave as apps do: they end, fork away, ignore signals, flood, or are no Node.js at all."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from callcheck.cli import observe
from callcheck.cli.app import main
from callcheck.model.errors import UsageError
from callcheck.sources.observe import environment
from tests.agent_lines import Agent, Clock
from tests.tools import apps

ROOT = Path(__file__).resolve().parents[2]
NODE = shutil.which("node") or ""
needs_node = pytest.mark.skipif(not NODE, reason="node is not installed")
SPLIT = """\
const { EventEmitter } = require("node:events");
const make = () => new EventEmitter();
for (let job = 0; job < 6; job++) {
  make().on("done", (r) => console.log(r));
  make().emit("done", { job });
}
"""


def run(*words: str, cwd: Path, env: dict[str, str] | None = None, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT), **(env or {})}
    return subprocess.run([sys.executable, "-m", "callcheck", "observe", *words], cwd=cwd, env=own, capture_output=True, text=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL)


@needs_node
def test_a_command_that_ends_by_itself_is_diagnosed(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text(SPLIT)
    done = run("--no-source", "--format", "json", "--", "node", "app.js", cwd=tmp_path)
    first = json.loads(done.stdout)["diagnoses"][0]
    assert (first["cause"], first["confidence"] > 0.95) == ("wrong-instance", True)
    assert {(item["file"], item["line"]) for item in first["evidence"]} == {("app.js", 4), ("app.js", 5)}
    assert done.returncode == 1


@needs_node
def test_the_recording_can_be_kept_and_read_again(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text(SPLIT)
    kept = tmp_path / "run"
    one = run("--record", str(kept), "--format", "json", "--no-source", "--", "node", "app.js", cwd=tmp_path)
    two = run("--read", str(kept), "--format", "json", "--no-source", cwd=tmp_path)
    assert json.loads(one.stdout)["diagnoses"] == json.loads(two.stdout)["diagnoses"]
    assert {path.stat().st_mode & 0o077 for path in kept.glob("*.jsonl")} == {0}
    assert json.loads((kept / "recording.json").read_text())["command"] == ["node", "app.js"]


@needs_node
def test_nothing_in_the_project_is_changed(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "app.js").write_text(SPLIT)
    app.chmod(0o555)
    try:
        assert run("--", "node", "app.js", cwd=app).returncode == 1
        assert os.listdir(app) == ["app.js"]
    finally:
        app.chmod(0o755)


def test_a_command_that_does_not_exist_is_said(tmp_path: Path) -> None:
    done = run("--", "no-such-command-of-mine", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no-such-command-of-mine: no such command" in done.stderr


@pytest.mark.parametrize(("command", "hint"), [("node app.js", "callcheck observe -- node app.js"), ("./app.js", "name what runs it, too")])
def test_a_command_that_cannot_be_started_is_said_with_what_to_write(tmp_path: Path, command: str, hint: str) -> None:
    (tmp_path / "app.js").write_text("")
    done = run("--", command, cwd=tmp_path)
    assert (done.returncode, hint in done.stderr) == (2, True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root may run a program as another user, with setpriv")
def test_a_program_that_another_user_runs_is_said(tmp_path: Path) -> None:
    command = ["setpriv", "--reuid=65534", "--clear-groups", "/usr/bin/env", "sh", "-c", f"exec {NODE or 'node'} -e 'setTimeout(() => {{}}, 1000)'"]
    if not NODE or subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", NODE, "-e", "0"], capture_output=True, check=False).returncode:
        pytest.skip("another user may not run node here")
    assert "another user runs it" in run("--no-source", "--", *command, cwd=tmp_path).stderr


def test_a_program_that_no_agent_can_be_in_is_said(tmp_path: Path) -> None:
    done = run("--no-source", "--", "sleep", "0.1", cwd=tmp_path)
    assert "no process of the app wrote anything down" in done.stderr
    assert done.returncode in (0, 3)


@pytest.mark.parametrize("language", [pytest.param("node", marks=needs_node), "python"])
def test_where_nothing_more_can_be_written_the_app_goes_on_and_it_is_said(tmp_path: Path, language: str) -> None:
    if language == "node":
        code = "const { EventEmitter } = require('events'); for (let i = 0; i < 600; i++) { const b = new EventEmitter(); b.on('done', () => {}); b.emit('done'); } console.log('as ever'); process.exitCode = 3;"
    else:
        pytest.importorskip("pyee")
        code = "from pyee.base import EventEmitter\nfor i in range(600):\n    b = EventEmitter(); b.on('done', print); b.emit('done')\nprint('as ever'); raise SystemExit(3)\n"
    (tmp_path / "app").write_text(code)
    program = "node" if language == "node" else sys.executable
    # A limit on the size of files stands for a full disk, which only root can make.
    words = ["-m", "callcheck", "observe", "--no-source", "--record", "run", "--", program, "app"]
    done = subprocess.run(["sh", "-c", 'ulimit -f 100; exec "$@"', "sh", sys.executable, *words], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert "is not whole: the disk is full, or files may not grow further" in done.stderr
    assert "as ever" in done.stderr
    assert json.loads((tmp_path / "run" / "recording.json").read_text())["status"] == 3
    assert "cut off in a line" in done.stdout.replace("\n", " ").replace("    ", "")


def test_a_python_that_keeps_the_agent_out_is_said_and_runs_as_ever(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import time; time.sleep(1.5); print('as ever')")
    done = run("--no-source", "--", sys.executable, "-I", "app.py", cwd=tmp_path)
    assert "python -I takes no agent by PYTHONPATH" in done.stderr
    assert "as ever" in done.stderr


@needs_node
def test_a_node_whose_options_are_set_anew_is_said(tmp_path: Path) -> None:
    (tmp_path / "start.sh").write_text('NODE_OPTIONS=--no-warnings exec node -e "setTimeout(() => {}, 1500)"')
    assert "its NODE_OPTIONS may have been set anew" in run("--no-source", "--", "sh", "start.sh", cwd=tmp_path).stderr


def _permission() -> str:
    """The flag that turns Node's permission model on."""
    known = subprocess.run([NODE, "--help"], capture_output=True, text=True, check=False).stdout if NODE else ""
    return next((flag for flag in ("--permission", "--experimental-permission") if flag in known), "")


@needs_node
def test_under_node_s_permission_model_the_agent_is_let_in_or_left_out(tmp_path: Path) -> None:
    if not (flag := _permission()):
        pytest.skip("this Node has no permission model")
    app = tmp_path / "app.js"
    app.write_text(SPLIT + "console.log('may write:', process.permission.has('fs.write'));")
    words = [flag, f"--allow-fs-read={app}", "app.js"]
    (tmp_path / "package.json").write_text(json.dumps({"scripts": {"start": f"node {' '.join(words)}"}}))
    for command, env in ((["node", *words], {}), (["node", "app.js"], {"NODE_OPTIONS": " ".join(words[:2])})):
        done = run("--no-source", "--format", "json", "--", *command, cwd=tmp_path, env=env)
        assert [each["cause"] for each in json.loads(done.stdout)["diagnoses"]][:1] == ["wrong-instance"], done.stderr
        assert "may write: false" in done.stderr
    out = run("--no-source", "--", "npm", "start", cwd=tmp_path)
    assert "package.json starts Node.js with --permission" in out.stderr
    assert "may write: false" in out.stderr


@needs_node
def test_a_flood_of_output_goes_through_and_not_into_the_report(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text("const line = 'x'.repeat(1000) + '\\n'; for (let i = 0; i < 20000; i++) require('fs').writeSync(1, line);" + SPLIT)
    done = run("--format", "json", "--", "node", "app.js", cwd=tmp_path)
    assert json.loads(done.stdout)["schema"] == "callcheck/1"
    assert len(done.stderr) > 20_000_000


@needs_node
def test_what_forks_away_is_followed_and_ended(tmp_path: Path) -> None:
    (tmp_path / "daemon.js").write_text("setInterval(() => {}, 1000); require('fs').writeFileSync('pid', String(process.pid));")
    (tmp_path / "start.js").write_text("require('child_process').spawn(process.execPath, ['daemon.js'], { detached: true, stdio: 'ignore' }).unref();")
    began = time.monotonic()
    run("--for", "3s", "--", "node", "start.js", cwd=tmp_path)
    assert time.monotonic() - began > 2.5
    assert not _runs(int((tmp_path / "pid").read_text()))


def _runs(pid: int) -> bool:
    """A process that ended and that nobody asked for its status is there, but runs no more."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@needs_node
def test_what_ignores_sigterm_is_killed_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.js").write_text("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);")
    done = run("--for", "1s", "--", "node", "app.js", cwd=tmp_path)
    assert "1 processes did not end within 10 s and were killed" in done.stderr


@needs_node
def test_ctrl_c_reaches_the_app_as_it_would_without_us(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text("process.on('SIGINT', () => { require('fs').writeFileSync('asked', ''); process.exit(0); }); setInterval(() => {}, 1000); console.log('up');")
    log = tmp_path / "log"
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "callcheck", "observe", "--", "node", "app.js"], cwd=tmp_path, env=env, stdout=out, stderr=out)
        apps.wait_until(lambda: b"up" in log.read_bytes(), "the app")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 3)
    assert (tmp_path / "asked").exists()


@needs_node
def test_an_app_that_ends_before_it_is_ready_is_said(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text("process.exit(7)")
    done = run("--ready", f"http://127.0.0.1:{apps.free_port()}/", "--", "node", "app.js", cwd=tmp_path)
    assert "the app ended with status 7 before it was ready" in done.stderr


def test_a_folder_that_is_not_empty_is_not_recorded_into(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    done = run("--record", str(tmp_path), "--", "true", cwd=tmp_path)
    assert (done.returncode, "is not empty" in done.stderr) == (2, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    done = run("--record", str(tmp_path / "run"), "--", "true", cwd=tmp_path)
    tmp_path.chmod(0o755)
    assert (done.returncode, "cannot write into" in done.stderr) == (2, True)


def test_a_record_folder_below_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("--record", str(tmp_path / "file" / "run"), "--", "true", cwd=tmp_path)
    assert (done.returncode, "cannot write into" in done.stderr) == (2, True)


def test_a_folder_without_recording_cannot_be_read(tmp_path: Path) -> None:
    done = run("--read", str(tmp_path), cwd=tmp_path)
    assert (done.returncode, "holds no recording" in done.stderr) == (2, True)


def test_a_file_without_spans_cannot_be_read_and_one_with_spans_is_for_diagnose_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.jsonl").write_text('{"a": 1}\n')
    done = run("--read", "notes.jsonl", cwd=tmp_path)
    assert (done.returncode, "holds no recording" in done.stderr) == (2, True)
    shutil.copy(ROOT / "fixtures" / "captures" / "autogen-core-0.7-otlp" / "spans.jsonl", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["diagnose", "spans.jsonl", "--format", "json"]) == 1
    assert {"missing-subscription", "runtime-not-started"} <= {each["cause"] for each in json.loads(capsys.readouterr().out)["diagnoses"]}


def test_a_recording_stands_beside_other_targets_of_diagnose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    recording = tmp_path / "run"
    recording.mkdir()
    agent = Agent(recording, 41, Clock())
    bus = agent.emitter()
    for number in range(5):
        agent.emit("done", bus, 0, number)
    agent.listen("done", bus)
    (tmp_path / "app.js").write_text("1;\n")
    monkeypatch.chdir(tmp_path)
    assert main(["diagnose", ".", "run", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["diagnoses"][0]["cause"] == "late-registration"
    assert main(["diagnose", ".", "--format", "json"]) == 0
    left = json.loads(capsys.readouterr().out)["left_out"]
    assert [each["names"] for each in left if "recordings" in each["why"]] == [["run/"]]


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60.0), ("5m", 300.0), ("1h30m", 5400.0)])
def test_times_are_read(text: str, seconds: float) -> None:
    assert observe.duration(text) == seconds


@pytest.mark.parametrize("text", ["0s", "5", "soon", "-1s", ""])
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(UsageError):
        observe.duration(text)


@pytest.mark.parametrize("kind", environment.KINDS)
def test_the_lines_to_add_name_every_variable(kind: str) -> None:
    told = environment.lines(kind)
    assert all(name in told for name in ("CALLCHECK_RECORDING", "NODE_OPTIONS", "BUN_OPTIONS", "PYTHONPATH"))


@needs_node
def test_the_lines_for_docker_lead_to_the_agents(tmp_path: Path) -> None:
    told = environment.lines("docker").splitlines()
    subprocess.run(["sh", "-c", told[1].removeprefix("#")], cwd=tmp_path, check=True)
    run_ = tmp_path / "callcheck-run"
    given = [line.strip()[len("-e '") : -len("' \\")] for line in told if line.strip().startswith("-e ")]
    env = dict(each.replace("/callcheck", str(run_), 1).split("=", 1) for each in given)
    for command in ([NODE, "-e", "1"], [sys.executable, "-c", "1"]):
        subprocess.run(command, env={"PATH": os.environ["PATH"], **env}, cwd=tmp_path, check=True)
    agents = [json.loads(path.read_text().splitlines()[0])["agent"] for path in run_.glob("*.jsonl")]
    assert sorted(agents) == ["node", "python"]


def test_the_lines_for_kubernetes_copy_to_where_the_variables_point() -> None:
    told = environment.lines("kubernetes")
    assert "POD:/callcheck/observers -c callcheck-agents" in told
    assert '--require "/callcheck/observers/node/agent.cjs"' in told


def test_what_is_set_already_stays() -> None:
    made = environment.variables("/run", "/a b/agents", {"NODE_OPTIONS": "--enable-source-maps", "BUN_OPTIONS": "--smol", "PYTHONPATH": "/mine"})
    assert made["BUN_OPTIONS"] == '--smol "--preload=/a b/agents/node/agent.cjs"'
    assert made["NODE_OPTIONS"] == '--enable-source-maps --require "/a b/agents/node/agent.cjs"'
    assert made["PYTHONPATH"] == os.pathsep.join(["/a b/agents/python", "/mine"])
