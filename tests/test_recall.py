"""Whatever happens to the files between two runs, what is kept of the first never changes what the second says."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcheck import collect, pipeline
from callcheck.model.evidence import Evidence, Location
from callcheck.model.facts.deployment import StickySessions
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.recall import Memory
from callcheck.report import json_v1
from callcheck.sources import kept, noted

BUS = """import { EventEmitter } from "node:events";
export const bus = new EventEmitter();
"""
SERVER = """import express from "express";
import { Jobs } from "jobs";
import { bus } from "./bus";

const app = express();
const jobs = new Jobs();

jobs.on("dones", () => {});
app.get("/jobs/:id/progress", (req, res) => {
  bus.on("job.progress", (step) => res.write(step));
});
app.post("/jobs/:id/steps", (req, res) => {
  bus.emit("job.progress", req.body.step);
  res.sendStatus(204);
});
"""
WORKER = "from celery import Celery\napp = Celery()\n\n@app.task\ndef send(x):\n    return x\n\nsend(1)\n"
DECLARED = """export declare class Jobs {
  on(event: "done", callback: () => void): this;
  on(event: "failed", callback: () => void): this;
}
"""
FILES = {
    "src/server.ts": SERVER,
    "src/bus.ts": BUS,
    "worker/tasks.py": WORKER,
    "package.json": '{"name": "shop", "dependencies": {"jobs": "^4.0.0", "express": "^5.0.0"}}\n',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"node_modules/jobs": {"version": "4.16.5"}}}\n',
    "node_modules/jobs/package.json": '{"name": "jobs", "version": "4.16.5"}\n',
    "node_modules/jobs/index.d.ts": DECLARED,
    "deploy/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 4\n",
    "notes.txt": "nothing\n",
}
CONTENTS = (
    *FILES.values(), "", "web: node src/server.js\nworker: celery -A tasks worker\n", SERVER.replace("progress", "progresz"), SERVER.replace("bus.emit", "buz.emit"),
    DECLARED.replace("done", "dona"), "// callcheck: ignore[late-registration] so be it\n" + SERVER, "FROM node:22\nCMD [\"node\", \"server.js\"]\n",
    '{"name": "jobs", "version": "3.0.0"}\n', "src/\n", "*.ts\n!bus.ts\n", "2026-01-01T00:00:00 ERROR boom\n" * 5,
)  # fmt: skip
FEW = 95
"""So many of more than two hundred and fifty probes may look at a deployment."""
OF_LOGS = 40
"""So many may look at logs, and links at what these say."""
PATHS = (*FILES, "Procfile", "Dockerfile", "compose.yaml", "nginx.conf", ".env", "src/new.ts", "node_modules/express/package.json", ".venv/pyvenv.cfg", "app.log", "tests/a.py", "logo.png", "src/.server.ts.swp", "README.md", "nohup.out", "data", ".gitignore", "src/.gitignore", "env/prod.yaml", "env/pyvenv.cfg", "vendor/web.yaml", "vendor/late.ts", "dist/web.js")


class App:
    """A project on disk, and what is said of it."""

    def __init__(self, place: Path) -> None:
        self.place = place / "app"
        self.looks = 0
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        (self.place / name).parent.mkdir(parents=True, exist_ok=True)
        (self.place / name).write_text(text)

    def said(self, *names: str, **options: tuple[str, ...]) -> str:
        """The report; `looks` is then how many probes had to look for it."""
        target = Target(self.place, names, (self.place,), logs=tuple(self.place / name for name in names))
        self.looks = 0
        done = pipeline.diagnose(target, collect.Options(on_progress=self._count, **options))
        return json_v1.render(done.report, done.eyes.lines)

    def _count(self, *_: object) -> None:
        self.looks += 1

    def said_anew(self, *names: str) -> str:
        """The report of a run that takes nothing from another one, and keeps nothing."""
        with patch.object(Memory, "past", lambda _: None), patch.object(Memory, "keep", lambda *_: None):
            return self.said(*names)


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the rules and no run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("learnt")))
        patched.delenv("CALLCHECK_NO_CACHE", raising=False)
        App(tmp_path_factory.mktemp("app")).said_anew()
        return Path(os.environ["XDG_CACHE_HOME"])


@pytest.fixture
def cache(learnt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, in which small projects are kept too."""
    shutil.copytree(learnt, tmp_path / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CALLCHECK_NO_CACHE", raising=False)
    monkeypatch.setattr(noted, "ENOUGH_BYTES", 0)
    return tmp_path / "cache" / "callcheck"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Ten seconds pass: what was written before is no longer young."""

    def pass_() -> None:
        time.sleep(0.02)  # Longer than a tick of the disk's clock, which cannot be set.
        monkeypatch.setattr(noted, "now_ns", lambda: time.time_ns() + 10_000_000_000)

    return pass_


@pytest.fixture
def app(tmp_path: Path, cache: Path, later: Callable[[], None]) -> App:
    """A project that was diagnosed once, when all of it was old."""
    made = App(tmp_path)
    later()
    assert made.said() == made.said_anew()
    assert made.looks > 50
    return made


def test_nothing_is_looked_at_again_where_nothing_changed(app: App) -> None:
    before = app.said_anew()
    assert all(cause in before for cause in ("cross-process-delivery", "event-name-mismatch", "listener-leak"))
    assert (app.said(), app.looks) == (before, 0)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte of a source file": lambda at: (at / "src/server.ts").write_text(SERVER.replace("job.progress", "job.progresz", 1)),
    "a byte of a manifest": lambda at: (at / "deploy/web.yaml").write_text(FILES["deploy/web.yaml"].replace("4", "1")),
    "a byte of a lock file": lambda at: (at / "package-lock.json").write_text(FILES["package-lock.json"].replace("4.16.5", "3.16.5")),
    "a byte of an installed package's types": lambda at: (at / "node_modules/jobs/index.d.ts").write_text(DECLARED.replace("done", "dona")),
    "a file that comes": lambda at: (at / "Procfile").write_text("web: node src/server.js\n"),
    "an installed package that comes": lambda at: shutil.copytree(at / "node_modules/jobs", at / "node_modules/express"),
    "an environment that comes": lambda at: ((at / ".venv").mkdir(), (at / ".venv/pyvenv.cfg").write_text("")),
    "a file that goes": lambda at: (at / "deploy/web.yaml").unlink(),
    "a file that moves": lambda at: (at / "src/server.ts").rename(at / "src/main.ts"),
    "a folder that goes": lambda at: shutil.rmtree(at / "deploy"),
    "a link that comes": lambda at: (at / "src/other.ts").symlink_to("server.ts"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen(app: App, what: str) -> None:
    CHANGES[what](app.place)
    assert (app.said(), app.looks > 0) == (app.said_anew(), True)


@pytest.mark.parametrize("how", ["less of it", "the same of it", "more of it", "none of it"])
def test_a_change_of_a_deployment_leaves_the_code_alone(app: App, how: str) -> None:
    text = FILES["deploy/web.yaml"]
    app.write("deploy/web.yaml", {"less of it": text.replace("4", "1"), "the same of it": f"# {how}\n{text}", "more of it": f"{text}---\n{text.replace('web', 'other')}", "none of it": text.replace('Deployment', 'Service')}[how])
    assert (app.said(), 0 < app.looks < FEW) == (app.said_anew(), True)
    assert (app.said(), app.looks) == (app.said_anew(), 0)


def test_a_deployment_that_reads_another_file_rests_on_that_too(app: App) -> None:
    app.write(".env", "A=1\n")
    app.write("compose.yaml", "services:\n  web:\n    image: app\n    command: node src/server.ts\n")
    assert app.said() == app.said_anew()
    app.write("compose.yaml", "services:\n  web:\n    image: app\n    command: node src/server.ts\n    env_file: .env\n    deploy: {replicas: $A}\n")
    assert (app.said(), 0 < app.looks < FEW) == (app.said_anew(), True)
    app.write(".env", "A=7\n")
    assert (app.said(), 0 < app.looks < FEW) == (app.said_anew(), True)
    app.write("compose.yaml", "services:\n  web:\n    image: app\n    command: node src/bus.ts\n")
    assert app.said() == app.said_anew()


def test_a_change_that_leaves_size_and_times_alone_is_seen(app: App) -> None:
    file = app.place / "src/server.ts"
    then = file.stat()
    file.write_text(SERVER.replace("job.progress", "job.progresz", 1))
    os.utime(file, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert (app.said(), app.looks > 50) == (app.said_anew(), True)


@pytest.mark.parametrize("name", ["src/server.ts", "package.json", "deploy/web.yaml", "notes.txt"])
def test_touching_or_rewriting_a_file_costs_no_new_look(app: App, name: str, later: Callable[[], None]) -> None:
    before = app.said_anew()
    os.utime(app.place / name, (1, 1))
    assert (app.said(), app.looks) == (before, 0)
    text = (app.place / name).read_text()
    (app.place / name).unlink()
    (app.place / name).write_text(text)
    assert (app.said(), app.looks) == (before, 0)


def test_a_young_file_is_compared_by_its_content(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = App(tmp_path)
    now = time.time_ns()
    monkeypatch.setattr(noted, "now_ns", lambda: now)  # However long the machine takes.
    shutil.rmtree(app.place / "node_modules")  # What is young beside the target's own files keeps the run from being kept.
    unmoved = noted.stamp(str(app.place / "src/server.ts"))
    first = app.said()
    assert (app.said(), app.looks) == (first, 0)
    app.write("src/server.ts", SERVER.replace('"job.progress", (step)', '"job.progresz", (step)'))
    real = os.stat

    class Unmoved:
        """The file's status of then, as on a disk whose clock ticks once in two seconds."""

        st_mode = real(app.place / "src/server.ts").st_mode
        st_mtime_ns, st_ctime_ns, st_size, st_ino = unmoved or (0, 0, 0, 0)

    monkeypatch.setattr(os, "stat", lambda path, **options: Unmoved if str(path).endswith("server.ts") else real(path, **options))
    assert app.said() == app.said_anew() != first


@pytest.mark.parametrize("name", ["src/server.ts", "node_modules/jobs/index.d.ts"])
def test_a_time_to_come_keeps_no_run_from_being_kept(tmp_path: Path, cache: Path, later: Callable[[], None], name: str) -> None:
    app = App(tmp_path)
    os.utime(app.place / name, (4e9, 4e9))
    later()
    expected = app.said_anew()
    app.said()
    assert (app.said(), app.looks) == (expected, 0)


def test_a_file_that_nobody_read_may_change(app: App) -> None:
    before = app.said()
    (app.place / "notes.txt").write_text("NOTHING\n")
    assert app.said() == before == app.said_anew()


def test_a_file_for_which_nobody_asks_may_come_and_go(app: App) -> None:
    before = app.said()
    for name in ("logo.png", "src/.server.ts.swp", "deploy/web.yaml~", "README.md", "db.sqlite3"):
        app.write(name, "x")
        assert (app.said(), app.looks) == (before, 0), name
    app.write("db.sqlite3", "2026-01-01T00:00:00 ERROR a\n" * 5)
    (app.place / "notes.txt").unlink()
    assert (app.said(), app.looks) == (app.said_anew(), 0)
    app.write("out", "")
    assert (app.said(), app.looks) == (before, 0)
    app.write("out", "2026-01-01T00:00:00 ERROR ECONNREFUSED 10.0.0.1:6379\n" * 5)
    assert (app.said(), app.looks > 0) == (app.said_anew(), True)
    (app.place / "README.md").unlink()
    (app.place / "out").unlink()
    assert app.said() == app.said_anew() == before


@pytest.mark.parametrize("name", ["src/more.ts", "Procfile", "deploy/b.yml", "nginx.conf", "src/package.json", "deploy/setup.py", ".nvmrc", "src/app.log"])
def test_a_file_for_which_somebody_asks_is_seen_at_once(app: App, name: str) -> None:
    app.write(name, "2026-01-01T00:00:00 ERROR a\n")
    assert (app.said(), app.looks > 0) == (app.said_anew(), True)
    (app.place / name).unlink()
    assert (app.said(), app.looks) == (app.said_anew(), 0)


@pytest.mark.parametrize("name", ["__pycache__/a.cpython-311.pyc", "src/__pycache__/b.pyc", ".pytest_cache/x", "coverage/index.html"])
def test_caches_that_come_and_go_are_no_change(app: App, name: str) -> None:
    before = app.said()
    app.write(name, "")
    assert (app.said(), app.looks) == (before, 0)
    shutil.rmtree((app.place / name).parent)
    assert (app.said(), app.looks) == (before, 0)


PATTERNS: dict[str, Callable[[Path], object]] = {
    "a pattern that comes": lambda at: (at / ".gitignore").write_text("bus.ts\n"),
    "a pattern below that comes": lambda at: (at / "src/.gitignore").write_text("bus.ts\n"),
    "a pattern of the same length": lambda at: (at / "worker/.gitignore").write_text("tasks.py\n"),
    "a pattern that goes": lambda at: (at / "worker/.gitignore").unlink(),
    "an environment that folder turns into": lambda at: (at / "deploy/pyvenv.cfg").write_text(""),
    "code that folder of configuration gets": lambda at: (at / "vendor/main.go").write_text(""),
    "code that goes from a folder": lambda at: (at / "bundle/index.js").unlink(),
}


@pytest.mark.parametrize("what", PATTERNS)
def test_a_change_of_what_is_left_out_is_seen(tmp_path: Path, cache: Path, later: Callable[[], None], what: str) -> None:
    app = App(tmp_path)
    for name, text in (("worker/.gitignore", "tasks.pz\n"), ("vendor/a.yaml", FILES["deploy/web.yaml"]), ("bundle/b.yaml", "a: 1\n"), ("bundle/index.js", BUS)):
        app.write(name, text)
    later()
    assert (app.said(), app.looks > 50, app.said(), app.looks) == (app.said_anew(), True, app.said_anew(), 0)
    PATTERNS[what](app.place)
    assert (app.said(), app.looks > 0) == (app.said_anew(), True)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_what_git_knows_counts_and_no_other_change_of_its_index(tmp_path: Path, cache: Path, later: Callable[[], None]) -> None:
    app = App(tmp_path)
    app.write(".gitignore", "bus.ts\nnode_modules/\n")

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@localhost", *words], cwd=app.place, check=True, capture_output=True)
        later()

    git("init", "-q")
    git("add", ".gitignore")
    ignored = app.said()
    for words in (("add", "src/server.ts"), ("commit", "-q", "-m", "x"), ("status",), ("rm", "-q", "--cached", "src/server.ts")):
        git(*words)
        assert (app.said(), app.looks) == (ignored, 0), words
    git("add", "-f", "src/bus.ts")
    assert (app.said(), app.looks > 50) == (app.said_anew(), True)
    assert app.said() != ignored
    git("rm", "-q", "--cached", "src/bus.ts")
    assert app.said() == ignored == app.said_anew()
    app.write(".git/info/exclude", "server.ts\n")
    assert (app.said(), app.looks > 50) == (app.said_anew(), True)


def test_logs_are_read_each_time_and_the_rest_is_not(app: App) -> None:
    app.write("app.log", "2026-01-01T00:00:00 INFO start\n")
    app.write("Procfile", "web: node src/server.ts\nother: node src/other.ts\n")
    app.write("src/other.ts", 'import { bus } from "./bus";\nbus.emit("job.done", 1);\n')
    app.write("src/server.ts", "// callcheck: ignore[event-name-mismatch] so be it\n" + SERVER + 'bus.on("job.done", () => {});\n')
    (app.place / "deploy/web.yaml").unlink()
    assert "in the processes of web and emitted in those of other" in app.said()
    for text in ("2026-01-01T00:00:00 ERROR Traceback: boom\n", "2026-01-01T00:00:01 ERROR ECONNREFUSED 10.0.0.1:6379\n"):
        with (app.place / "app.log").open("a") as log:
            log.write(text)
        assert (app.said(), 0 < app.looks < OF_LOGS) == (app.said_anew(), True)


def test_a_log_that_is_named_is_read_beside_what_is_kept(app: App) -> None:
    (app.place.parent / "x.log").write_text("2026-01-01T00:00:01 ERROR ECONNREFUSED 10.0.0.1:6379\n")
    assert app.said() != app.said_anew("../x.log")
    assert (app.said("../x.log"), 0 < app.looks < OF_LOGS) == (app.said_anew("../x.log"), True)
    app.write("src/bus.ts", BUS + "\n")
    assert (app.said("../x.log"), app.looks > 50) == (app.said_anew("../x.log"), True)
    assert (app.said(), 0 < app.looks < OF_LOGS) == (app.said_anew(), True)
    assert (app.said(), app.looks) == (app.said_anew(), 0)


def test_a_link_that_led_nowhere_is_followed_once_it_does(app: App, later: Callable[[], None]) -> None:
    (app.place / "vendor").mkdir()
    (app.place / "src/late.ts").symlink_to("../vendor/late.ts")
    later()
    assert (app.said(), app.looks > 50) == (app.said_anew(), True)
    app.write("vendor/late.ts", SERVER.replace("job.progress", "late.progress"))
    assert (app.said(), app.looks > 50) == (app.said_anew(), True)


def test_what_is_undone_costs_no_new_look(app: App, cache: Path) -> None:
    said = {}
    for text in (SERVER, SERVER + "\n", SERVER.replace("job.progress", "progress", 1)):
        app.write("src/server.ts", text)
        said[text] = app.said()
    for text, before in said.items():
        app.write("src/server.ts", text)
        assert (app.said(), app.looks) == (before, 0)
    for number in range(6):
        app.write("src/server.ts", SERVER + "\n" * (number + 2))
        app.said()
    assert len(runs(cache)) == 4
    assert (app.said(), app.looks) == (app.said_anew(), 0)


def test_of_several_runs_the_one_of_the_same_files_is_used(app: App) -> None:
    manifest = FILES["deploy/web.yaml"]
    for text in (manifest.replace("4", "1"), manifest):
        app.write("deploy/web.yaml", text)
        app.said()
    assert (app.said(), app.looks) == (app.said_anew(), 0)


def test_other_options_are_another_run(app: App) -> None:
    one = app.said(probes=("kubernetes",))
    assert app.looks == 1
    assert (app.said(probes=("kubernetes",)), app.looks) == (one, 0)
    app.said()
    assert app.looks == 0


def runs(cache: Path) -> list[Path]:
    return sorted(cache.glob("run-*"))


@pytest.mark.parametrize("content", [b"", b"\x80", b"no pickle", b"\x80\x05N."])
def test_what_cannot_be_read_is_made_anew(app: App, cache: Path, content: bytes) -> None:
    (held,) = runs(cache)
    whole = held.read_bytes()
    for spoilt in (content, whole[: len(whole) // 2], whole.replace(b"src/server.ts", b"src/\x00erver.ts", 1)):
        for other in runs(cache):
            other.unlink()
        held.write_bytes(spoilt)
        assert (app.said(), app.looks > 50) == (app.said_anew(), True)
    assert app.said() == app.said_anew()


def test_a_run_of_another_version_is_not_used(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "__version__", "0.0.0")
    app.said()
    assert app.looks > 50


def test_somebody_elses_run_is_not_used(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    app.said()
    assert app.looks > 50


def test_runs_are_for_their_user_alone(app: App, cache: Path) -> None:
    (held,) = runs(cache)
    assert (cache.stat().st_mode & 0o777, held.stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, cache: Path) -> None:
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_text("a file where the folder would be")
    app = App(tmp_path)
    assert app.said() == app.said() == app.said_anew()


def test_two_runs_at_a_time_do_each_other_no_harm(app: App) -> None:
    found: list[str] = []
    app.write("src/bus.ts", BUS + "\n")
    expected = app.said_anew()
    threads = [threading.Thread(target=lambda: found.append(app.said())) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [expected, expected]
    assert app.said() == expected


def test_the_runs_longest_unused_are_thrown_away(app: App, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcheck.recall.MOST_RUNS", 2)
    (first,) = runs(cache)
    os.utime(first, (5, 5))
    app.said()
    for name in ("kubernetes", "compose"):
        os.utime(first, (time.time() + 5,) * 2)
        app.said(probes=(name,))
    assert len(runs(cache)) == 2
    assert first in runs(cache)


def test_a_secret_is_not_kept(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, later: Callable[[], None]) -> None:
    app = App(tmp_path)
    later()
    secret = Evidence(StickySessions("redis://me:hunter22@db", "web"), Basis.DECLARED, "well", Location("nginx.conf", 3))
    real = collect._ask
    monkeypatch.setattr(collect, "_ask", lambda probe, *rest: ((secret,), real(probe, *rest)[1]))
    app.said()
    assert not runs(cache)


def test_a_bug_is_shown_in_each_run(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, later: Callable[[], None]) -> None:
    app = App(tmp_path)
    later()
    monkeypatch.setattr("callcheck.probes.kubernetes.PROBE.look", lambda *_: 1 / 0)
    app.said()
    assert not runs(cache)


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(PATHS), st.sampled_from(CONTENTS)),
        st.tuples(st.just("remove"), st.sampled_from(PATHS), st.just("")),
        st.tuples(st.just("touch"), st.sampled_from(PATHS), st.just("")),
        st.tuples(st.just("rename"), st.sampled_from(PATHS), st.sampled_from(PATHS)),
        st.tuples(st.just("link"), st.sampled_from(PATHS), st.sampled_from(PATHS)),
    ),
    min_size=1,
    max_size=3,
)


def edit(app: App, how: str, name: str, other: str) -> None:
    file = app.place / name
    if how == "write":
        if file.is_symlink():
            file.unlink()
        app.write(name, other)
    elif file.exists() and how == "touch":
        os.utime(file)
    elif file.is_symlink() or file.exists():
        if how == "remove":
            file.unlink()
        elif how == "rename":
            (app.place / other).parent.mkdir(parents=True, exist_ok=True)
            file.replace(app.place / other)
    elif how == "link":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(app.place / other)


@settings(max_examples=int(os.environ.get("RECALL_EXAMPLES", "12")), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(EDITS, min_size=1, max_size=3), old=st.booleans())
def test_no_edit_makes_a_difference_to_what_is_said(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, steps: list[list[tuple[str, str, str]]], old: bool) -> None:
    shutil.rmtree(tmp_path / "app", ignore_errors=True)
    app = App(tmp_path)
    for edits in [[], *steps]:
        for each in edits:
            edit(app, *each)
        time.sleep(0.02 if old else 0)
        monkeypatch.setattr(noted, "now_ns", lambda: time.time_ns() + (10_000_000_000 if old else 0))
        assert app.said() == app.said_anew()


def test_a_recording_beside_a_tree_that_was_read_before_is_read(cache: Path, tmp_path: Path, later: Callable[[], None]) -> None:
    from callcheck.cli import targets
    from tests.probes.test_recorded_deliveries import story

    app, recording = tmp_path / "app", tmp_path / "recording"
    app.mkdir()
    recording.mkdir()
    (app / "server.js").write_text("\n" * 6 + "bus.once(name, answer);\n" + "\n" * 5 + "bus.emit(name, result);\n")
    story(recording)
    later()

    def causes(*words: str) -> list[str]:
        return [each.rule.cause for each in pipeline.diagnose(targets.read(words, app)).report.diagnoses]

    assert causes(".") == []
    assert causes(".", str(recording))[:1] == ["cross-process-delivery"]
    assert causes(".") == []
